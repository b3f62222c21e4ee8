INSERT OR IGNORE INTO name (key, entity, reading) VALUES (?1, ?2, ?3)
