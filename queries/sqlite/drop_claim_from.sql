DROP INDEX claim_from
