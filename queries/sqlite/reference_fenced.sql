WITH last AS (SELECT n, protected, handling, max(word) FROM source GROUP BY n),
  kept AS (SELECT n, protected, handling FROM last WHERE protected OR handling = CAST(?1 AS INTEGER))
SELECT DISTINCT named.id, named.title, kept.protected, kept.handling = CAST(?1 AS INTEGER)
FROM kept JOIN (SELECT n, id, title FROM source WHERE id IS NOT NULL UNION ALL SELECT n, id, title FROM vault) named ON named.n = kept.n
