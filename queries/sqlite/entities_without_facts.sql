SELECT count(*) FROM entity e WHERE NOT EXISTS (SELECT 1 FROM fact f WHERE f.entity = e.n)
