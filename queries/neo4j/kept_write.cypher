UNWIND $rows AS r
CREATE (k:Kept) SET k = r.p
