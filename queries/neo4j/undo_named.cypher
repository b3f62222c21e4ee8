MATCH (x:Name) WHERE x.change > $now
WITH x LIMIT $some
DETACH DELETE x
RETURN count(*) AS r
