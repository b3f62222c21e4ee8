// Kin of officials who own or direct a company.
MATCH (o:Person)-[:POST]->(agency:Entity)
MATCH (o)-[f:FAMILY]-(kin:Person)-[t:OWNERSHIP|DIRECTORSHIP]->(company:Company)
RETURN DISTINCT o.name AS official, agency.name AS agency, f.role, kin.name AS kin, type(t), company.name AS company
ORDER BY official, kin LIMIT 200
