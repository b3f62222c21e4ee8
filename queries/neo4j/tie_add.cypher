UNWIND $rows AS r
MATCH (a:Entity {n: r.from})
MATCH (b:Entity {n: r.to})
CREATE (a)-[t:TYPE]->(b) SET t = r.p
