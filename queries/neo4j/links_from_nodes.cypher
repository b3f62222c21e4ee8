MATCH (c:Claim) WHERE c.`from` IN $ns AND c.`to` >= 0 AND c.n <= $last
RETURN [c.`from`, c.`to`, c.type, c.layer, c.tie, c.source, c.known, c.beaten, c.n, c.start] AS r
