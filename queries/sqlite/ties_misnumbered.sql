SELECT count(*) FROM claim c LEFT JOIN claim t ON t.n = c.tie
WHERE (c.type, c."from", c."to", c.role, c.start, c.other) IS NOT (t.type, t."from", t."to", t.role, t.start, t.other)
