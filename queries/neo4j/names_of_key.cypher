MATCH (x:Name) WHERE x.key = $key AND x.change <= $now RETURN x.of AS r
