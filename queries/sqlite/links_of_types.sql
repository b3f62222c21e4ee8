SELECT "from", "to", type, layer, tie, source, known, beaten, 1, start, n
FROM claim INDEXED BY claim_from
WHERE "from" IN (SELECT value FROM json_each(?1)) AND type IN (SELECT value FROM json_each(?2)) AND "to" <> "from"
UNION ALL
SELECT "to", "from", type, layer, tie, source, known, beaten, 0, NULL, n
FROM claim INDEXED BY claim_to
WHERE "to" IN (SELECT value FROM json_each(?1)) AND type IN (SELECT value FROM json_each(?2)) AND "to" <> "from"
