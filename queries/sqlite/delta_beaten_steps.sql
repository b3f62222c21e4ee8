SELECT n, beaten FROM step WHERE n <= ?1 AND beaten IS NOT NULL
