SELECT source, known, beaten FROM step
