INSERT OR REPLACE INTO kept (name, digest, value, hash) VALUES (?1, ?2, ?3, ?4)
