// A gang, its people, and the officials within two steps of them.
MATCH (g:Gang {id: $gang})<-[:MEMBER]-(m:Person)
OPTIONAL MATCH (m)-[a]-(x:Entity)-[b]-(o:Person)-[:POST]->(:Entity)
WHERE NOT x:Agency AND o <> m
RETURN m.name AS member, collect(DISTINCT o.name)[..10] AS officials
ORDER BY member
