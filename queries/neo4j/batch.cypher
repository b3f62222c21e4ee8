MATCH (p:Parasol {id: 'store'}) WHERE p.writer = $me AND p.batch = $before
SET p.batch = $after, p.lease = timestamp() + $lease
RETURN p.batch AS r
