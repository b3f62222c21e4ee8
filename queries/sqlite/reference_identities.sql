SELECT DISTINCT f.props ->> '$.name', f.props ->> '$.aliases', f.props ->> '$.birth_date', f.props ->> '$.id_number'
FROM entity e CROSS JOIN fact f ON f.entity = e.n WHERE e.id = ?1 ORDER BY 1, 2, 3, 4
