SELECT s.n, s.word, coalesce(s.id, v.id), s.channel, coalesce(s.title, v.title), s.date, s.reliability, s.unit,
  s.handling, s.protected, coalesce(s.locator, v.locator), coalesce(s.props, v.props), s.change, s.hash
FROM source s LEFT JOIN vault v ON v.n = s.n AND v.word = s.word
ORDER BY s.n, s.word
