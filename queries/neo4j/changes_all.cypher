MATCH (h:Change) WHERE h.n <= $now RETURN [h.n, h.who, h.why, h.known] AS r ORDER BY h.n
