MATCH (f:Fact) WHERE f.gang = $gang AND f.change <= $now RETURN DISTINCT f.of AS r
