UNWIND $rows AS r
MATCH (e:Entity {n: r.p.of})
CREATE (f:Fact)-[:ABOUT_ENTITY]->(e) SET f = r.p
WITH f, r WHERE r.p.source IS NOT NULL
MATCH (s:Source {n: r.p.source})
CREATE (f)-[:SAID_BY]->(s)
