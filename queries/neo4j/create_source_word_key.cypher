CREATE CONSTRAINT parasol_source_word_key IF NOT EXISTS FOR (x:SourceWord) REQUIRE x.key IS UNIQUE
