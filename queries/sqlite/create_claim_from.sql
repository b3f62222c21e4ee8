CREATE INDEX claim_from ON claim ("from", "to", type, layer, tie, start, source, known, beaten)
