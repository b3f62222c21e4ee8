UNWIND $ns AS n
MATCH (c:Claim) WHERE c.`from` = n AND c.`to` = n AND c.n <= $last
RETURN [c.n, c.tie, c.type, c.`from`, c.`to`, c.start, c.source, c.known, c.change, c.beaten, c.status, c.credibility,
  c.other, c.role, c.row, c.`end`, c.count, c.amount, c.currency, c.share, c.decision, c.note, c.props, c.layer, c.hash] AS r
