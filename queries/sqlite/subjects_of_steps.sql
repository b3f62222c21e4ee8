SELECT DISTINCT subject, subject FROM step WHERE id IN (SELECT value FROM json_each(?1))
