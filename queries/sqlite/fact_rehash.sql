UPDATE fact SET hash = ?3 WHERE entity = ?1 AND n = ?2
