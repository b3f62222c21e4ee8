UNWIND $rows AS r
CREATE (f:LABELFace) SET f = r.p, f.parasol_due = r.due
