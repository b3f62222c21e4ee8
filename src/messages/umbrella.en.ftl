# The sentences of umbrella pairs: one a factor, then what is missing, what to check, and how it may be innocent.
umbrella-prior = Before any evidence: { $expected } umbrellas expected of a gang{ $told ->
    [0] {" "}of this class
   *[other] , as was said (--expected)
 }, { $officials ->
    [one] one official
   *[other] { $officials } officials
 } in its jurisdiction.
umbrella-prior-few = Before any evidence: { $expected } umbrellas expected of a gang{ $told ->
    [0] {" "}of this class
   *[other] , as was said (--expected)
 }. The file names only { $officials ->
    [one] one official
   *[other] { $officials } officials
 } in its jurisdiction, likely the suspects among more: taken as { $taken }.
umbrella-kin-front = { $relative } has a job in { $company }, { $stated ->
    [1] a company of { $gang }
   *[other] which may be a company of { $gang }
 }. A job says little.
umbrella-kin-front-share = { $relative } holds a share ({ $share }%) in { $company }, { $stated ->
    [1] a company of { $gang }
   *[other] which may be a company of { $gang }
 }.
umbrella-kin-front-seat = { $relative } sits on the board of { $company }, { $stated ->
    [1] a company of { $gang }
   *[other] which may be a company of { $gang }
 }.
umbrella-kin-front-own = The official has a job in { $company }, { $stated ->
    [1] a company of { $gang }
   *[other] which may be a company of { $gang }
 }.
umbrella-kin-front-own-share = The official holds a share ({ $share }%) in { $company }, { $stated ->
    [1] a company of { $gang }
   *[other] which may be a company of { $gang }
 }.
umbrella-kin-front-own-seat = The official sits on the board of { $company }, { $stated ->
    [1] a company of { $gang }
   *[other] which may be a company of { $gang }
 }.
umbrella-money-direct = The gang's side paid { $end } without a go-between: { $hops }.{ $chance ->
    [0] {""}
   *[other] {" "}Hardly more than chance brings here: those near the official receive { $usual } of all payments of the file.
 }
umbrella-money-chain = Money came from the gang's side to { $end }: { $hops }. By sums and days the payments join into { $runs ->
    [one] one run
   *[other] { $runs } runs
 }{ $ways ->
    [one] {""}
   *[other] , over { $ways } ways
 }{ $known ->
    [0] {""}
   *[other] ; { $total } reached { $hands } that way
 }{ $besides ->
    [0] .
   *[other] . Besides, { $more } came otherwise to the official or somebody close (straight, as a gift, or to other hands).
 }{ $chance ->
    [0] {""}
   *[other] {" "}Hardly more than chance brings here: those near the official receive { $usual } of all payments of the file.
 }
umbrella-close = { $name } (the official's { $how })
umbrella-close-own = { $name } (the official)
umbrella-close-hop = { $word }
umbrella-close-next = { $before } { $name }'s { $word }
umbrella-close-same = { $before } { $name }, likely one person under two names
umbrella-money-hop = { $from } → { $to }{ $known ->
    [0] {""}
   *[other] {" "}{ $amount }
 }{ $payments ->
    [one] {""}
   *[other] {" "}in { $payments } payments
 }{ $days ->
    [0] {""}
    [1] {" "}({ $first })
   *[other] {" "}({ $first } to { $last })
 }
umbrella-hub = The way leads over { $hub }, who has { $ties ->
    [one] one tie
   *[other] { $ties } ties
 } of money: as a bank, a lawyer or an accountant has.
umbrella-case-favour = { $favours } of { $decided } decisions on cases of { $gang } went its way ({ $rate } is usual), and { $cases } of its { $all } cases came to the official.
umbrella-case-share = { $cases } of the { $all } cases of { $gang } came to the official, more than duty alone brings.
umbrella-strict-decisions = { $favours } of { $decided } decisions of the official on cases of { $gang } went its way: no more than is usual.
umbrella-lenient-with-all = The official decides in favour in { $rate } of other cases too: lenient with everybody.
umbrella-raid-leak = { $contacts ->
    [0] The official knew beforehand of { $empty ->
        [one] one raid
       *[other] { $empty } raids
     } on { $gang } that came up empty.
    [one] { $empty ->
        [one] The one empty raid
       *[other] One of { $empty } empty raids
     } on { $gang } was preceded by contact from the official, or somebody close, to the gang.
   *[other] { $contacts } of { $empty } empty raids on { $gang } were preceded by contact from the official, or somebody close, to the gang.
 }
umbrella-handler = Contact came before { $contacts ->
    [one] a raid
   *[other] { $contacts } raids
 } on { $gang } that succeeded: as with an informant and his handler.
umbrella-licence-favour = { $favours } of { $decided } inspections and permits of companies of { $gang } went their way ({ $rate } is usual){ $more ->
    [0] .
   *[other] : { $parts }.
 }
umbrella-licence-waived = { $waived } of { $passed } inspections passed were waived ({ $usual } is usual)
umbrella-licence-fast = permits took { $days ->
    [one] one day
   *[other] { $days } days
 }, the official's others { $usual }
umbrella-light-office = The official passes { $rate } of other companies too: a light hand with everybody.
umbrella-strict-permits = { $favours } of { $decided } inspections and permits of companies of { $gang } went their way: no more than is usual.
umbrella-sign-off = The official closed { $closed } of { $reviewed } reports or cases on { $gang } as unfounded or without an umbrella; { $later ->
    [0] nobody has reported since
    [one] one other has reported since
   *[other] { $later } others have reported since
 }{ $contradicted ->
    [0] .
   *[other] , and what was closed was opened again or borne out.
 }
umbrella-fair-review = The official reviewed { $reviewed ->
    [one] one report or case
   *[other] { $reviewed } reports or cases
 } on { $gang } and upheld { $upheld }.
umbrella-allegation = { $voices ->
    [one] One source names the official
   *[other] { $voices } independent sources name the official
 } together with { $gang }, by { $channels ->
    [one] one channel
   *[other] { $channels } channels
 }.
umbrella-slander = { $leads ->
    [one] One report that names both comes
   *[other] { $leads } reports that name both come
 } from one source: one voice, however often it speaks.
umbrella-popular-target = Reports name the official with { $gangs } other gangs too: rumour settles on visible officials.
umbrella-unfounded = { $leads ->
    [one] One report that named both was
   *[other] { $leads } reports that named both were
 } checked and found untrue.
umbrella-contact = { $members ->
    [one] One of the official's contacts is
   *[other] { $members } of the official's contacts are
 } of { $gang }, where the number of contacts alone would bring { $expected }: { $with }{ $more ->
    [0] .
   *[other] {" "}and { $more } more.
 }
umbrella-contact-with = { $member } { $times ->
    [one] once
   *[other] { $times } times
 }{ $days ->
    [0] {""}
    [1] {" "}({ $first })
   *[other] {" "}({ $first } to { $last })
 }
umbrella-contact-known = { $member } (on record as { $role })
umbrella-name = { $name }
umbrella-familiar = The official and { $with } are of one family, house, school or village: they know one another without any other reason.
umbrella-shared = The same rows speak for { $with } too, to whom the people in them are near as well: the rows cannot tell for whom they stand in.
umbrella-broker-kin = { $relative } is in contact with { $contacts ->
    [one] one person
   *[other] { $contacts } people
 } of { $gang }, more than chance brings.
umbrella-popular = The official has { $ties ->
    [one] one contact
   *[other] { $ties } contacts
 }: so many bring a few from any gang.
umbrella-case-share-usual = { $cases } of the { $all ->
    [one] one case
   *[other] { $all } cases
 } of { $gang } came to the official: hardly more than duty brings.
umbrella-duty-contact = The official works on cases or companies of { $gang }: duty explains contact.
umbrella-recusal = The official stepped aside where { $gang } was concerned.
umbrella-refuted = { $ties ->
    [one] One tie
   *[other] { $ties } ties
 } that would have counted was shown not to be so.
umbrella-silence = Looked for in the records and not found between the two: { $companies ->
    [1] a share or seat in the gang's companies{"; "}
   *[other] {""}
 }{ $payments ->
    [1] money from the gang's side{"; "}
   *[other] {""}
 }{ $handled ->
    [1] favours in its cases{"; "}
   *[other] {""}
 }{ $calls ->
    [1] calls before raids{"; "}
   *[other] {""}
 }{ $permits ->
    [1] favours in inspections and permits{"; "}
   *[other] {""}
 }{ $reviews ->
    [1] reports put away{"; "}
   *[other] {""}
 }{ $leads ->
    [1] reports that name both{"; "}
   *[other] {""}
 }these records are on average { $complete } complete.
umbrella-kin-cap = Only kinship, posts or membership connect the two: never enough to be over the line.
umbrella-calibration = As measured on invented cities, such evidence from a file this complete said too little: raised by this much.
umbrella-alone = One mechanism carries nearly all of it, and one alone may have an innocent reading: held back by this much.
umbrella-alone-house = It all goes over those near to the official; hardly anything that the official did, and hardly anybody who names the two, speaks for it: held back by this much.
umbrella-ceiling = However much is on file, nothing here is certain: held under 0.98.

umbrella-missing-companies = Who owns and runs companies, and who is whose kin, is { $none ->
    [1] not on file
   *[other] on file only in part (about { $complete } is there)
 }{ $local ->
    [1] {" "}for the places and years concerned
   *[other] {""}
 }.
umbrella-missing-payments = Bank records are { $none ->
    [1] not on file
   *[other] on file only in part (about { $complete } is there)
 }{ $local ->
    [1] {" "}for the places and years concerned
   *[other] {""}
 }: absent money says little.
umbrella-missing-handled = Who handled which case is { $none ->
    [1] not on file
   *[other] on file only in part (about { $complete } is there)
 }{ $local ->
    [1] {" "}for the places and years concerned
   *[other] {""}
 }.
umbrella-missing-calls = Call records, or who knew of raids, are { $none ->
    [1] not on file
   *[other] on file only in part (about { $complete } is there)
 }{ $local ->
    [1] {" "}for the places and years concerned
   *[other] {""}
 }.
umbrella-missing-permits = Inspections and permits are { $none ->
    [1] not on file
   *[other] on file only in part (about { $complete } is there)
 }{ $local ->
    [1] {" "}for the places and years concerned
   *[other] {""}
 }.
umbrella-missing-reviews = Reviews of reports and sign-offs are { $none ->
    [1] not on file
   *[other] on file only in part (about { $complete } is there)
 }{ $local ->
    [1] {" "}for the places and years concerned
   *[other] {""}
 }.
umbrella-missing-leads = Reports are { $none ->
    [1] not on file
   *[other] on file only in part (about { $complete } is there)
 }{ $local ->
    [1] {" "}for the places and years concerned
   *[other] {""}
 }.

umbrella-check-refuted = Read why the row between the two was refuted, and by whom. If the denial does not hold, the score goes from { $now } to about { $then }.
umbrella-check-none = Nothing: no single record is likely to bring it further than { $then } ({ $now } now).
umbrella-check-any = Read the rows behind the strongest factor ({ $now } now).
umbrella-check-kin-front = Ask the company register who paid for the share or seat of { $official }'s relative. If there is an ordinary reason, the score goes from { $now } to { $then }.
umbrella-check-money-chain = Ask the go-between's bank what the transfers were for. If they are ordinary business, the score goes from { $now } to { $then }.
umbrella-check-kin-front-own = Ask the company register how { $official } came by the share, seat or job. If there is an ordinary reason, the score goes from { $now } to { $then }.
umbrella-check-money-direct = Ask payer and payee's bank what the payment was for. If it was ordinary, the score goes from { $now } to { $then }.
umbrella-check-case-favour = Have the case files of { $gang } read by another office. If the decisions hold, the score goes from { $now } to { $then }.
umbrella-check-raid-leak = Ask who knew of the raids and who called whom before them, and why. If there is another reason, the score goes from { $now } to { $then }.
umbrella-check-licence-favour = Have another office inspect the companies of { $gang }. If the permits hold, the score goes from { $now } to { $then }.
umbrella-check-sign-off = Have the closed reports on { $gang } checked anew. If they are baseless, the score goes from { $now } to { $then }.
umbrella-check-allegation = Ask those who reported how they know. If they only heard it, the score goes from { $now } to { $then }.
umbrella-check-broker = Ask what the go-between's contacts with { $gang } were for. If there is an ordinary reason, the score goes from { $now } to { $then }.
umbrella-check-contact = Ask what the official's contacts with { $gang } were for. If it was duty, the score goes from { $now } to { $then }.
umbrella-search-companies = Pull the company register and household register for { $official }'s family. A share in a company of { $gang } would bring the score from { $now } to { $then }.
umbrella-search-payments = Pull the bank records of { $official }'s family and of the companies of { $gang }. A chain of money would bring the score from { $now } to { $then }.
umbrella-search-handled = Pull who handled the cases of { $gang }. Decisions in its favour would bring the score from { $now } to { $then }.
umbrella-search-calls = Pull the call records of the days before raids on { $gang }. A warning would bring the score from { $now } to { $then }.
umbrella-search-permits = Pull the permits and inspections of the companies of { $gang }. Favours would bring the score from { $now } to { $then }.
umbrella-search-reviews = Pull the reviews of reports on { $gang }. Reports wrongly closed would bring the score from { $now } to { $then }.
umbrella-search-leads = Look through the reports on { $gang } for { $official }. Independent reports would bring the score from { $now } to { $then }.

umbrella-innocent-none = Nothing but nearness connects the two; most officials near a gang have nothing to do with it.
umbrella-innocent-kin-front = A relative may have an honest share or job there, and { $official } may have stepped aside.
umbrella-innocent-money-chain = The go-betweens may do ordinary business: a loan, a rent, goods sold.
umbrella-innocent-kin-front-own = { $official } may hold the share or job openly and by right, or may not know whose company it is.
umbrella-innocent-money-direct = The payment may be an honest one: a wage, a rent, a loan paid back, goods sold, a present among friends.
umbrella-innocent-case-favour = The cases may have been weak, or { $official } simply on duty when they came.
umbrella-innocent-raid-leak = Raids come up empty by bad luck as well; contacts before them may be those of an informant's handler, or of old friends on any evening.
umbrella-innocent-licence-favour = The companies may have had their papers in order.
umbrella-innocent-sign-off = The reports may in fact have been baseless.
umbrella-innocent-allegation = The reports may repeat one rumour; visible officials are named often.
umbrella-innocent-broker = The go-between may have business of their own with these people, which the official knows nothing of.
umbrella-innocent-contact = The official may know many people in the district, these among them, or speak with them on duty.

umbrella-innocent-handler = { $official } may be in contact with the gang as an informant's handler: the raids after the contact succeeded.
umbrella-innocent-slander = One voice may be repeating a grudge or a rumour: that it speaks often does not make it so.
umbrella-innocent-popular-target = { $official } is named with several gangs: rumour settles on visible officials.
umbrella-innocent-unfounded = What was reported was checked and found untrue.
umbrella-innocent-light-office = { $official } passes companies of every kind as lightly: a light hand, not a favour.
umbrella-innocent-lenient-with-all = { $official } decides other people's cases as leniently: a habit, not a favour.
umbrella-innocent-strict-decisions = { $official } met the gang's cases on duty, and decided them no more leniently than is usual.
umbrella-innocent-strict-permits = { $official } met the gang's companies on duty, and treated them no more lightly than is usual.
umbrella-innocent-fair-review = { $official } reviewed reports on the gang on duty, and closed no more of them than is usual.
umbrella-innocent-duty-contact = { $official } works on the gang's cases or companies: duty brings such contact.
umbrella-innocent-shared = The rows are another official's: whoever holds the share or received the money is of his house as well.
umbrella-innocent-familiar = They are of one family, house, school or village, and know one another for that reason.
umbrella-innocent-popular = { $official } knows many people, some of the gang's among them.
umbrella-innocent-hub = The money passed through somebody who has business with everybody, as a bank or a lawyer has.
umbrella-innocent-recusal = { $official } stepped aside where the gang was concerned.
umbrella-innocent-refuted = What connected the two was shown not to be so.
umbrella-innocent-kin = Kinship, posts or membership alone connect the two; nobody chooses relatives, and most of them know of nothing.

umbrella-problem-unknown = The lead names nobody who is in the file.
umbrella-problem-no-gang = The lead names no gang, nor anybody of one; the pairs are those near whom it names.
umbrella-problem-no-official = The lead names no official.
umbrella-problem-no-source = The lead has no source: all such leads are one voice.

umbrella-problem-closed = The lead was closed as unfounded, and no other voice has said the same since.
umbrella-problem-cleared = The lead was looked into and cleared, and no other voice has said the same since.
umbrella-problem-repeated = The lead was closed without a result, and { $voices } other sources have said the same since: it deserves a review.

umbrella-same-number = one id number
umbrella-same-other-number = different id numbers
umbrella-same-name = a name of the one is a name of the other
umbrella-same-birth = born on one day
umbrella-same-home = of one home
umbrella-same-neighbours = { $shared ->
    [one] one neighbour
   *[other] { $shared } neighbours
 } in common
umbrella-same-tied = but tied to one another as two people are
umbrella-nothing-for = Nothing in the file speaks for it: a high starting point alone is never enough to be over the line.

list-join = {"; "}
