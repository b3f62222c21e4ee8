MATCH (s:Sheaf) WHERE s.of >= $from AND s.of < $to AND s.change <= $now
RETURN [s.of, s.change, s.part, s.ties, s.told] AS r
