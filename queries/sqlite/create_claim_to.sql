CREATE INDEX claim_to ON claim ("to")
