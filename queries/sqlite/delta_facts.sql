SELECT f.entity, f.n, f."table", f.props, f.source, f.known, e.id, e.kind, f.change
FROM fact f JOIN entity e ON e.n = f.entity
WHERE f.change > ?1 AND (f.entity, f.n) > (?2, ?3) ORDER BY f.entity, f.n LIMIT ?4
