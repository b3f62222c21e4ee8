SELECT "from" FROM claim WHERE n > ?1
UNION SELECT "to" FROM claim WHERE n > ?1
UNION SELECT entity FROM fact WHERE change > ?2
