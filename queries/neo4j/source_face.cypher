UNWIND $rows AS r
MATCH (s:Source {n: r.p.n})
SET s = r.p
