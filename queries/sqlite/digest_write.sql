INSERT OR REPLACE INTO digest (part, "rows", open, whole) VALUES (?1, ?2, ?3, ?4)
