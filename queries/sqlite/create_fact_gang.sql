CREATE INDEX fact_gang ON fact (json_extract(props, '$.gang')) WHERE "table" = 5
