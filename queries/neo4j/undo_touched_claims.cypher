MATCH (c:Claim) WHERE c.touched > $now AND c.n <= $last RETURN [c.n, c.beaten, c.tie, c.`from`, c.`to`, c.type] AS r
