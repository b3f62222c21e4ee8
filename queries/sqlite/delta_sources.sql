SELECT n, word, id, channel, title, date, reliability, unit, handling, protected, locator, props, change, hash
FROM source WHERE change > ?1 ORDER BY n, word
