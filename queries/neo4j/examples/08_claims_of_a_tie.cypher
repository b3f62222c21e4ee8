// Who says that a tie is there: the claims behind a relationship, and their sources; neither what is sealed nor what an
// import that is under way brings.
MATCH (store:Parasol {id: 'store'})
MATCH (:Entity {id: $a})-[t]->(:Entity {id: $b}) WHERE t.change <= store.change
MATCH (c:Claim {tie: t.tie}) WHERE c.change <= store.change AND (c.beaten IS NULL OR c.beaten[0] > store.change)
OPTIONAL MATCH (c)-[:SAID_BY]->(s:Source)
WITH t, c, s WHERE coalesce(s.handling, '') <> 'sealed'
RETURN type(t), c.row, c.status, c.known, c.note, CASE WHEN s.protected THEN '(protected)' ELSE s.title END AS source
ORDER BY c.row
