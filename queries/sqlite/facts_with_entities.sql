SELECT f.entity, f.n, e.id, e.kind, f."table", f.props, f.known, f.change, f.source, f.hash
FROM fact f LEFT JOIN entity e ON e.n = f.entity
ORDER BY f.entity, f.n
