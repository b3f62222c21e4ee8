MATCH (e:Entity) WHERE e.n IN $ns AND e.n <= $last
RETURN [e.n, e.id, e.kind] AS r
