MATCH (:Entity)-[t:NAMED]->(:Name) WHERE t.change > $now
WITH t LIMIT 2000
DELETE t
RETURN 1 AS r
