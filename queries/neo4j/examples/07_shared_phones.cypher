// Phones, addresses, vehicles and accounts that several people hold.
MATCH (p:Person)-[:HOLDER]->(thing:Entity)
WITH thing, collect(DISTINCT p.name) AS people WHERE size(people) > 1
RETURN thing.kind, coalesce(thing.label, thing.id) AS thing, people ORDER BY size(people) DESC LIMIT 100
