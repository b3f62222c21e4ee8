CREATE INDEX claim_from ON claim ("from", "to", type)
