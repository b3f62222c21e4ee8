INSERT INTO vault (n, word, id, title, locator, props) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
