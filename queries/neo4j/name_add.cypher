UNWIND $rows AS r
CREATE (:Name {key: r[0], of: r[1], change: r[2]})
