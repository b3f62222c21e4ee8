CREATE INDEX claim_to ON claim ("to", "from", type, layer, tie, source, known, beaten)
