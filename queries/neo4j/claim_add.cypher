UNWIND $rows AS r
MATCH (s:Source {n: r[6]})
CREATE (c:Claim {n: r[0], tie: r[1], type: r[2], `from`: r[3], `to`: r[4], start: r[5], source: r[6], known: r[7],
  change: r[8], beaten: r[9], status: r[10], credibility: r[11], other: r[12], role: r[13], row: r[14], `end`: r[15],
  count: r[16], amount: r[17], currency: r[18], share: r[19], decision: r[20], note: r[21], props: r[22],
  layer: r[23], hash: r[24]})-[:SAID_BY]->(s)
