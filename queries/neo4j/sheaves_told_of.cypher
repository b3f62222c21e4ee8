MATCH (s:Sheaf) WHERE s.of IN $ns AND s.change <= $now AND s.told IS NOT NULL
RETURN [s.of, s.change, s.part, null, s.told] AS r
