MATCH (p:Parasol {id: 'store'})
RETURN [p.layout, p.change, p.entities, p.claims, p.steps, p.sources, p.batch, p.writer, p.digest] AS r
