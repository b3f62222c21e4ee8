SELECT (SELECT count(*) FROM fact) + (SELECT count(*) FROM claim) + (SELECT count(*) FROM step)
