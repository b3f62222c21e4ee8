// Everything around one person, with what each tie is.
MATCH (p:Person {name: $name})-[t]-(other:Entity)
RETURN p.name, type(t), t.role, t.start, coalesce(other.name, other.title, other.label) AS other, other.kind
ORDER BY type(t), other LIMIT 200
