CREATE INDEX parasol_claim_tie IF NOT EXISTS FOR (x:Claim) ON (x.`tie`)
