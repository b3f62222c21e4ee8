MATCH (s:Step) WHERE s.subject IN $ns AND s.n <= $last
RETURN [s.n, s.id, s.subject, s.step, s.date, s.props, s.source, s.known, s.change, s.beaten, s.hash] AS r
