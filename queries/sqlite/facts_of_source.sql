SELECT f.entity, f.n, e.id, e.kind, f."table", f.props, f.known, f.change
FROM fact f JOIN entity e ON e.n = f.entity
WHERE f.source = ?1
