// Who says that a tie is there: the claims behind a relationship, and their sources.
MATCH (:Entity {id: $a})-[t]->(:Entity {id: $b})
MATCH (c:Claim {tie: t.tie})
OPTIONAL MATCH (c)-[:SAID_BY]->(s:Source)
RETURN type(t), c.row, c.status, c.known, c.note, CASE WHEN s.protected THEN '(protected)' ELSE s.title END AS source
ORDER BY c.row
