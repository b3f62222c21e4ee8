SELECT entity FROM name WHERE key = ?1
