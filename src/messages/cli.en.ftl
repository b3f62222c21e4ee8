# What the command line says.
error = error:
hint = hint:
error-io = input or output failed: { $reason }
error-build = the store is not whole: { $reason }
error-unknown = nothing is called `{ $name }`
error-ambiguous = several are called `{ $name }`: { $ids }
error-not-a = `{ $id }` is no { $wanted }
error-strict = { $count ->
    [one] one row is
   *[other] { $count } rows are
 } bad, and with --strict nothing was imported
error-other-report = `{ $path }` holds the report of other inputs
error-file = `{ $path }`: { $reason }
error-exists = `{ $path }` is there already; nothing was overwritten
error-store-address = `{ $address }` is neither a file nor the address of a server as bolt://user@host:port/database (never with a password in it)
error-store-missing = there is no store at `{ $path }`
error-store-foreign = `{ $path }` is no store that this version can open: { $reason }
error-store-damaged = the store `{ $path }` is damaged: { $reason }
error-store-busy = somebody else is writing to the store: { $reason }
error-store-unreachable = the server of the store cannot be reached: { $reason }
error-store-denied = the server of the store refuses: { $reason }
error-password-file = { $address } needs a password: name the file that holds it with --password-file (for a second server a second time), or type it at a terminal
ask-password = Password for { $address }:
warn-certificate = the scheme with +ssc does not look at the certificate: whoever stands between can read the password and all that is sent; for trying out alone
warn-graph-behind = all of it is in, but the graph that people look at on the server is not in line with it yet (the server was not there in time): what is sealed by now may still stand there; the next import brings it in line
warn-graph-left-out = the rows of the copy are those of the store; the graph that people look at on the server was not compared: `verify` does that once nobody writes there
error-store-read-only = the store `{ $path }` may be read but not written
error-no-room = there is no room left to write `{ $path }`: about { $needed } may be needed, and { $free } is free
error-no-room-needed = there is no room left to write `{ $path }`: about { $needed } may be needed
error-import-mapping = a graph has words of its own: name a --mapping file; `parasol mapping guess ADDRESS` proposes one
mapping-nothing = there is no table and no label to propose a mapping for
error-copy-there = `{ $path }` holds something already; a copy goes to a new file, or to an empty database
error-copy-unlike = the copy `{ $path }` is not what was copied: { $reason }
error-copy-broken-off = interrupted; the copy is not there, and what was sent of it the next writer takes away
hint-copy-unlike = do not use the copy; ask `verify` of both stores which of them is damaged
error-store-full = there is no room left to write `{ $path }`
error-measure = there is no measure `{ $name }`; there are { $known }
error-rank-from = this measure starts from somebody: name a gang, people or leads with --from
error-groups = no groups: { $reason }
error-rank = no rank: { $reason }
error-format = `{ $path }`: the ending must be one of { $known }
error-render = the picture failed: { $reason }
error-out = say where it goes with --out
error-pair-two = --pair takes an official and a gang
error-chart = there is no chart `{ $name }`; there are { $known }
error-no-leads = there are no new leads in `{ $path }`
hint-store-missing = make one with `parasol import BUNDLE`, or name another with --store
hint-store-version = use the version of Parasol that made it, or import its bundles into a new store
hint-store-foreign = name a store of Parasol with --store, or make one with `parasol import BUNDLE --store FILE`
hint-not-a = look for the right one with `parasol find`
hint-store-damaged = stop using it, keep the file, and go back to the last backup
hint-store-busy = wait until the other import has ended, then try again
hint-store-denied = check the user in the address and the file given with --password-file; several wrong tries lock a user out
hint-store-unreachable = check the address, and that the server runs and listens there; what was written so far is seen by nobody until the command is run again
hint-store-full = free some room and run the same command again: nothing was left half done
hint-near = did you mean { $who }?
hint-unknown = look for it with `parasol find`
hint-order = `parasol find` tells who is what; of a pair first the official, then the gang
hint-ambiguous = give the id instead of the name
hint-strict = mend the rows (--rejects FILE lists them all), or leave --strict out to import the sound ones
hint-other-report = choose another folder, or say --force to replace it
hint-rejects = --rejects FILE keeps them all, one line a reason
hint-paths = more layers: --layers kinship,social,communication,money,crime,duty; longer paths: --max-hops
find-empty = there is nothing to look for: give a name, an alias, pinyin, initials or an id
find-nothing = nothing is called `{ $text }`, nor sounds like it
paths-looked = The best of what was read between the two: all paths of up to { $hops ->
    [one] 1 hop
   *[other] { $hops } hops
 } are among it, of longer ones not all; there may be more reliable ones: --whole looks at the whole network.
error-paths-avoid = `{ $id }` is an end of the paths that are asked for: it cannot be avoided
error-paths-period = --since { $since } is after --until { $until }: no tie held then
hint-chains-longer = the other way round: money goes one way; longer rests: --wait; longer chains: --max-hops
error-paths-same = `{ $a }` and `{ $b }` are the same entry ({ $id }): name two
paths-nothing = no path leads from `{ $a }` to `{ $b }` over these layers
chains-nothing = no chain in time leads from `{ $a }` to `{ $b }`
hint-chains = the other way round: money goes one way; longer rests: --wait; contacts: --layers communication,social
chains-undated = { $count } { $count ->
    [one] tie
   *[other] ties
 } of these layers have no day and could be in no chain
chains-not-all = looking ended after a million beginnings of chains: there may be more, none better
chain-head-money = { $rank }. { $hops ->
    [one] 1 hop
   *[other] { $hops } hops
 }, reliability { $reliability }; at most { $share } of the first amount can have come through
paths-within = { $count } { $count ->
    [one] path is
   *[other] paths are
 } at least { $least } reliable and no longer than { $hops } hops: that is all of them.
paths-within-at-least = At least { $count } paths are at least { $least } reliable and no longer than { $hops } hops; counting ended there.
paths-together = That at least one way holds, all ways taken together: { $least }.
paths-together-between = That at least one way holds, all ways taken together: at least { $least }, at most { $most }.
paths-together-drawn = Of 2,000 draws of all ties by their strength: { $low } to { $high } (right 19 times in 20).
progress-paths = looking for paths
progress-rank = ranking
factions-summary = The first side is his own. Ties inside the two sides are { $value } of all strength beyond chance (modularity): under 0.1 there is hardly any split.
factions-none = No split in two has more ties inside than chance: there are no factions here.
error-groups-of = say whose circle is to be split: --of
progress-groups = looking for groups
chance-tied = Tied directly: { $seen }; chance alone brings { $expected } (p { $p }).
chance-shared = Others tied to both: { $seen }; chance alone brings { $expected } (p { $p }).
chance-three-hops = Ways of three hops: { $seen }; chance alone brings { $expected } (p { $p }).
head-expected = by chance
rank-many-calls = { $share } of these ties are calls, where chance contacts abound: whom two have in common says little there; better by --layers kinship,social,money,crime
rank-nobody-missing = nobody who is not tied to them already has such ways to them: try more layers (--layers), everybody (--all-people), or a measure that looks further (--by pagerank-from)
rank-estimate = Estimates from paths drawn with seed { $seed }: no value is further off than { $error }, but for a chance of { $delta } that one is (less: --epsilon).
rank-bands-estimated = The bands come from estimates, walks from a few hundred sources a draw, which makes them somewhat wider.
error-rank-no-from = { $measure } starts from nobody: leave out --from, or take a measure that does (personalised-pagerank, adamic-adar …; rank --list)
error-rank-no-epsilon = { $measure } is exact: --epsilon is for approximate-betweenness
error-rank-no-draws = --draws says how many draws --bands or --chance take: add one of them
rank-nothing = there is nobody to rank: no official, gang member, suspect or person a lead is about; --kind ranks others (gang, company …), --all-people everybody
groups-nothing = of { $nodes } people and things in the file none hold together this way over these layers
hint-groups = more layers: --layers; another way: groups --list
error-groups-idle = { $option } has no effect on { $method }: leave it out (groups --list says what each method is)
bridges-summary = { $shown } of { $total } shown. Without such a tie nobody on one side can reach anybody on the other: how many are on each side stands beside its end.
brokers-roles = Pairs of people of these groups who are tied to him and not to each other. Liaison: three different groups; gatekeeper: one of the two is of his own; itinerant: the two are of one group, he is not; coordinator: all three are of one.
brokers-roles-directed = Pairs from one to another over him, with no straight way. Liaison: three different groups; gatekeeper: into his own group; representative: out of it; itinerant: within one group that is not his; coordinator: within his own.
brokers-who = Groups are the agency of somebody's latest post, or else his gang; who has neither plays no part.
head-representative = representative
head-bridge-from = one end
head-bridge-to = the other
head-side = on its side
umbrella-nothing = none of the mechanisms finds a trace between an official and a gang; `parasol paths A B` shows whatever lies between two
explain-nothing = no trace connects `{ $official }` with `{ $gang }`
head-id = id
head-name = name
head-kind = kind
head-about = who or what
head-matched = matched
head-what = what
head-count = count
head-rank = rank
head-size = size
head-subjects = subjects
head-who = who
head-liaison = liaison
head-gatekeeper = gatekeeper
head-itinerant = itinerant
head-coordinator = coordinator
head-official = official
head-gang = gang
head-score = score
head-p = p
head-q = q
head-why = for and against
head-against = strongest against, apart from missing records
head-value = value
head-top-ten = in the top ten
head-band = rank, 5–95%
head-table = table
head-read = rows read
head-sound = sound
head-rejected = rejected
head-place = file and line
head-column = column
head-reason = reason
head-number = no.
head-row = row
head-says = what it says
head-grade = grade
head-source = source
head-known = known since
matched-id = id
matched-name = name
matched-alias = alias
matched-part = part of
matched-pinyin = pinyin
matched-initials = initials
info-claims = claims, history included
info-sources = sources
info-steps = steps
info-officials = officials
info-undated = without a known day
info-changes = changes
info-known = known from – to
info-digest = digest
verify-sound = the store is sound
verify-rows-sound = the rows are sound; the graph beside them was NOT compared with them: a change is under way there, or was broken off. Ask again when nobody writes; the next import takes away what was broken off
verify-graph-left-out = the graph beside the rows was NOT compared with them: rows cannot be read, or a change is under way there or was broken off
copy-done = copied to `{ $path }`, read again and compared: digest { $digest }
backup-done = copied to `{ $path }`
show-change = { " " }· change { $number }
show-double-untold = { $row }: { $a } and { $b } are likely one person ({ $probability })
show-double = { $row }: { $a } and { $b } are likely one person ({ $probability }): { $why }
show-claim = { $row } · { $source } · { $grade } · { $status } · known { $known }
voice-nobody = no source
undated = undated
inferred = inferred
pair-lead-only = A lead to check, never a finding of guilt.
pair-for = Speaks for it
pair-against = Speaks against it
pair-context = Shown beside, counted elsewhere or not at all
pair-sum = Sum of all: { $log_odds } log-odds, score { $score }
pair-innocent = How it may be innocent:
pair-innocent-of = { $factor }: { $reading }
pair-missing = What is missing:
pair-check = Check first:
pair-paths = The ways that the factors speak of:
pair-best = The most reliable paths, whatever they say (looked for among the { $nodes ->
    [one] 1 person
   *[other] { $nodes } people
 } and things and { $ties ->
    [one] 1 tie
   *[other] { $ties } ties
 } around the gang; `parasol paths { $official } { $gang }` looks through the whole file):
pair-best-none = No path leads from one to the other among the { $nodes ->
    [one] 1 person
   *[other] { $nodes } people
 } and things and { $ties ->
    [one] 1 tie
   *[other] { $ties } ties
 } around the gang; `parasol paths { $official } { $gang }` looks through the whole file.
show-source-rows = Rows that it states
show-source-about = Told of by it
show-source-steps = Steps that it tells of
show-more-ties = … { $count } more of { $total }: --full shows all
show-more-claims = … { $count } more of { $total } claims: --full shows all
pair-also = also
pair-known = on record: { $status }
umbrella-summary = { $shown } of { $total } pairs shown; { $over } over the line of { $line } (●).
players-fragment = Without them { $value } of the pairs of those who remain cannot reach each other; with everybody { $before } of all pairs.
players-reach = They are or are near { $value } of all; the first alone { $before }.
rank-summary = { $shown } of { $total } shown.
path-head = { $rank }. { $hops ->
    [one] 1 hop
   *[other] { $hops } hops
 }, reliability { $reliability }
path-weakest = ← weakest
import-reject-row = { $place }: { $reason }
import-reject = { $place }: { $column }: { $reason }
import-more-rejected = … and { $count } more rejected { $count ->
    [one] row
   *[other] rows
 }
import-notice = notice: { $notice }
import-summary = records of { $sound } sound rows and { $written } that the program wrote from them: added { $added }, updated { $updated }, unchanged { $unchanged }, merged { $merged }; rows rejected { $rejected }
import-refused = of those rejected, { $count ->
    [one] one is a file or sheet that was
   *[other] { $count } are files or sheets that were
 } refused as a whole, or from some line on
error-interrupted = interrupted; nothing of it was imported
error-interrupted-after = interrupted; the import is in, whole: what was left is taken when it is first asked for
broken-off = interrupted: the store is as it was, and what was half written is gone
progress-work = working
progress-opening = opening the store
progress-umbrella = scoring
progress-verify = verifying
progress-copy = copying
progress-compare = comparing
progress-backup = copying
progress-settle = settling indexes and statistics
breaking-off = breaking off (Ctrl-C again ends at once)
import-dry-run = nothing was written (--dry-run)
progress-import = importing
progress-report = report
hint-score-folder = a sources.csv lies beside it: give the folder, so that it is read as well
score-none = there is no lead in the input; leads stand in a `leads.csv`, or in a folder that holds one
score-known = every lead of the input is in the store already, so none is new
score-summary = { $leads ->
    [one] one lead
   *[other] { $leads } leads
 } scored{ $known ->
    [0] {""}
   *[other] , { $known } in the store already
 }{ $rejected ->
    [0] {""}
   *[other] , { $rejected } rejected
 }
score-lead-known = in the store already, so not new
score-lead-rejected = rejected: { $reason }
score-reason = { $factor }: { $clause }
head-strongest = strongest reason
written = written: { $path }
draw-missing = the font has no glyph for: { $characters }
report-summary = { $total ->
    [one] 1 pair
   *[other] { $total } pairs
 } with a trace, { $over } over the line of { $line }.
report-first = Look first at { $official } and { $gang } ({ $likelihood }, { $score }). { $check }
report-rejected-sealed = { $count ->
    [one] One more rejected row is
   *[other] { $count } more rejected rows are
 } of sealed sources alone, which no page and no file of the report shows: `parasol import { $bundle } --store { $store } --dry-run --rejects FILE` lists them, as `sealed`
report-rejected = { $count ->
    [one] One row was
   *[other] { $count } rows were
 } rejected: see { $path }
report-open = Open { $path }
chart-scores = scores beside p values of the best pairs
chart-layers = ties by layer and year
error-other-inputs = the store holds other inputs
head-lead = lead
head-priority = priority
error-over-input = `{ $path }` is the store or an input; nothing was written over it
error-no-folder = the folder `{ $path }` does not exist
error-probability = `{ $value }` is no probability from 0 to 1
error-no-layers = this command has no layers to choose from
hint-unknown-as-of = it may not have been known on { $day } yet; try without --as-of
pair-start = Where the sum begins
as-of-undated = notice: { $count ->
    [one] one fact or claim without a known day is
   *[other] { $count } facts and claims without a known day are
 } in no --as-of view (import with --recorded DATE gives them one)
help-usage = Usage:
help-heading-commands = Commands
help-heading-arguments = Arguments
help-heading-options = Options
help-heading-global = For every command
help-print = Print help
help-version = Print version
wrong-unknown-argument = there is no option or argument `{ $arg }` here
wrong-not-built = the command `{ $command }` is not built yet
wrong-unknown-command = there is no command `{ $command }`
wrong-no-value = `{ $arg }` needs a value
wrong-value = `{ $value }` is no value for `{ $arg }`: { $why }
wrong-known = it is one of { $known }
wrong-range = a number is needed ({ $range })
wrong-date = a day, month or year is needed, as 2019-08-01, 2019-08 or 2019
wrong-not-a-number = it is no number
wrong-value-other = { $reason }
wrong-missing = something is missing: { $arg }
wrong-twice = `{ $arg }` may be given only once
wrong-conflict = `{ $arg }` and `{ $prior }` do not go together
wrong-number-of-values = `{ $arg }` has too many or too few values
wrong-text = the command line holds bytes that are no text
wrong-no-command = name a command
wrong-other = { $reason }
hint-meant = did you mean `{ $meant }`?
hint-help = --help lists what there is
io-not-found = there is no such file or folder
io-forbidden = permission denied
io-exists = it is there already
io-full = no room left on the disk
io-read-only = the place may be read but not written
io-folder = it is a folder, not a file
io-no-folder = part of the path is no folder
io-cut = the file ends too early
io-broken = its content cannot be read
io-busy = it is in use
io-too-large = the file is too large
io-other = { $reason }
error-store-io = the store could not be read or written: { $reason }
error-store-orphan = record `{ $row }` names `{ $missing }`, which is not in the store
error-store-kind = `{ $id }` is a { $was } and cannot become a { $new }
told-no-database = file is not a database
told-malformed = database disk image is malformed
told-locked = database is locked
told-full = database or disk is full
told-read-only = attempt to write a readonly database
told-cannot-open = unable to open database file
told-disk = disk I/O error
told-memory = out of memory
told-other-writer = another change is being written
told-hash = a row does not fit its own hash
told-digest = rows are missing or too many: a table does not fit the digest
told-no-store = it is not a store of Parasol
told-other-program = it is another program's database
told-folder = it is a folder, not a file
told-empty = it is an empty file
told-newer = { $reason }
told-older = { $reason }
told-log = a change waits in the log beside the store; open it once where it may be written
told-locked-or-old = it is protected by a password or in the old .xls format; save it anew as .xlsx
told-password = it is protected by a password
told-no-workbook = it is no .xlsx workbook
told-cut = it is cut short
told-damaged = it is damaged
told-many = { $reason }
told-nested = it holds an archive inside
told-large = { $reason }
told-xml = the tables inside are damaged
told-other = { $reason }
told-process = process { $process } is writing another change
