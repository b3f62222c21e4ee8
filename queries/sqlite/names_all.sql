SELECT key, entity, reading FROM name
