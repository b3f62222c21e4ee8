MATCH (f:LABELFace) WHERE f.parasol_due > $now
WITH f LIMIT $some
DELETE f
RETURN count(*) AS r
