CREATE INDEX claim_from ON claim ("from", type, "to", layer, tie, start, source, known, beaten)
