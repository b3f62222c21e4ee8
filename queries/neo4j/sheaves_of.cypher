MATCH (s:Sheaf) WHERE s.of IN $ns AND s.change <= $now
RETURN [s.of, s.change, s.part, s.ties, s.told] AS r
