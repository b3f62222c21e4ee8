SELECT DISTINCT f.props ->> '$.id_number' FROM entity e CROSS JOIN fact f ON f.entity = e.n
WHERE e.id = ?1 AND f.props ->> '$.id_number' IS NOT NULL ORDER BY 1
