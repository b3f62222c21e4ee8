SELECT entity, count(*) FROM (
  SELECT "from" AS entity FROM claim WHERE n > ?1
  UNION ALL SELECT "to" FROM claim WHERE n > ?1
  UNION ALL SELECT entity FROM fact WHERE change > ?2
) GROUP BY entity
