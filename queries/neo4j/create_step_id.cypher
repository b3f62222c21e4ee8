CREATE INDEX parasol_step_id IF NOT EXISTS FOR (x:Step) ON (x.`id`)
