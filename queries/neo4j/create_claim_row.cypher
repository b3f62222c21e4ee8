CREATE INDEX parasol_claim_row IF NOT EXISTS FOR (x:Claim) ON (x.`row`)
