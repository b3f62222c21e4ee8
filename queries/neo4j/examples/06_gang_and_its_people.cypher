// A gang, its people, and the officials within two steps of them.
MATCH (store:Parasol {id: 'store'})
MATCH (g:Gang {id: $gang})<-[member:MEMBER]-(m:Person) WHERE member.change <= store.change
OPTIONAL MATCH (m)-[a]-(x:Entity)-[b]-(o:Person)-[post:POST]->(:Entity)
WHERE NOT x:Agency AND o <> m AND a.change <= store.change AND b.change <= store.change AND post.change <= store.change
RETURN m.name AS member, collect(DISTINCT o.name)[..10] AS officials
ORDER BY member
