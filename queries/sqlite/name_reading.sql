SELECT reading FROM name WHERE key = ?1 AND entity = ?2
