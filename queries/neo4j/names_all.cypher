MATCH (e:Entity)-[t:NAMED]->(m:Name) WHERE t.change <= $now RETURN [m.key, e.n, m.reading] AS r
