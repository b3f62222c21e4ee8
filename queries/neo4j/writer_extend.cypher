MATCH (p:Parasol {id: 'store'})
WHERE p.writer = $me
SET p.lease = timestamp() + $lease
RETURN p.writer AS r
