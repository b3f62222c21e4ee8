SELECT "from", count(*) FROM claim GROUP BY "from"
