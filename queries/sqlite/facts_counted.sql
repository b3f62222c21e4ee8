SELECT entity, source, known, "table" FROM fact
