CREATE INDEX parasol_claim_touched IF NOT EXISTS FOR (x:Claim) ON (x.`touched`)
