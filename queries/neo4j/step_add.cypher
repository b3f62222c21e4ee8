UNWIND $rows AS r
MATCH (e:Entity {n: r.p.subject})
CREATE (s:Step)-[:STEP_OF]->(e) SET s = r.p
WITH s, r WHERE r.p.source IS NOT NULL
MATCH (q:Source {n: r.p.source})
CREATE (s)-[:SAID_BY]->(q)
