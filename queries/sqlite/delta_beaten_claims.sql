SELECT n, beaten, tie, "from", "to", type FROM claim WHERE n <= ?1 AND beaten IS NOT NULL
