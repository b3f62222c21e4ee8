CREATE TABLE vault (
  n INTEGER NOT NULL,
  word INTEGER NOT NULL,
  id TEXT NOT NULL,
  title TEXT,
  locator TEXT,
  props TEXT,
  PRIMARY KEY (n, word)
) STRICT, WITHOUT ROWID
