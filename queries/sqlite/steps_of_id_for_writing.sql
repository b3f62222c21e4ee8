SELECT n, source, known, change, beaten, hash FROM step WHERE id = ?1
