MATCH (v:Vault {key: 'digest'}) RETURN v.digest AS r
