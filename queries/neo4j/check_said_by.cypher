MATCH (x) WHERE (x:Fact OR x:Claim OR x:Step) AND x.source IS NOT NULL
  AND NOT EXISTS { MATCH (x)-[:SAID_BY]->(s:Source) WHERE s.n = x.source } RETURN [count(x)] AS r
