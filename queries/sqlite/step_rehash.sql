UPDATE step SET hash = ?3 WHERE n = ?1 AND ?2 = 0
