MATCH (n:NAME)
RETURN toString(id(n)) AS n, labels(n) AS labels, [k IN keys(n) | [k, n[k], toStringOrNull(n[k]), [v IN n[k] | toStringOrNull(v)]]] AS props
