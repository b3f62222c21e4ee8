SELECT "from", "to", type, role, start, other, row, tie FROM claim INDEXED BY claim_from ORDER BY "from", type, "to"
