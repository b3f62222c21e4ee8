SELECT "from", "to", type, layer, tie, start, source, known, beaten, n
FROM claim INDEXED BY claim_from WHERE "from" >= ?1 AND "from" < ?2
ORDER BY "from", type, "to", layer, tie
