CREATE INDEX parasol_step_touched IF NOT EXISTS FOR (x:Step) ON (x.`touched`)
