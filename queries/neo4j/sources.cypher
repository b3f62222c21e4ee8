MATCH (w:SourceWord) WHERE w.change <= $now
RETURN [w.n, w.word, w.id, w.channel, w.title, w.date, w.reliability, w.unit, w.handling, w.protected, w.locator, w.props, w.change] AS r
ORDER BY w.n, w.word
