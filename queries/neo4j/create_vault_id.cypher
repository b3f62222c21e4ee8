CREATE INDEX parasol_vault_id IF NOT EXISTS FOR (x:Vault) ON (x.`id`)
