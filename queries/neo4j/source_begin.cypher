UNWIND $rows AS r
MERGE (s:Source {n: r.n})
ON CREATE SET s.change = r.change
