CREATE INDEX parasol_fact_gang IF NOT EXISTS FOR (x:Fact) ON (x.`gang`)
