INSERT INTO source (n, word, id, channel, title, date, reliability, unit, handling, protected, locator, props, change, hash)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
