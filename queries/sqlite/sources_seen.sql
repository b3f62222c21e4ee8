SELECT n, id, reliability, handling, protected FROM source ORDER BY n, word
