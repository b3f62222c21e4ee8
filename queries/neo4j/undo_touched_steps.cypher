MATCH (s:Step) WHERE s.touched > $now AND s.n <= $last
RETURN [s.n, s.beaten] AS r LIMIT $some
