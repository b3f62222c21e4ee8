SELECT word, date, protected FROM source WHERE n = ?1 ORDER BY word DESC LIMIT 1
