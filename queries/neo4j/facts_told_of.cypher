MATCH (f:Fact) WHERE f.of IN $ns AND f.source IN $sources AND f.change <= $now
RETURN DISTINCT f.of AS r
