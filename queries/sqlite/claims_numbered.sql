SELECT n, tie, type, layer, "from", "to", start, source, known, change, beaten, status, credibility,
  other, role, row, end, count, amount, currency, share, decision, note, props, hash
FROM claim WHERE n IN (SELECT value FROM json_each(?1))
