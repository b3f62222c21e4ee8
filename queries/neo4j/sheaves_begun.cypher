MATCH (s:Sheaf) WHERE s.of IN $ns AND s.change <= $now
RETURN [s.of, s.change, s.part, CASE WHEN s.part < $parts THEN s.ties END, null] AS r
