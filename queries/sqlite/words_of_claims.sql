SELECT row, n, source, known, change, beaten FROM claim ORDER BY row
