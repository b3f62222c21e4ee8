SELECT entity, source, known FROM fact
WHERE entity IN (SELECT value FROM json_each(?1)) AND "table" = 1
