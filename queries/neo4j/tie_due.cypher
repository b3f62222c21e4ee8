MATCH (d:TieDue) WHERE d.due <= $now
RETURN [d.type, d.tie, d.`from`, d.`to`] AS r LIMIT $some
