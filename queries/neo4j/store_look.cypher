MATCH (p:Parasol {id: 'store'})
SET p.asked = $me
WITH p OPTIONAL MATCH (h:Change {mark: $me})
WITH p, max(h.n) AS finished
RETURN [[p.layout, p.change, p.entities, p.claims, p.steps, p.sources, p.batch, p.writer, p.digest], finished] AS r
