MATCH (p:Parasol {id: 'store'})
SET p.asked = $me
WITH p WHERE p.writer = $me
SET p.lease = timestamp() + $lease
RETURN p.writer AS r
