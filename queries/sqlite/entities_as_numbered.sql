SELECT n, id, kind FROM entity
