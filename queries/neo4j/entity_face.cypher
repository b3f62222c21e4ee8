UNWIND $rows AS r
MATCH (e:Entity {n: r.n})
SET e += r.p
