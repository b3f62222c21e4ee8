SELECT count(*), coalesce(sum(tie), 0), coalesce(sum(claims), 0) FROM (
  SELECT tie, count(*) AS claims FROM claim c
  WHERE beaten IS NULL AND NOT EXISTS (
    SELECT 1 FROM source s WHERE s.n = c.source AND s.handling = ?1 AND s.word = (SELECT max(word) FROM source l WHERE l.n = s.n))
  GROUP BY tie)
