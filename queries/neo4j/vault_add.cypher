UNWIND $rows AS r
MERGE (v:Vault {key: r.p.key})
SET v = r.p
