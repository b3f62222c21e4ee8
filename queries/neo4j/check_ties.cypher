MATCH (:Entity)-[t]->(:Entity) WHERE t.tie IS NOT NULL
RETURN [count(t), coalesce(sum(t.tie), 0), coalesce(sum(t.claims), 0)] AS r
