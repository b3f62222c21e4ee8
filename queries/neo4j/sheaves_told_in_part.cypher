MATCH (s:Sheaf) WHERE s.of >= $from AND s.of < $to AND s.change <= $now AND s.told IS NOT NULL
RETURN [s.of, s.change, s.part, null, s.told] AS r
