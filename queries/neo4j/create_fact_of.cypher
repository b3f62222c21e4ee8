CREATE INDEX parasol_fact_of IF NOT EXISTS FOR (x:Fact) ON (x.`of`)
