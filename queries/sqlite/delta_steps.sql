SELECT s.n, s.id, s.subject, e.id, s.step, s.date, s.props, s.source, s.known, s.change, s.beaten, s.hash
FROM step s JOIN entity e ON e.n = s.subject
WHERE s.n > ?1 ORDER BY s.n LIMIT ?2
