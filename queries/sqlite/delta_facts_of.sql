SELECT f.entity, f.n, f."table", f.props, f.source, f.known, f.change
FROM fact f
WHERE f.entity IN (SELECT value FROM json_each(?1)) AND f.change > ?2 ORDER BY f.entity, f.n
