SELECT e.n, e.id, e.kind, f."table", f.props, f.source, f.known, f.change, f.hash
FROM entity e CROSS JOIN fact f ON f.entity = e.n
ORDER BY e.n
