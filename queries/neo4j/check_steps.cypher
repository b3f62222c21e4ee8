MATCH (s:Step) WHERE NOT EXISTS { MATCH (s)-[:STEP_OF]->(:Entity) } RETURN [count(s)] AS r
