SELECT type, "from", "to", start, other, role FROM claim WHERE n = ?1
