MATCH (p:Parasol {id: 'store'}) WHERE p.writer = $me
REMOVE p.writer, p.lease, p.asked
RETURN 1 AS r
