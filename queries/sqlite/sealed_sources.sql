SELECT n FROM source s WHERE handling = ?1 AND word = (SELECT max(word) FROM source l WHERE l.n = s.n)
