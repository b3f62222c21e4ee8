CREATE INDEX parasol_step_subject IF NOT EXISTS FOR (x:Step) ON (x.`subject`)
