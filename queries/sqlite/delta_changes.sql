SELECT n, who, why, known FROM change WHERE n > ?1 ORDER BY n
