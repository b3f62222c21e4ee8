SELECT n, id, kind FROM entity ORDER BY id
