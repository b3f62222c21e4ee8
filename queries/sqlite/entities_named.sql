SELECT e.id FROM name n JOIN entity e ON e.n = n.entity WHERE n.key = ?1
