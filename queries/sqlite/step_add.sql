INSERT INTO step (n, id, subject, step, date, props, source, known, change, beaten, hash)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
