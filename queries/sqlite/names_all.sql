SELECT key, entity, reading FROM name ORDER BY key, entity
