CALL db.labels() YIELD label RETURN label AS r ORDER BY r
