CREATE INDEX parasol_claim_from IF NOT EXISTS FOR (x:Claim) ON (x.`from`)
