MATCH (:Entity)-[t:NAMED]->(:Name) WHERE t.change > $now
WITH t LIMIT $some
DELETE t
RETURN count(*) AS r
