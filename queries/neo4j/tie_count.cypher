UNWIND $rows AS r
MATCH (c:Claim {tie: r.tie})
WHERE c.beaten IS NULL AND (c.source IS NULL OR NOT c.source IN $sealed)
WITH r, count(c) AS claims, min(c.n) AS first
MATCH (c:Claim {n: first})
MATCH (a:Entity {n: r.from})
MATCH (b:Entity {n: r.to})
MERGE (a)-[t:TYPE {tie: r.tie}]->(b)
SET t.role = c.role, t.start = c.start, t.`end` = c.`end`, t.amount = c.amount, t.currency = c.currency,
  t.share = c.share, t.times = c.count, t.decision = c.decision, t.status = c.status, t.layer = c.layer, t.claims = claims,
  t.change = c.change
