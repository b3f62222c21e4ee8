# Invented cities and what is measured on them.
progress-generate = generating
generate-summary = { $people ->
    [one] 1 person
   *[other] { $people } people
 }, { $officials } in office, { $gangs ->
    [one] 1 gang
   *[other] { $gangs } gangs
 }; { $relations ->
    [one] 1 relation
   *[other] { $relations } relations
 }{ $lost ->
    [0] {""}
    [one] , 1 more is missing
   *[other] , { $lost } more are missing
 }; { $umbrellas ->
    [one] 1 umbrella
   *[other] { $umbrellas } umbrellas
 } and { $decoys } innocent pairs that look bad, in truth.csv
error-generate-folder = `{ $path }` is not empty; a city goes to a folder of its own
generate-least = no fewer relations can be made of such a city: registers, offices, gangs and what is planted with them have { $least }
generate-unplaced = { $unplaced ->
    [one] 1 pair that was wanted is not planted: nobody in office was free for it
   *[other] { $unplaced } pairs that were wanted are not planted: nobody in office was free for them
 }
error-generate-gangs = a city of { $people } people holds at most { $most ->
    [one] 1 gang
   *[other] { $most } gangs
 }
error-generate-people = a city has from { $least } to { $most } people
progress-evaluate = cities
error-judged = `{ $path }` is no truth file and no ranking: { $reason }
error-baseline = a baseline has no answer: { $reason }
evaluate-cities = { $missing } of the rows missing; { $cities ->
    [one] 1 city
   *[other] { $cities } cities
 }, seeds { $seeds }, styles { $styles }
evaluate-pairs = { $truths ->
    [one] 1 true pair
   *[other] { $truths } true pairs
 } (k: { $k } a city) and { $decoys ->
    [one] 1 decoy
   *[other] { $decoys } decoys
 } among { $pairs } pairs of official and gang; base rate { $rate }
evaluate-weights = weights { $digest }
evaluate-unfinished = broken off: not all cities that were asked for
evaluate-few = an interval needs { $least } cities
evaluate-broken-off = interrupted: { $done ->
    [0] no city was measured
    [one] 1 city of { $wanted } was measured
   *[other] { $done } of { $wanted } cities were measured
 }{ $done ->
    [0] {""}
   *[other] , and the figures are of those
 }; nothing else is left behind
evaluate-share = { $part } of { $all } ({ $share }; 95% { $low }–{ $high })
evaluate-of-none = none
evaluate-discoveries = Cities with any q ≤ 0.1: { $cities }. False among q ≤ 0.1: { $wrong }; without decoys: { $plain }; mean over cities: { $mean }, without decoys { $mean_plain }
head-ranking = ranking
head-cities = cities
head-average-precision = average precision
head-precision = precision at k
head-recall = over the line
head-decoys-in-top = decoys in the first k
head-brier = Brier
head-skill = skill
head-over-line = pairs over the line
head-wrong-over-line = of them wrong
head-mechanism = mechanism
head-truths = true pairs
head-found = in the first k
head-said = said
head-pairs = pairs
head-mean-said = said, mean
head-so = true
error-other-city = { $path }: of its { $count ->
    [one] 1 pair
   *[other] { $count } pairs
 } nobody is in this store; is it the file of another city?
evaluate-strangers = { $count ->
    [one] 1 pair names
   *[other] { $count } pairs name
 } somebody who is not in this store
