SELECT c.n, c.tie, c.type, c.layer, c."from", c."to", c.start, c.source, c.known, c.change, c.beaten, c.status,
  c.credibility, c.other, c.role, c.row, c.end, c.count, c.amount, c.currency, c.share, c.decision, c.note, c.props, c.hash, f.id, t.id
FROM claim c JOIN entity f ON f.n = c."from" JOIN entity t ON t.n = c."to"
WHERE c.n > ?1 ORDER BY c.n LIMIT ?2
