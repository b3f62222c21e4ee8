UNWIND $rows AS r
MATCH (a:Entity {n: r.from})-[t:TYPE]->(b:Entity {n: r.to})
WHERE t.tie = r.tie AND NOT EXISTS { MATCH (c:Claim {tie: r.tie}) WHERE c.beaten IS NULL
  AND (c.source IS NULL OR NOT c.source IN $sealed) }
DELETE t
