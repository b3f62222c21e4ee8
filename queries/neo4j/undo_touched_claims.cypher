MATCH (c:Claim) WHERE c.touched > $now AND c.n <= $last
RETURN [c.n, c.beaten] AS r LIMIT $some
