MATCH (p:Parasol {id: 'store'}) WHERE p.printed = $digest RETURN 1 AS r
