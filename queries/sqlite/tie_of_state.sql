SELECT tie FROM claim INDEXED BY claim_from
WHERE "from" = ?1 AND "to" = ?2 AND type = ?3 AND role IS ?4 AND start IS ?5 AND other IS ?6
LIMIT 1
