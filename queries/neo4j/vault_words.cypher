MATCH (v:Vault) WHERE v.change <= $now RETURN [v.n, v.word, v.id, v.title, v.locator, v.props] AS r
