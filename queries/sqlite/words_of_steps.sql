SELECT id, n, source, known, change, beaten FROM step ORDER BY id
