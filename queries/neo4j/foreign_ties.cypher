MATCH (a)-[t:NAME]->(b)
RETURN toString(id(t)) AS n, [k IN keys(t) | [k, t[k], toStringOrNull(t[k])]] AS props,
  toString(id(a)) AS a, labels(a) AS froms, [k IN keys(a) WHERE k IN $keys | [k, a[k], toStringOrNull(a[k])]] AS from_props,
  toString(id(b)) AS b, labels(b) AS tos, [k IN keys(b) WHERE k IN $keys | [k, b[k], toStringOrNull(b[k])]] AS to_props
