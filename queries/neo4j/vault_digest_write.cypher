MERGE (v:Vault {key: 'digest'}) SET v.digest = $digest
