MATCH (d:TieDue) WHERE d.tie IN $ties
DELETE d
