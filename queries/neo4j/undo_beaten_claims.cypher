UNWIND $rows AS r
MATCH (c:Claim {n: r.n}) SET c.beaten = r.beaten, c.touched = r.change
