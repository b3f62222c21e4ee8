MATCH (k:Kept) WHERE k.name = $name DELETE k
