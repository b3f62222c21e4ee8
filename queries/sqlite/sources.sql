SELECT n, word, id, channel, title, date, reliability, unit, handling, protected, locator, props, change, hash
FROM source ORDER BY n, word
