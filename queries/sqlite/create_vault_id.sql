CREATE INDEX vault_id ON vault (id)
