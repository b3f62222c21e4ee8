UNWIND $rows AS r
CREATE (c:Claim) SET c = r.p
WITH c, r WHERE r.p.source IS NOT NULL
MATCH (s:Source {n: r.p.source})
CREATE (c)-[:SAID_BY]->(s)
