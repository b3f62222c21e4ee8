SELECT * FROM entity WHERE n IN (SELECT value FROM json_each(?1))
