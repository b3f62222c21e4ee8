UNWIND $rows AS r
CREATE (e:Entity:KIND) SET e = r.p
