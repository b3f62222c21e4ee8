UPDATE source SET id = NULL, title = NULL, locator = NULL, props = NULL, protected = 1, hash = ?3, change = ?4
WHERE n = ?1 AND word = ?2
