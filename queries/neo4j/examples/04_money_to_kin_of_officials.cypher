// Payments into the hands of an official or his kin, greatest first.
MATCH (o:Person)-[:POST]->(:Entity)
MATCH (o)-[:FAMILY*0..1]-(taker:Person)<-[t:PAYMENT]-(payer:Entity)
WHERE t.amount IS NOT NULL
RETURN DISTINCT o.name AS official, taker.name AS taker, coalesce(payer.name, payer.id) AS payer, t.amount, t.currency, t.start
ORDER BY toFloat(t.amount) DESC LIMIT 100
