CREATE TABLE source (
  n INTEGER NOT NULL,
  word INTEGER NOT NULL,
  id TEXT,
  channel INTEGER NOT NULL,
  title TEXT,
  date INTEGER,
  reliability INTEGER NOT NULL,
  unit TEXT,
  handling INTEGER NOT NULL,
  protected INTEGER NOT NULL,
  locator TEXT,
  props TEXT,
  change INTEGER NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (n, word)
) STRICT, WITHOUT ROWID
