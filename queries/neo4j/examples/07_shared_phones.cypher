// Phones, addresses, vehicles and accounts that several people hold.
MATCH (store:Parasol {id: 'store'})
MATCH (p:Person)-[t:HOLDER]->(thing:Entity) WHERE t.change <= store.change
WITH thing, collect(DISTINCT p.name) AS people WHERE size(people) > 1
RETURN thing.kind, coalesce(thing.label, thing.id) AS thing, people ORDER BY size(people) DESC LIMIT 100
