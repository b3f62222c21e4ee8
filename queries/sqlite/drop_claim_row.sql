DROP INDEX claim_row
