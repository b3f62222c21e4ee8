UNWIND $rows AS r
CREATE (s:Source) SET s = r.p
