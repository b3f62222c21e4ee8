UNWIND $rows AS r
MATCH (e:Entity {n: r[0]})
CREATE (f:Fact {of: r[0], place: r[1], table: r[2], props: r[3], source: r[4], known: r[5], change: r[6], gang: r[7],
  key: r[8], hash: r[9]})-[:ABOUT_ENTITY]->(e)
