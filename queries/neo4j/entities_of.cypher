MATCH (e:Entity) WHERE e.id IN $ids AND e.n <= $last
RETURN [e.n, e.id, e.kind] AS r
