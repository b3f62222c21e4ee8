SELECT part, "rows", open, whole FROM digest ORDER BY part
