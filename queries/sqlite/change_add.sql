INSERT INTO change (n, who, why, known, hash) VALUES (?1, ?2, ?3, ?4, ?5)
