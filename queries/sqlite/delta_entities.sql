SELECT e.n, e.id, e.kind, f.props, f.source, f.change
FROM fact f JOIN entity e ON e.n = f.entity
WHERE f.entity IN (
  SELECT DISTINCT entity FROM fact
  WHERE (change > ?1 OR source IN (SELECT value FROM json_each(?4))) AND entity > ?2 ORDER BY entity LIMIT ?3)
ORDER BY f.entity, f.known, f.change, f.n
