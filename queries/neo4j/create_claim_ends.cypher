CREATE INDEX parasol_claim_ends IF NOT EXISTS FOR (x:Claim) ON (x.`from`, x.`to`)
