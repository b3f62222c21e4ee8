SELECT e.n, e.id, e.kind, f.props, f.source
FROM fact f JOIN entity e ON e.n = f.entity
WHERE f.entity IN (SELECT entity FROM fact WHERE change = ?1) ORDER BY f.entity, f.known, f.change, f.n
