SELECT DISTINCT entity FROM fact INDEXED BY fact_gang
WHERE json_extract(props, '$.gang') = ?1 AND "table" = 5
