UNWIND $rows AS r
MATCH (e:Entity {n: r[2]})
CREATE (s:Step {n: r[0], id: r[1], subject: r[2], step: r[3], date: r[4], props: r[5], source: r[6], known: r[7],
  change: r[8], beaten: r[9], hash: r[10]})-[:STEP_OF]->(e)
