UNWIND $rows AS r
MATCH (e:Entity {n: r.p.n})
SET e = r.p
