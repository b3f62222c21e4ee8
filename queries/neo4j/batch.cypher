MATCH (p:Parasol {id: 'store'})
SET p.asked = $me
WITH p WHERE p.writer = $me AND p.batch = $before
SET p.batch = $after, p.lease = timestamp() + $lease
RETURN p.batch AS r
