CREATE INDEX step_id ON step (id)
