# Pictures: titles, legends, notes.
render-title-pair = Possible umbrella, a lead to check: { $official } — { $gang }
render-title-traces = Ties between { $official } and { $gang }: under the reporting line
render-title-nothing = No trace connects { $official } and { $gang }; the nearest ways
render-title-lead = Lead: { $lead }
render-title-gang = Hierarchy: { $gang }
render-title-around = Around { $names }
render-title-path = Paths: { $from } — { $to }
render-title-all = The whole network
render-as-of = as known on { $date }
render-looked = The best of what was read: all paths of up to { $hops ->
    [one] 1 hop
   *[other] { $hops } hops
 } are among it; there may be longer ones that are more reliable
render-known-to = file as known up to { $date }
render-undated-file = days on which rows became known are not in the file
render-verdict-over = { $likelihood } ({ $score }), over the line of { $line }
render-verdict-under = { $likelihood } ({ $score }), under the line of { $line }
render-verdict-none = no trace, no score
render-verdict-known = on record: { $status }
render-case = case { $case }
render-counts = { $nodes } of { $all-nodes } entities · { $ties } of { $all-ties } ties
render-legend = Legend
render-sources = Sources
render-more = { $count } more sources, listed in full in an .html
render-number = src { $numbers }
render-inferred = inferred
render-times = ×{ $count }
render-more-ties = { $count } more
render-lead-says = The lead says: { $text }
render-left-out = More entities concerned, not drawn: { $count }.
render-left-out-least = More entities concerned, not drawn: at least { $count }.
render-held = Asked for at most { $asked } cards; { $shown } are needed.
render-disproved-left = Disproved ties not drawn: { $count } (--disproved draws them).
render-ties-left-out = More ties not drawn: { $count }.
render-folded-note = { $nodes ->
    [one] One entity
   *[other] { $nodes } entities
 } folded into { $groups ->
    [one] one group
   *[other] { $groups } groups
 }; the number on a line is how many ties it stands for.
render-gang-associate = associate of the gang
render-duty-only = officials with duty ties only
render-under-line = other officials under the line
render-other-members = other members
render-other-gangs = other gangs
render-other-agencies = other agencies
render-others = all others
render-other-people = other people and companies
render-way = way { $numbers }
render-weakest = weakest hop
render-more-over = Pairs over the reporting line, the best drawn: { $count } more stand in the list (umbrella).
render-ties-inside = Ties inside groups, not drawn: { $count }.
render-circle = { $name } and others
render-size = { $count ->
    [one] { $count } entity
   *[other] { $count } entities
 }
render-fold = folded group
render-context = contextual
render-folded = neighbours not drawn
render-width = wider: more independent sources
render-width-many = wider: more ties
render-line-confirmed = confirmed
render-line-unconfirmed = unconfirmed (one source each)
render-line-tentative = tentative (hearsay, ungraded)
render-line-inferred = inferred (computed)
render-line-refuted = disproved
render-other-years = { $count ->
    [one] One tie
   *[other] { $count } ties
 } began in years that are not drawn.
render-undated = { $count ->
    [one] One tie has no date and is
   *[other] { $count } ties have no date and are
 } in no bar.
render-together = { $kind } ×{ $count }
render-unlabelled = Lines are dense; labels left out: { $count }.
render-calls-inside = { $count ->
    [one] One tie of communication among the members is
   *[other] { $count } ties of communication among the members are
 } not drawn.
render-over = lead to check · { $score }
render-frame-official = holds an office
render-subject = what the picture is about
