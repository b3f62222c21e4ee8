UNWIND $rows AS r
CREATE (:Sheaf {key: r[0], of: r[1], change: r[2], part: r[3], ties: r[4], told: r[5]})
