CREATE INDEX parasol_sheaf_of IF NOT EXISTS FOR (x:Sheaf) ON (x.`of`)
