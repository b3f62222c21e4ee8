CREATE INDEX claim_to ON claim ("to", type, "from", layer, tie, source, known, beaten)
