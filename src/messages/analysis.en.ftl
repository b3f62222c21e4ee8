### Measures: what each is called, what it says of somebody, what it costs.

measure-degree-title = Degree
measure-degree-says = How many others somebody is tied to.
measure-degree-cost = A moment, on any network.

measure-strength-title = Strength
measure-strength-says = About how many of somebody's ties are real: their strengths added up.
measure-strength-cost = A moment, on any network.

measure-betweenness-title = Betweenness
measure-betweenness-says = On how many shortest ways between two others somebody stands: who could pass things on, or hold them back.
measure-betweenness-cost = Grows with people times ties: seconds for thousands, minutes for a hundred thousand.

measure-closeness-title = Harmonic closeness
measure-closeness-says = How near somebody is to everybody: whoever is reached counts one divided by the hops it takes.
measure-closeness-cost = Grows with people times ties: seconds for thousands, minutes for a hundred thousand.

measure-eigenvector-title = Eigenvector centrality
measure-eigenvector-says = Who is tied to those who count, who in turn are tied to those who count: the middle of the densest part. Outside that part it says nothing.
measure-eigenvector-cost = Tens to thousands of rounds over the ties.

measure-pagerank-title = PageRank
measure-pagerank-says = Where somebody who follows ties at random, firm ones more often, is mostly found.
measure-pagerank-cost = About 150 rounds over the ties: seconds for a million people.

measure-personalised-pagerank-title = Personalised PageRank
measure-personalised-pagerank-says = How near somebody is to those named with --from (a gang stands for its members), all ways taken together.
measure-personalised-pagerank-cost = About 150 rounds over the ties: seconds for a million people.

## Paths

path-shared-source = Hops { $hops } rest on source { $source } alone: one thing to doubt, not several.
path-shared-protected = Hops { $hops } rest on one protected source alone: one thing to doubt, not several.
path-shared-nobody = Nobody is named as the source of hops { $hops }: one thing to doubt, not several.
