CREATE INDEX parasol_source_word_id IF NOT EXISTS FOR (x:SourceWord) ON (x.`id`)
