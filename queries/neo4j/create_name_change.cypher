CREATE INDEX parasol_name_change IF NOT EXISTS FOR (x:Name) ON (x.`change`)
