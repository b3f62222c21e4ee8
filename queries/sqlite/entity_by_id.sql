SELECT n, kind FROM entity WHERE id = ?1
