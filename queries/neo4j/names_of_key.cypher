MATCH (e:Entity)-[t:NAMED]->(m:Name) WHERE m.key = $key AND t.change <= $now RETURN [m.key, e.n, m.reading] AS r
