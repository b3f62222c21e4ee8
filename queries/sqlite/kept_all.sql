SELECT name, value, hash FROM kept
