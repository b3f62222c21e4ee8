INSERT INTO fact (entity, n, "table", props, source, known, change, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
