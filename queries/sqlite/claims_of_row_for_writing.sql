SELECT n, tie, type, "from", "to", start, other, role, source, known, change, beaten, hash
FROM claim WHERE row = ?1
