MATCH (p:Parasol {id: 'store'})
SET p.asked = $me
WITH p WHERE p.writer IS NULL OR p.lease < timestamp()
SET p.writer = $me, p.lease = timestamp() + $lease
RETURN p.writer AS r
