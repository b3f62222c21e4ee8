MATCH (e:Entity) WHERE e.n >= $from AND e.n < $to AND e.n <= $last
RETURN [e.n, e.id, e.kind] AS r
