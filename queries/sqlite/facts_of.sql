SELECT n, "table", source, known, change, hash FROM fact WHERE entity = ?1
