UNWIND $rows AS r
MATCH (a:Entity {n: r[0]})
MATCH (b:Entity {n: r[1]})
CREATE (a)-[t:TYPE {tie: r[2], layer: r[3], role: r[4], start: r[5], `end`: r[6], amount: r[7], currency: r[8],
  share: r[9], times: r[10], decision: r[11], status: r[12], claims: 1, change: r[13]}]->(b)
