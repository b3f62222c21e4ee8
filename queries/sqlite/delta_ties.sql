SELECT DISTINCT c.tie, c."from", c."to", c.type FROM claim c
WHERE (c.n > ?1 AND (c.tie <> c.n OR c.beaten IS NOT NULL))
  OR c.source IN (SELECT value FROM json_each(?2))
