MATCH (s:Step) WHERE s.id = $id AND s.n <= $last
RETURN DISTINCT s.subject AS r
