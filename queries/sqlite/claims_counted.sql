SELECT tie, type, "from", "to", layer, source, known, beaten
FROM claim INDEXED BY claim_from ORDER BY "from", type, "to", layer, tie
