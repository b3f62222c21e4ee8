SELECT DISTINCT entity FROM fact WHERE source = ?1 ORDER BY entity
