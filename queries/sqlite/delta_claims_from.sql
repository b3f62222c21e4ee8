SELECT c.n, c.tie, c.type, c.layer, c."from", c."to", c.start, c.source, c.known, c.change, c.beaten, c.status,
  c.credibility, c.other, c.role, c.row, c.end, c.count, c.amount, c.currency, c.share, c.decision, c.note, c.props, c.hash, far.id, far.kind
FROM claim c JOIN entity far ON far.n = c."to"
WHERE c."from" IN (SELECT value FROM json_each(?1)) AND c."to" <> c."from" AND c.n > ?2
