### Measures: what each is called, what it says of somebody, what it costs.

measure-degree-title = Degree
measure-degree-says = How many others somebody is tied to.
measure-degree-cost = A moment, on any network.

measure-strength-title = Strength
measure-strength-says = About how many of somebody's ties are real: their strengths added up.
measure-strength-cost = A moment, on any network.

measure-betweenness-title = Betweenness
measure-betweenness-says = On how many shortest ways between two others somebody stands: who could pass things on, or hold them back.
measure-betweenness-cost = Grows with people times ties: a second for ten thousand; minutes for a hundred thousand, where the estimate takes a second.

measure-closeness-title = Harmonic closeness
measure-closeness-says = How near somebody is to everybody: whoever is reached counts one divided by the hops it takes.
measure-closeness-cost = Grows with people times ties: a moment for ten thousand, half a minute for a hundred thousand.

measure-eigenvector-title = Eigenvector centrality
measure-eigenvector-says = Who is tied to those who count, who in turn are tied to those who count: the middle of the densest part. Outside that part it says nothing.
measure-eigenvector-cost = Tens to thousands of rounds over the ties.

measure-pagerank-title = PageRank
measure-pagerank-says = Where somebody who follows ties at random, firm ones more often, is mostly found.
measure-pagerank-cost = Some tens of rounds over the ties: seconds for a million people.

measure-personalised-pagerank-title = Personalised PageRank
measure-personalised-pagerank-says = How near somebody is to those named with --from (a gang stands for its members), all ways taken together.
measure-personalised-pagerank-cost = Some tens of rounds over the ties: seconds for a million people.

measure-approximate-betweenness-title = Betweenness, estimated
measure-approximate-betweenness-says = Betweenness from paths drawn at random: for nobody further off than one in a hundred of all pairs, nine times in ten. On a large network that is more than most have: ask for less with --epsilon. The seed says which paths are drawn.
measure-approximate-betweenness-cost = Seconds for a million people.

measure-katz-title = Katz status
measure-katz-says = How many ways of any length lead to somebody, each further hop counting less.
measure-katz-cost = Up to 200 rounds over the ties.

measure-core-title = Core
measure-core-says = The densest part somebody belongs to: everybody there has at least so many ties inside it.
measure-core-cost = A moment, on any network.

measure-constraint-title = Constraint (Burt)
measure-constraint-says = How much somebody's ties lead back to the same few. The least constrained, who stand first, stand between circles that do not know each other; who has no tie comes last, with 0.
measure-constraint-cost = A second for a hundred thousand people.

measure-effective-size-title = Effective size (Burt)
measure-effective-size-says = How many contacts somebody has, less what they have in common with each other.
measure-effective-size-cost = A second for a hundred thousand people.

measure-triangles-title = Triangles
measure-triangles-says = How many pairs of somebody's contacts know each other.
measure-triangles-cost = A second for a million people.

measure-clustering-title = Clustering
measure-clustering-says = Which share of the pairs of somebody's contacts know each other: near 1 in a closed circle, near 0 between circles.
measure-clustering-cost = A second for a million people.

measure-parts-title = Cut point
measure-parts-says = Into how many parts his part of the network comes apart without somebody; two or more, and all between them goes over him.
measure-parts-cost = A moment, on any network.

measure-common-neighbours-title = Missing tie: common neighbours
measure-common-neighbours-says = Who has most contacts in common with those named with --from without a recorded tie to them: where to look for a missing record, no evidence of a tie. Says little of calls, where chance contacts abound.
measure-common-neighbours-cost = A moment.

measure-adamic-adar-title = Missing tie: Adamic–Adar
measure-adamic-adar-says = Contacts in common with those named with --from, each counting less the more contacts he has: where to look for a missing record, no evidence of a tie. Says little of calls, where chance contacts abound.
measure-adamic-adar-cost = A moment.

measure-resource-allocation-title = Missing tie: resource allocation
measure-resource-allocation-says = As Adamic–Adar, but contacts with many ties count less still: where to look for a missing record, no evidence of a tie. Says little of calls, where chance contacts abound.
measure-resource-allocation-cost = A moment.

measure-l3-title = Missing tie: three hops
measure-l3-says = Ways of three hops to those named with --from, better than common contacts where the two sides differ (people and companies): where to look for a missing record, no evidence of a tie.
measure-l3-cost = Moments to a second.

measure-pagerank-from-title = Missing tie: PageRank
measure-pagerank-from-says = How often a walker is met who starts again and again from those named with --from (a gang stands for its members); those tied to one of them already count nothing: where to look for a missing record, no evidence of a tie. Says little of calls, where chance contacts abound.
measure-pagerank-from-cost = Some tens of rounds over the ties: seconds for a million people.

measure-katz-from-title = Missing tie: Katz
measure-katz-from-says = How many ways of any length lead to somebody from those named with --from, each further hop counting less; those tied to them already count nothing: where to look for a missing record, no evidence of a tie. Says little of calls, where chance contacts abound.
measure-katz-from-cost = Up to 200 rounds over the ties.

## Paths

path-shared-source = Hops { $hops } rest on source { $source } alone: one thing to doubt, not several.
path-shared-protected = Hops { $hops } rest on one protected source alone: one thing to doubt, not several.
path-shared-nobody = Nobody is named as the source of hops { $hops }: one thing to doubt, not several.

groups-communities-title = Communities
groups-communities-says = Who holds together more than chance would have it (Leiden by modularity): every community is connected, every thing is in one. A tie counts by its strength.
groups-communities-cost = Seconds for a million people.

groups-potts-title = Communities of one density
groups-potts-says = As communities, but each holds together more densely than --resolution says (Potts' model), so that small ones in a large network are not joined.
groups-potts-cost = Seconds for a million people.

groups-components-title = Components
groups-components-says = What hangs together at all: from everybody there is a way to everybody.
groups-components-cost = A moment.

groups-cores-title = Cores
groups-cores-says = The densest parts, from inside out: everybody in a core of k has at least k ties inside it.
groups-cores-cost = A moment.

groups-blocks-title = Blocks
groups-blocks-says = Three and more who stay together whichever one of them goes.
groups-blocks-cost = A moment.

groups-bridges-title = Bridges
groups-bridges-says = Ties without which somebody could not be reached at all, with how many are cut off: where a record may be missing, or where one tie holds two sides together.
groups-bridges-cost = A moment.

groups-brokers-title = Brokers between agencies and gangs
groups-brokers-says = Who stands between people of different agencies and gangs that are not tied to each other (Gould and Fernandez' roles); strengths do not matter.
groups-brokers-cost = Seconds for a million people.

groups-community-brokers-title = Brokers between communities
groups-community-brokers-says = Who stands between people of different communities that are not tied to each other.
groups-community-brokers-cost = Seconds for a million people.

groups-fragment-title = Key players to fragment
groups-fragment-says = The few people together without whom most pairs of the others cannot reach each other; strengths do not matter.
groups-fragment-cost = Moments; seconds on a large network.

groups-reach-title = Key players to reach
groups-reach-says = The few people together who are, or are within --hops of, most of the network.
groups-reach-cost = Moments.

groups-faction-title = Factions of a circle
groups-faction-says = The circle of somebody (--of), split in two so that most strength is inside the sides: his own side first.
groups-faction-cost = A moment.
