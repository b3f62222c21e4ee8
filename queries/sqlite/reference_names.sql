SELECT e.id, e.kind FROM name n JOIN entity e ON e.n = n.entity WHERE n.key = ?1 ORDER BY e.id
