MATCH (f:Fact) WHERE f.of IN $ns AND f.table = $table AND f.change <= $now
RETURN [f.of, f.source, f.known] AS r
