CREATE INDEX parasol_sheaf_change IF NOT EXISTS FOR (x:Sheaf) ON (x.`change`)
