// The shortest ways between two, over any tie but duty.
MATCH (store:Parasol {id: 'store'})
MATCH (a:Entity {id: $a}), (b:Entity {id: $b})
MATCH way = allShortestPaths((a)-[*..5]-(b))
WHERE all(t IN relationships(way) WHERE t.layer <> 'duty' AND t.change <= store.change) AND all(x IN nodes(way) WHERE x:Entity)
RETURN [x IN nodes(way) | coalesce(x.name, x.id)] AS nodes, [t IN relationships(way) | type(t)] AS ties LIMIT 25
