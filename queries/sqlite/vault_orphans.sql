SELECT count(*) FROM vault v
WHERE NOT EXISTS (SELECT 1 FROM source s WHERE s.n = v.n AND s.word = v.word AND s.protected = 1 AND s.id IS NULL)
