MATCH (a:Entity)-[t]->(b:Entity) WHERE a.n >= $from AND a.n < $to AND t.tie IS NOT NULL
RETURN t.tie AS n, properties(t) AS p, [type(t), toString(a.n), toString(b.n)] AS of
