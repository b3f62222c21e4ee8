UNWIND $rows AS r
MATCH (s:Step {n: r.n}) SET s.beaten = r.beaten, s.touched = r.change
