MATCH (c:Claim) WHERE c.n > $last AND c.tie <= $last RETURN [c.tie, c.`from`, c.`to`, c.type] AS r
