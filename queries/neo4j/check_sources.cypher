MATCH (s:Source) RETURN s.n AS n, properties(s) AS p, labels(s) AS of
