SELECT entity, source, known FROM fact
