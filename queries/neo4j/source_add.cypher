UNWIND $rows AS r
CREATE (w:SourceWord) SET w = r.p
