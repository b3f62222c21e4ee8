SELECT c.n, c.tie, c.type, c.layer, c."from", c."to", c.start, c.source, c.known, c.change, c.beaten, c.status,
  c.credibility, c.other, c.role, c.row, c.end, c.count, c.amount, c.currency, c.share, c.decision, c.note, c.props, c.hash, shown.claims
FROM (
  SELECT min(n) AS first, count(*) AS claims FROM claim
  WHERE "from" >= ?1 AND "from" < ?2 AND beaten IS NULL
    AND (source IS NULL OR source NOT IN (SELECT value FROM json_each(?3)))
  GROUP BY tie
) shown JOIN claim c ON c.n = shown.first
