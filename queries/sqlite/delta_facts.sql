SELECT f.entity, f.n, f."table", f.props, f.source, f.known, e.id, e.kind
FROM fact f JOIN entity e ON e.n = f.entity
WHERE f.change = ?1 ORDER BY f.entity, f.n
