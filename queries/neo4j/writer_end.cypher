MATCH (p:Parasol {id: 'store'})
SET p.asked = $me
WITH p WHERE p.writer = $me
REMOVE p.writer, p.lease, p.asked
RETURN 1 AS r
