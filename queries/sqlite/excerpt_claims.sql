SELECT * FROM claim WHERE row IN (SELECT value FROM json_each(?1))
