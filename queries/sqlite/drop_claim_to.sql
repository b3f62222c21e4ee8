DROP INDEX claim_to
