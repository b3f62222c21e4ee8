SELECT DISTINCT e.id FROM name n JOIN entity e ON e.n = n.entity
WHERE instr(n.key, ?1) > 0 OR instr(n.reading, ?2) > 0
