SELECT v.n, v.word, v.id, v.title, v.locator, v.props, s.change FROM vault v JOIN source s ON s.n = v.n AND s.word = v.word
WHERE s.change > ?1 ORDER BY v.n, v.word
