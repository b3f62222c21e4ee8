SELECT s.n, s.id, s.subject, e.id, s.step, s.date, s.props, s.source, s.known, s.change, s.beaten, s.hash
FROM entity e CROSS JOIN step s ON s.subject = e.n
WHERE e.id IN (SELECT value FROM json_each(?1))
