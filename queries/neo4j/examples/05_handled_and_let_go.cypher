// Who handled cases that ended softly, and how often.
MATCH (store:Parasol {id: 'store'})
MATCH (o:Person)-[t:HANDLED]->(c:Case)
WHERE t.decision IN ['downgraded', 'dropped', 'not_prosecuted', 'bail', 'suspended_sentence', 'commuted'] AND t.change <= store.change
RETURN o.name AS official, t.decision AS decision, count(*) AS cases, collect(c.id)[..5] AS some
ORDER BY cases DESC LIMIT 50
