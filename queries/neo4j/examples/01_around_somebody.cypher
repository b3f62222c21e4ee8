// Everything around one person, with what each tie is; like all examples without what an import that is under way brings.
MATCH (store:Parasol {id: 'store'})
MATCH (p:Person {name: $name})-[t]-(other:Entity) WHERE t.change <= store.change
RETURN p.name, type(t), t.role, t.start, coalesce(other.name, other.title, other.label) AS other, other.kind
ORDER BY type(t), other LIMIT 200
