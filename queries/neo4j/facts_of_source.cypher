MATCH (s:Source {n: $source})<-[:SAID_BY]-(f:Fact) WHERE f.change <= $now
RETURN [f.of, f.place, f.table, f.props, f.source, f.known, f.change, f.hash] AS r
