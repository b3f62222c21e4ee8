CREATE INDEX parasol_fact_change IF NOT EXISTS FOR (x:Fact) ON (x.`change`)
