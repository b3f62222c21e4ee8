SELECT * FROM source WHERE n IN (
  SELECT value FROM json_each(?1)
  UNION SELECT n FROM source WHERE id IN (SELECT value FROM json_each(?2))
  UNION SELECT n FROM vault
  UNION SELECT max(n) FROM source
)
