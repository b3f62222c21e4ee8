SELECT n, tie, type, layer, "from", "to", start, source, known, change, beaten, status, credibility,
  other, role, row, end, count, amount, currency, share, decision, note, props, hash
FROM claim INDEXED BY claim_from
WHERE "from" IN (SELECT value FROM json_each(?1)) AND type IN (SELECT value FROM json_each(?2))
UNION ALL
SELECT n, tie, type, layer, "from", "to", start, source, known, change, beaten, status, credibility,
  other, role, row, end, count, amount, currency, share, decision, note, props, hash
FROM claim INDEXED BY claim_to
WHERE "to" IN (SELECT value FROM json_each(?1)) AND type IN (SELECT value FROM json_each(?2))
  AND "from" NOT IN (SELECT value FROM json_each(?1))
