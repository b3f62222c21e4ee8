UNWIND $rows AS r
MATCH (s:Source {n: r.n})
SET s = r.p
