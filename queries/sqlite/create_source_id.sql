CREATE INDEX source_id ON source (id)
