SELECT * FROM claim WHERE "from" = ?1 AND "to" = ?2
