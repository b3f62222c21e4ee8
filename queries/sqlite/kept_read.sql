SELECT digest, value, hash FROM kept WHERE name = ?1
