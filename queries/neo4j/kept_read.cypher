MATCH (k:Kept) WHERE k.name = $name AND k.digest = $digest RETURN [k.part, k.value] AS r ORDER BY k.part
