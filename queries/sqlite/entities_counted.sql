SELECT n, kind FROM entity
