# Invented cities and what is measured on them.
progress-generate = generating
generate-summary = { $people } people, { $officials } in office, { $gangs } gangs; { $relations } relations, { $lost } more are missing; { $umbrellas } umbrellas and { $decoys } innocent pairs that look bad, in truth.csv
error-generate-folder = `{ $path }` is not empty; a city goes to a folder of its own
error-generate-people = a city has from { $least } to { $most } people
