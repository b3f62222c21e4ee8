UNWIND $ns AS n
CALL {
  WITH n
  CALL {
    WITH n
    MATCH (c:Claim) WHERE c.`from` = n AND c.`to` >= 0 AND c.n <= $last AND (c.beaten IS NULL OR c.beaten[0] > $now)
      AND (size($types) = 0 OR c.type IN $types) AND (size($layers) = 0 OR c.layer IN $layers)
    RETURN c.tie AS tie
    UNION ALL
    WITH n
    MATCH (c:Claim) WHERE c.`to` = n AND c.n <= $last AND (c.beaten IS NULL OR c.beaten[0] > $now)
      AND (size($types) = 0 OR c.type IN $types) AND (size($layers) = 0 OR c.layer IN $layers)
    RETURN c.tie AS tie
  }
  WITH DISTINCT tie LIMIT $most
  RETURN count(tie) AS ties
}
RETURN [n, ties] AS r
