SELECT protected, handling FROM source WHERE n = (SELECT n FROM source WHERE id = ?1 UNION SELECT n FROM vault WHERE id = ?1)
ORDER BY word DESC LIMIT 1
