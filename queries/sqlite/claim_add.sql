INSERT INTO claim (n, tie, type, layer, "from", "to", start, source, known, change, beaten, status, credibility,
  other, role, row, end, count, amount, currency, share, decision, note, props, hash)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)
