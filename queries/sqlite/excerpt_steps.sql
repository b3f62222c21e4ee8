SELECT * FROM step WHERE subject IN (SELECT value FROM json_each(?1))
