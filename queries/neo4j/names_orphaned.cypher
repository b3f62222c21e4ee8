MATCH (m:Name) WHERE NOT EXISTS { MATCH (:Entity)-[:NAMED]->(m) }
WITH m LIMIT $some
DELETE m
RETURN count(*) AS r
