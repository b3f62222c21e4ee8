// Payments into the hands of an official or his kin, greatest first.
MATCH (store:Parasol {id: 'store'})
MATCH (o:Person)-[post:POST]->(:Entity) WHERE post.change <= store.change
MATCH (o)-[kin:FAMILY*0..1]-(taker:Person)<-[t:PAYMENT]-(payer:Entity)
WHERE t.amount IS NOT NULL AND t.change <= store.change AND all(f IN kin WHERE f.change <= store.change)
RETURN DISTINCT o.name AS official, taker.name AS taker, coalesce(payer.name, payer.id) AS payer, t.amount, t.currency, t.start
ORDER BY toFloat(t.amount) DESC LIMIT 100
