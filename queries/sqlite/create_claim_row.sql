CREATE INDEX claim_row ON claim (row)
