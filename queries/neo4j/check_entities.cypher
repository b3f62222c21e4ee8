MATCH (e:Entity) WHERE e.n >= $from AND e.n < $to
RETURN e.n AS n, properties(e) AS p, [l IN labels(e) WHERE l <> 'Entity'] AS of
