CREATE INDEX step_subject ON step (subject)
