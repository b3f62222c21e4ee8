CREATE INDEX parasol_claim_to IF NOT EXISTS FOR (x:Claim) ON (x.`to`)
