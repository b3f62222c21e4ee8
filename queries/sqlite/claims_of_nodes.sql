SELECT n, tie, type, layer, "from", "to", start, source, known, change, beaten, status, credibility,
  other, role, row, end, count, amount, currency, share, decision, note, props, hash
FROM claim WHERE "from" IN (SELECT value FROM json_each(?1))
UNION ALL
SELECT n, tie, type, layer, "from", "to", start, source, known, change, beaten, status, credibility,
  other, role, row, end, count, amount, currency, share, decision, note, props, hash
FROM claim WHERE "to" IN (SELECT value FROM json_each(?1)) AND "from" NOT IN (SELECT value FROM json_each(?1))
