INSERT INTO entity (n, id, kind) VALUES (?1, ?2, ?3)
