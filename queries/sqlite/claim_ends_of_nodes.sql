SELECT tie, type, "from", "to", layer, source, known, beaten
FROM claim WHERE "from" IN (SELECT value FROM json_each(?1))
UNION ALL
SELECT tie, type, "from", "to", layer, source, known, beaten
FROM claim WHERE "to" IN (SELECT value FROM json_each(?1)) AND "from" NOT IN (SELECT value FROM json_each(?1))
