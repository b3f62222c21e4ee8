MATCH (c:Claim) WHERE c.`to` IN $ns AND c.type IN $types AND c.n <= $last
RETURN [c.`to`, c.`from`, c.type, c.layer, c.tie, c.source, c.known, c.beaten, c.n, null] AS r
