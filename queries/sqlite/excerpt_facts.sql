SELECT * FROM fact WHERE entity IN (SELECT value FROM json_each(?1))
