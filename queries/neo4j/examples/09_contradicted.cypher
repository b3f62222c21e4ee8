// Ties that some claims confirm and others refute.
MATCH (store:Parasol {id: 'store'})
MATCH (c:Claim) WHERE (c.beaten IS NULL OR c.beaten[0] > store.change) AND c.status IN ['confirmed', 'refuted'] AND c.change <= store.change
OPTIONAL MATCH (c)-[:SAID_BY]->(s:Source)
WITH c, s WHERE coalesce(s.handling, '') <> 'sealed'
WITH c.tie AS tie, collect(DISTINCT c.status) AS said WHERE size(said) > 1
MATCH (first:Claim {n: tie})
MATCH (a:Entity {n: first.from})-[t]->(b:Entity {n: first.to}) WHERE t.tie = tie
RETURN coalesce(a.name, a.id) AS a, type(t), coalesce(b.name, b.id) AS b LIMIT 100
