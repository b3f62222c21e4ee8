MATCH (a)-[t:NAME]->(b)
RETURN toString(id(t)) AS n, [k IN keys(t) | [k, t[k], toStringOrNull(t[k]), [v IN t[k] | toStringOrNull(v)]]] AS props,
  toString(id(a)) AS a, labels(a) AS froms, [k IN keys(a) WHERE k IN $keys | [k, a[k], toStringOrNull(a[k]), [v IN a[k] | toStringOrNull(v)]]] AS from_props,
  toString(id(b)) AS b, labels(b) AS tos, [k IN keys(b) WHERE k IN $keys | [k, b[k], toStringOrNull(b[k]), [v IN b[k] | toStringOrNull(v)]]] AS to_props
