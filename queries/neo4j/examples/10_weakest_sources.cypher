// What rests on one weak source alone.
MATCH (store:Parasol {id: 'store'})
MATCH (c:Claim)-[:SAID_BY]->(s:Source)
WHERE (c.beaten IS NULL OR c.beaten[0] > store.change) AND c.change <= store.change AND s.handling <> 'sealed'
WITH c.tie AS tie, collect(DISTINCT s) AS sources WHERE size(sources) = 1 AND sources[0].reliability IN ['D', 'E', 'F']
RETURN sources[0].channel AS channel, sources[0].reliability AS reliability, count(*) AS ties ORDER BY ties DESC
