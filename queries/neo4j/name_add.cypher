UNWIND $rows AS r
MERGE (m:Name {key: r.key})
ON CREATE SET m.reading = r.reading
WITH m, r
MATCH (e:Entity {n: r.n})
MERGE (e)-[t:NAMED]->(m)
ON CREATE SET t.change = r.change
