// Kin of officials who own or direct a company.
MATCH (store:Parasol {id: 'store'})
MATCH (o:Person)-[post:POST]->(agency:Entity) WHERE post.change <= store.change
MATCH (o)-[f:FAMILY]-(kin:Person)-[t:OWNERSHIP|DIRECTORSHIP]->(company:Company)
WHERE f.change <= store.change AND t.change <= store.change
RETURN DISTINCT o.name AS official, agency.name AS agency, f.role, kin.name AS kin, type(t), company.name AS company
ORDER BY official, kin LIMIT 200
