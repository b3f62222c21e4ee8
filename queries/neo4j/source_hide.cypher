UNWIND $rows AS r
MATCH (w:SourceWord {key: r.key})
REMOVE w.id, w.title, w.locator, w.props
SET w.protected = true, w.change = r.change
