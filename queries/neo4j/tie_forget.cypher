MATCH (d:TieDue) WHERE d.due > $now
WITH d LIMIT $some
DELETE d
RETURN count(*) AS r
