UNWIND $rows AS r
CREATE (d:TieDue) SET d = r
