SELECT n, who, why, known, hash FROM change ORDER BY n
