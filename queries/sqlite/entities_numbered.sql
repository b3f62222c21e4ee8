SELECT e.n, e.id, e.kind, f."table", f.props, f.source, f.known, f.change, f.hash
FROM entity e CROSS JOIN fact f ON f.entity = e.n
WHERE e.n IN (SELECT value FROM json_each(?1))
ORDER BY e.id
