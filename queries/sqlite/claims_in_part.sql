SELECT n, tie, type, layer, "from", "to", start, source, known, change, beaten, status, credibility,
  other, role, row, end, count, amount, currency, share, decision, note, props, hash
FROM claim WHERE n >= ?1 AND n < ?2 ORDER BY n
