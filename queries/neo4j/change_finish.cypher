MATCH (p:Parasol {id: 'store'})
SET p.asked = $me
WITH p WHERE p.writer = $me AND p.batch = $before AND p.change = $base
SET p.batch = $after, p.change = $change, p.digest = $digest, p.printed = $printed, p.entities = $entities, p.claims = $claims,
  p.steps = $steps, p.sources = $sources, p.lease = timestamp() + $lease
RETURN p.change AS r
