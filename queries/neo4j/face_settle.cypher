MATCH (f:LABELFace) WHERE f.parasol_due <= $now
WITH f LIMIT $some
MATCH (x:LABEL {n: f.n})
SET x = properties(f)
REMOVE x.parasol_due
DELETE f
RETURN count(*) AS r
