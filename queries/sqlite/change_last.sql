SELECT coalesce(max(n), 0), count(*) FROM change
