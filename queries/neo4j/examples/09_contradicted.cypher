// Ties that some claims confirm and others refute.
MATCH (c:Claim) WHERE c.beaten IS NULL AND c.status IN ['confirmed', 'refuted']
WITH c.tie AS tie, collect(DISTINCT c.status) AS said WHERE size(said) > 1
MATCH (a:Entity)-[t]->(b:Entity) WHERE t.tie = tie
RETURN coalesce(a.name, a.id) AS a, type(t), coalesce(b.name, b.id) AS b LIMIT 100
