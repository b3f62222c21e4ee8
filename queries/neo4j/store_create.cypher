MERGE (p:Parasol {id: 'store'})
ON CREATE SET p.layout = 2, p.change = 0, p.entities = 0, p.claims = 0, p.steps = 0, p.sources = 0, p.batch = 0, p.digest = $digest, p.printed = $printed
RETURN p.change AS r
