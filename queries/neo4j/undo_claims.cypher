MATCH (c:Claim) WHERE c.n > $last
WITH c LIMIT $some
OPTIONAL MATCH (a:Entity {n: c.`from`})-[t]->(b:Entity {n: c.`to`}) WHERE t.tie = c.tie AND t.tie > $last
WITH c, collect(DISTINCT t) AS ties
FOREACH (t IN ties | DELETE t)
DETACH DELETE c
RETURN count(*) AS r
