UNWIND $rows AS r
MATCH (a:Entity {n: r.from})-[t:TYPE]->(b:Entity {n: r.to})
WHERE t.tie = r.tie AND NOT EXISTS { MATCH (c:Claim {tie: r.tie}) WHERE c.beaten IS NULL
  AND NOT EXISTS { MATCH (c)-[:SAID_BY]->(:Source {handling: 'sealed'}) } }
DELETE t
