# Briefs, the index page, charts.
likelihood-most = very likely, the most a file can say
likelihood-very-likely = very likely
likelihood-likely = likely
likelihood-even = about even
likelihood-unlikely = unlikely
likelihood-very-unlikely = very unlikely
likelihood-remote = remote
level-public = public
level-briefing = briefing
level-case = case
level-handler = source handler
brief-title = { $official } and { $gang }: may it be an umbrella?
brief-handling = Level: { $level } · leads to check, not findings
brief-scope = File as known up to { $day } · { $nodes ->
    [one] 1 person
   *[other] { $nodes } people
 } and things, { $ties ->
    [one] 1 tie
   *[other] { $ties } ties
 } · { $gangs ->
    [one] 1 gang
   *[other] { $gangs } gangs
 }, { $officials ->
    [one] 1 official
   *[other] { $officials } officials
 }
brief-scope-undated = Days on which rows became known are not in the file · { $nodes ->
    [one] 1 person
   *[other] { $nodes } people
 } and things, { $ties ->
    [one] 1 tie
   *[other] { $ties } ties
 } · { $gangs ->
    [one] 1 gang
   *[other] { $gangs } gangs
 }, { $officials ->
    [one] 1 official
   *[other] { $officials } officials
 }
brief-verdict = By this file and stated weights, that there is an umbrella tie to find here is { $likelihood }: score { $score } (log-odds { $log_odds }; not calibrated on real cases)
brief-over-line = It is over the reporting line of { $line }.
brief-under-line = It is under the reporting line of { $line }.
brief-chance = Closer than chance would bring: p { $p }, q { $q }. Not part of the score.
brief-no-chance = Chance cannot be tested on what the file holds.
brief-sources = Sources: { $sources }
brief-more = … and { $count } more { $count ->
    [one] row
   *[other] rows
 }: `parasol explain` has them all
brief-cut = … and {"{}"} more rows
brief-footer = Parasol { $version } · weights { $weights } · file { $digest }
index-title = { $name }: umbrella ties to check
expected-told = Scored by how many umbrellas of a gang were said to be expected (--expected { $expected }), and not by its class.
index-summary = { $over } of { $total } pairs with a trace are over the reporting line of { $line }.
index-first = Look first at { $official } and { $gang }. { $check }
index-rejected = { $count ->
    [one] One row of the input was rejected; it is
   *[other] { $count } rows of the input were rejected; they are
 } listed below.
index-nobody = Nothing could be scored: the files name { $officials ->
    [one] one official
   *[other] { $officials } officials
 } and { $gangs ->
    [one] one gang
   *[other] { $gangs } gangs
 }. Officials stand in officials.csv, gangs in organisations.csv (kind gang).
index-no-trace = Between { $officials ->
    [one] one official
   *[other] { $officials } officials
 } and { $gangs ->
    [one] one gang
   *[other] { $gangs } gangs
 } these files have no trace. That is an answer too.
index-more-factors = { $count ->
    [one] and one more part
   *[other] and { $count } more parts
 } of the sum of { $sum } (in the brief)
index-over = Over the line
index-none-over = No pair is over the line. That is an answer too.
index-under = Under the line
index-under-shown = The best { $shown } of { $total }; the tables have them all.
index-pictures = Pictures
index-all = The whole network
index-import = What came in
index-notices = Notices
link-brief = brief
link-chart = chart
link-files = files
table-csv = ranked list (CSV)
table-json = ranked list (JSON lines)
table-rejects = rejected rows (JSON lines)
table-manifest = manifest
chart-title-scores = Scores beside their p values
chart-title-layers = Ties by layer and year
chart-axis-score = score
chart-axis-p = p, from 1 down by tenths: further right, less like chance
chart-first = The first { $shown } of { $total } pairs are drawn.
chart-no-p = No dot: nothing on file about that pair can be set against chance.
chart-line = reporting line
count-written = records that the program wrote from the rows (posts, memberships, whom leads are about …)
count-added = records added
count-merged = records merged into ties that were there
count-unchanged = records unchanged
count-updated = records updated
count-rejected = rows rejected
brief-lead-title = Lead { $lead }
brief-lead-received = Received { $received }, { $channel }; status: { $status }
brief-lead-priority = Priority { $priority } of 1
brief-lead-says = It says: { $text }
brief-lead-pair = { $official } and { $gang }: { $likelihood } ({ $score })
brief-problems = What kept it from being scored better
brief-steps = What happened to it
draw-stamp = Parasol { $version } · file { $digest }
factor-prior = prior
factor-kin-front = kin front
factor-money-chain = money chain
factor-case-favour = favour in cases
factor-raid-leak = warning of raids
factor-licence-favour = favour in permits
factor-sign-off = sign-off
factor-allegation = reports
factor-broker = go-between
factor-contact = direct contact
factor-familiar = kin or neighbours
factor-duty-contact = contact by duty
factor-strict-decisions = strict decisions
factor-strict-permits = strict inspections
factor-fair-review = fair review
factor-lenient-with-all = lenient with all
factor-light-office = light hand with all
factor-handler = informant's handler
factor-slander = one voice
factor-popular-target = named with many
factor-unfounded = checked and unfounded
factor-refuted = shown not to be so
factor-recusal = stepped aside
factor-hub = go-between with many
factor-popular = many contacts
factor-silence = silence of the file
factor-kin-cap = cap on kinship
factor-calibration = calibration
factor-ceiling = nothing is certain
factor-alone = one mechanism alone
brief-chance-plain = Not closer than chance may bring: p { $p }, q { $q }. Not part of the score; it says that numbers of ties alone prove nothing here, and the reasons must carry it.
brief-no-q = not computed
head-for = strongest for
page-claims = What was said of the ties of the picture, row by row
page-row = Row
page-date = When
page-amount = How much
page-grade = Grade
page-status = Status
page-leads = The leads of the picture
page-came = Received
page-text = What it says
page-ties = The other lines of the picture
page-from = One end
page-way = Way
page-to = Other end
page-says = What it says
page-sure = How sure
page-sources = Sources
page-number = Number
page-source = Source
page-detail = Date, grade

# A row of the evidence table that is nobody's word.
evidence-double = { $a } and { $b } are likely one person ({ $probability })
word-as-reported = as reported
