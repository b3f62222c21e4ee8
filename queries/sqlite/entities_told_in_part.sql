SELECT e.n, e.id, e.kind, f.props, f.source, f.change
FROM fact f JOIN entity e ON e.n = f.entity
WHERE f.entity >= ?1 AND f.entity < ?2
ORDER BY f.entity, f.known, f.change, f.n
