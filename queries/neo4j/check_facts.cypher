MATCH (f:Fact) WHERE NOT EXISTS { MATCH (f)-[:ABOUT_ENTITY]->(:Entity) } RETURN [count(f)] AS r
