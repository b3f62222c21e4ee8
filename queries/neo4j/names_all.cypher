MATCH (x:Name) WHERE x.change <= $now RETURN [x.key, x.of] AS r
