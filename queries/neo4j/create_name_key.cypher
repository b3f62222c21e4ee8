CREATE INDEX parasol_name_key IF NOT EXISTS FOR (x:Name) ON (x.`key`)
