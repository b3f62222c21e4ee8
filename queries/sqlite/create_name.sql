CREATE TABLE name (
  key TEXT NOT NULL,
  entity INTEGER NOT NULL,
  reading TEXT,
  PRIMARY KEY (key, entity)
) STRICT, WITHOUT ROWID
