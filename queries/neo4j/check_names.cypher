MATCH (m:Name) WHERE NOT EXISTS { MATCH (:Entity)-[:NAMED]->(m) } RETURN [count(m)] AS r
