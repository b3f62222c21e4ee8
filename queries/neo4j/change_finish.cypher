MATCH (p:Parasol {id: 'store'}) WHERE p.writer = $me AND p.batch = $before
SET p.batch = 0, p.change = $change, p.digest = $digest, p.printed = $printed, p.entities = $entities, p.claims = $claims,
  p.steps = $steps, p.sources = $sources
RETURN p.change AS r
