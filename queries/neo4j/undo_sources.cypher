MATCH (x:Source) WHERE x.n > $last
WITH x LIMIT $some
DETACH DELETE x
RETURN count(*) AS r
