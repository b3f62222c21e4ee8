MATCH (f:Fact) WHERE f.of IN $ns AND f.change <= $now
RETURN [f.of, f.place, f.table, f.props, f.source, f.known, f.change, f.hash] AS r
