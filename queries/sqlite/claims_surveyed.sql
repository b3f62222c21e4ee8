SELECT "from", "to", type, layer, tie, start, source, known, beaten, n
FROM claim INDEXED BY claim_from ORDER BY "from", type, "to", layer, tie
