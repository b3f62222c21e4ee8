//! How surely two are connected, all ways taken together.
//!
//! Ways that share ties may not be added up. Where few ties matter the chance is found exactly
//! ([`super::frontier`]). Where they are more or hang together too densely, it is split by the best
//! way: it holds, or its first tie does not, or its first holds and its second does not, and so on; each of
//! these is split by the best way that is left (W. P. Dotson and J. O. Gobien, *A new analysis technique
//! for probabilistic graphs*, IEEE Transactions on Circuits and Systems 26, 1979). What is not looked at
//! any more lies between nothing and all of it, so that there is an interval at any time. Ties are taken
//! for independent, as in a path.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::cost::{Cost, Costs};
use super::drawn::drawn;
use super::frontier::{Uncertain, exactly};
use super::relevant::relevant;
use super::yen::{PathOptions, best_routes_by};
use crate::analysis::Watch;
use crate::network::{ArcsError, NodeIx, Projection};

/// How surely two are connected: between two bounds, which are equal where it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Together {
    /// At least so surely.
    pub least: f64,
    /// At most so surely.
    pub most: f64,
    /// Where the bounds are far apart, the 95 % interval of 2,000 draws: right 19 times in 20.
    pub drawn: Option<(f64, f64)>,
}

/// How many splits are looked at, and what may be left unsplit in all.
const SPLITS: usize = 20_000;
const REST: f64 = 1e-12;
/// Up to so many ties that matter an exact answer is tried for.
const FEW: usize = 128;
/// How many of the best ways make the least where it is not exact.
const BEST: usize = 40;
/// Bounds that are further apart than this are helped by draws.
const FAR: f64 = 0.01;

/// The chance that at least one way holds from a node to any of some targets. Of the ties only those count
/// that are on some loopless way. Where they are 128 or fewer, the chance is exact, unless they hang together
/// so densely that more than 100,000 states would have to be told apart (the ties of eleven who all know each
/// other do not). Else the least is that of the ties on the best ways, 40 of at
/// most `options.max_hops`; the most is what the ties around either end, and those at each number of hops
/// from them, leave (a way must cross each such ring; J. D. Esary and F. Proschan 1963); and where the two are
/// more than 0.01 apart, draws say where between them it lies. Nobody is connected to himself by a way: 1.
///
/// Cost: a pass over all arcs, 40 bytes an arc; for an exact answer at most a second or two and 20 MB; else at
/// most 20,000 searches over few ties, then perhaps 2,000 walks from both ends. Whoever looks on may stop the
/// draws.
///
/// # Errors
/// Never for a projection of a network: see [`Projection::from_arcs`].
///
/// ```
/// use parasol::analysis::paths::{PathOptions, reliability};
/// use parasol::network::{NodeIx, Projection};
///
/// // Two ways of a half times a half: 1 − (1 − ¼)².
/// let arcs = [(0, 1, 0.5), (1, 3, 0.5), (0, 2, 0.5), (2, 3, 0.5)];
/// let projection = Projection::from_arcs(4, &arcs, false)?;
/// let options = PathOptions { k: 9, max_hops: 9 };
/// let sure = reliability(&projection, NodeIx(0), &[NodeIx(3)], &options, 1, &Default::default())?;
/// assert!((sure.least - 0.4375).abs() < 1e-12 && (sure.most - 0.4375).abs() < 1e-9);
/// # Ok::<(), parasol::network::ArcsError>(())
/// ```
pub fn reliability(
    projection: &Projection,
    from: NodeIx,
    targets: &[NodeIx],
    options: &PathOptions,
    seed: u64,
    watch: &Watch,
) -> Result<Together, ArcsError> {
    if targets.contains(&from) {
        return Ok(Together { least: 1.0, most: 1.0, drawn: None });
    }
    let Some((ties, to)) = relevant(projection, from, targets)? else {
        return Ok(Together { least: 0.0, most: 0.0, drawn: None });
    };
    let arcs = if ties.is_directed() { ties.arc_count() } else { ties.arc_count() / 2 };
    let rings = rings(&ties, from, to);
    let (least, most) = if arcs <= FEW {
        let all = Ways::of_all(&ties, from, to);
        let exact = exactly(&all.uncertain(), ties.is_directed()).map(|chance| (chance, chance));
        exact.unwrap_or_else(|| all.split())
    } else {
        let best = PathOptions { k: options.k.max(BEST), ..*options };
        let routes = best_routes_by(&Costs::new(&ties), from, to, &best);
        let least =
            if routes.is_empty() { 0.0 } else { Ways::new(&ties, &routes).at_least(ties.is_directed()) };
        (least, 1.0)
    };
    let most = most.min(rings).max(least);
    let far = most - least > FAR;
    let drawn = if far { drawn(&ties, from, to, seed, watch) } else { None };
    Ok(Together { least, most, drawn })
}

/// The product, over the rings of ties between one number of hops and the next, of the chance that any of
/// them holds: the first half of the rings around one end, the others around the other.
fn rings(projection: &Projection, from: NodeIx, to: NodeIx) -> f64 {
    let out = hops(projection, from, true);
    let Some(apart) = out.get(to.at()).copied().filter(|&hops| hops != u32::MAX) else { return 0.0 };
    let half = apart.div_ceil(2);
    let into = hops(projection, to, false);
    let mut doubts = vec![1.0; apart as usize];
    for node in projection.nodes() {
        for hand in projection.leaving(node) {
            let (near, far) = (out[node.at()], out[hand.neighbour.at()]);
            if near < half && far == near + 1 {
                doubts[near as usize] *= 1.0 - hand.weight;
            }
            let (far, near) = (into[node.at()], into[hand.neighbour.at()]);
            if near < apart - half && far == near + 1 {
                doubts[(half + near) as usize] *= 1.0 - hand.weight;
            }
        }
    }
    doubts.into_iter().map(|doubt| 1.0 - doubt).product()
}

/// Hops from a node, as arcs lead or against them; `u32::MAX` where there is no way.
fn hops(projection: &Projection, start: NodeIx, forth: bool) -> Vec<u32> {
    let mut hops = vec![u32::MAX; projection.node_count()];
    let mut order = vec![start.0];
    if let Some(first) = hops.get_mut(start.at()) {
        *first = 0;
    }
    let mut at = 0;
    while let Some(&node) = order.get(at) {
        let node = NodeIx(node);
        let next = if forth { projection.neighbours(node) } else { projection.sources(node) };
        for &other in next {
            if hops[other as usize] == u32::MAX {
                hops[other as usize] = hops[node.at()] + 1;
                order.push(other);
            }
        }
        at += 1;
    }
    hops
}

/// What is known of a tie.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Nothing,
    Holds,
    Not,
}

/// The ties of some ways, numbered anew.
struct Ways {
    /// The strength of each tie.
    ties: Vec<f64>,
    /// Of each node the arcs that lead on: where, and over which tie. The start is 0, the end 1.
    arcs: Vec<Vec<(usize, usize)>>,
}

impl Ways {
    fn new(projection: &Projection, routes: &[Vec<NodeIx>]) -> Self {
        let mut number: BTreeMap<NodeIx, usize> = BTreeMap::new();
        let ends = routes.first().into_iter().flat_map(|route| [route.first(), route.last()]);
        ends.flatten().for_each(|&end| _ = number.insert(end, number.len()));
        let mut tie: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        let mut ways = Self { ties: Vec::new(), arcs: Vec::new() };
        for (from, to) in routes.iter().flat_map(|route| route.iter().zip(route.iter().skip(1))) {
            let mut of = |node: NodeIx| {
                let next = number.len();
                *number.entry(node).or_insert(next)
            };
            let (a, b) = (of(*from), of(*to));
            ways.arcs.resize(number.len(), Vec::new());
            let key = if projection.is_directed() { (a, b) } else { (a.min(b), a.max(b)) };
            let next = ways.ties.len();
            if *tie.entry(key).or_insert(next) == next {
                ways.ties.push(projection.weight(*from, *to).unwrap_or(0.0));
                ways.arcs[a].push((b, next));
                if !projection.is_directed() {
                    ways.arcs[b].push((a, next));
                }
            }
        }
        ways
    }

    /// Every tie there is.
    fn of_all(projection: &Projection, from: NodeIx, to: NodeIx) -> Self {
        let mut ways = Self { ties: Vec::new(), arcs: vec![Vec::new(); 2] };
        let mut number = BTreeMap::from([(from, 0), (to, 1)]);
        for node in projection.nodes() {
            let leaving = projection.leaving(node);
            for hand in leaving.filter(|hand| projection.is_directed() || node < hand.neighbour) {
                let [a, b] = [node, hand.neighbour].map(|node| {
                    let next = number.len();
                    *number.entry(node).or_insert(next)
                });
                ways.arcs.resize(number.len(), Vec::new());
                let tie = ways.ties.len();
                ways.ties.push(hand.weight);
                ways.arcs[a].push((b, tie));
                if !projection.is_directed() {
                    ways.arcs[b].push((a, tie));
                }
            }
        }
        ways
    }

    /// The ties, with their ends; those that lead both ways once.
    fn uncertain(&self) -> Vec<Uncertain> {
        let mut ends = vec![None; self.ties.len()];
        for (from, arcs) in self.arcs.iter().enumerate() {
            for &(to, tie) in arcs {
                ends[tie].get_or_insert((from, to));
            }
        }
        let tie = |(ends, &holds): (Option<(usize, usize)>, &f64)| ends.map(|(from, to)| (from, to, holds));
        ends.into_iter().zip(&self.ties).filter_map(tie).collect()
    }

    /// The chance that start and end are connected, at least.
    fn at_least(&self, directed: bool) -> f64 {
        let exact = if self.ties.len() <= FEW { exactly(&self.uncertain(), directed) } else { None };
        exact.unwrap_or_else(|| self.split().0)
    }

    /// The chance that start and end are connected: at least, at most.
    fn split(&self) -> (f64, f64) {
        // The likeliest first; of equal ones in the order they came up.
        let mut open = BinaryHeap::from([Part {
            chance: 1.0,
            place: Reverse(0),
            known: vec![Known::Nothing; self.ties.len()],
        }]);
        let (mut least, mut places) = (0.0, 0);
        for _ in 0..SPLITS {
            let Some(Part { chance, mut known, .. }) = open.pop() else { break };
            if chance < REST {
                open.push(Part { chance, place: Reverse(0), known });
                break;
            }
            let Some(way) = self.best_way(&known) else { continue };
            let mut holds = chance;
            for tie in way.into_iter().filter(|&tie| known[tie] == Known::Nothing).collect::<Vec<_>>() {
                known[tie] = Known::Not;
                places += 1;
                let not = holds * (1.0 - self.ties[tie]);
                if not > 0.0 {
                    open.push(Part { chance: not, place: Reverse(places), known: known.clone() });
                }
                known[tie] = Known::Holds;
                holds *= self.ties[tie];
            }
            least += holds;
        }
        let rest: f64 = open.into_sorted_vec().iter().map(|part| part.chance).sum();
        (least.min(1.0), (least + rest).min(1.0))
    }

    /// The ties of the best way over what may hold; what holds costs nothing (Dijkstra 1959).
    fn best_way(&self, known: &[Known]) -> Option<Vec<usize>> {
        let mut cost = vec![Cost::NEVER; self.arcs.len()];
        let mut before = vec![None; self.arcs.len()];
        let mut queue = BinaryHeap::from([Reverse((Cost::default(), 0))]);
        cost[0] = Cost::default();
        while let Some(Reverse((spent, node))) = queue.pop() {
            if node == 1 {
                break;
            }
            if spent > cost[node] {
                continue;
            }
            for &(to, tie) in &self.arcs[node] {
                let step = match known[tie] {
                    Known::Not => continue,
                    Known::Holds => Cost::of(1.0),
                    Known::Nothing => Cost::of(self.ties[tie]),
                };
                if spent.plus(step) < cost[to] {
                    cost[to] = spent.plus(step);
                    before[to] = Some((node, tie));
                    queue.push(Reverse((cost[to], to)));
                }
            }
        }
        let mut way = Vec::new();
        let mut at = 1;
        while let Some((from, tie)) = before[at] {
            way.push(tie);
            at = from;
        }
        way.reverse();
        (!way.is_empty()).then_some(way)
    }
}

/// A part of what may be: what is known of each tie, and the chance that it is so.
struct Part {
    chance: f64,
    place: Reverse<usize>,
    known: Vec<Known>,
}

impl Ord for Part {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.chance.total_cmp(&other.chance).then(self.place.cmp(&other.place))
    }
}

impl PartialOrd for Part {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Part {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The chance by trying every set of ties that hold.
    fn plain(projection: &Projection, from: u32, to: u32) -> f64 {
        let arcs: Vec<(u32, u32, f64)> = projection
            .nodes()
            .flat_map(|a| projection.leaving(a).map(move |hand| (a.0, hand.neighbour.0, hand.weight)))
            .filter(|&(a, b, _)| projection.is_directed() || a < b)
            .collect();
        let mut sum = 0.0;
        for set in 0_u32..1 << arcs.len() {
            let holds = |at: usize| set >> at & 1 == 1;
            let mut reached = vec![from];
            for _ in 0..8 {
                for (at, &(a, b, _)) in arcs.iter().enumerate().filter(|(at, _)| holds(*at)) {
                    let _ = at;
                    if reached.contains(&a) {
                        reached.push(b);
                    }
                    if !projection.is_directed() && reached.contains(&b) {
                        reached.push(a);
                    }
                }
                reached.sort_unstable();
                reached.dedup();
            }
            if reached.contains(&to) {
                let chance =
                    |(at, arc): (usize, &(u32, u32, f64))| if holds(at) { arc.2 } else { 1.0 - arc.2 };
                sum += arcs.iter().enumerate().map(chance).product::<f64>();
            }
        }
        sum
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        #[test]
        fn all_ways_together_are_as_sure_as_all_sets_of_ties_say(
            arcs in proptest::collection::vec((0_u32..6, 0_u32..6, 0.05_f64..1.0), 0..8),
            directed: bool,
        ) {
            let projection = Projection::from_arcs(6, &arcs, directed).unwrap();
            let all = of(&projection, &[5]);
            let plain = plain(&projection, 0, 5);
            prop_assert!((all.least - plain).abs() < 1e-9 && (all.most - plain).abs() < 1e-9, "{:?} {}", all, plain);
            // Splitting comes to the same as going over the ties.
            if let Some((ties, to)) = relevant(&projection, NodeIx(0), &[NodeIx(5)]).unwrap() {
                let (least, most) = Ways::of_all(&ties, NodeIx(0), to).split();
                prop_assert!(least <= plain + 1e-9 && plain <= most + 1e-9 && most - least < 1e-9);
            }
            let routes = best_routes_by(&Costs::new(&projection), NodeIx(0), NodeIx(5), &PathOptions { k: 1, max_hops: 9 });
            let few = if routes.is_empty() { 0.0 } else { Ways::new(&projection, &routes).split().0 };
            prop_assert!(few <= plain + 1e-9 && plain <= rings(&projection, NodeIx(0), NodeIx(5)) + 1e-9);
            if let Some((low, high)) = drawn(&projection, NodeIx(0), NodeIx(5), 1, &Watch::default()) {
                // Outside once in twenty; never far outside.
                prop_assert!(low - 0.05 < plain && plain < high + 0.05, "{} {} {}", low, plain, high);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn denser_ones_are_as_sure_as_all_sets_of_ties_say(
            arcs in proptest::collection::vec((0_u32..7, 0_u32..7, 0.05_f64..1.0), 10..14),
            directed: bool,
        ) {
            let projection = Projection::from_arcs(7, &arcs, directed).unwrap();
            let (all, plain) = (of(&projection, &[5]), plain(&projection, 0, 5));
            prop_assert!((all.least - plain).abs() < 1e-9 && all.least == all.most, "{:?} {}", all, plain);
        }
    }

    fn of(projection: &Projection, to: &[u32]) -> Together {
        let to: Vec<NodeIx> = to.iter().map(|&to| NodeIx(to)).collect();
        reliability(projection, NodeIx(0), &to, &PathOptions::default(), 1, &Watch::default()).unwrap()
    }

    #[test]
    fn himself_surely_nobody_never() {
        let projection = Projection::from_arcs(3, &[(0, 1, 0.4)], false).unwrap();
        assert_eq!(of(&projection, &[0]), Together { least: 1.0, most: 1.0, drawn: None });
        for nobody in [&[2][..], &[9], &[]] {
            let sure = of(&projection, nobody);
            assert!(sure.least == 0.0 && sure.most == 0.0, "{sure:?}");
        }
        assert!((of(&projection, &[1]).least - 0.4).abs() < 1e-12);
        assert_eq!(of(&Projection::default(), &[1]).most, 0.0);
    }

    #[test]
    fn any_of_several_is_as_sure_as_all_their_ties() {
        // 0 knows 1 and 2, each with a half: one of them at least with three quarters.
        let projection = Projection::from_arcs(3, &[(0, 1, 0.5), (0, 2, 0.5)], false).unwrap();
        assert!((of(&projection, &[1, 2]).least - 0.75).abs() < 1e-12);
        assert!((of(&projection, &[1]).most - 0.5).abs() < 1e-9, "a dead end is no way");
    }

    /// How surely two of some who all know each other are connected, ties all as sure (E. N. Gilbert, *Random
    /// graphs*, Annals of Mathematical Statistics 30, 1959): over the size of the part that one of them is in.
    fn of_complete(nodes: u32, holds: f64) -> f64 {
        let mut connected = vec![1.0_f64; nodes as usize + 1];
        let choose = |n: u32, k: u32| (0..k).fold(1.0, |all, at| all * f64::from(n - at) / f64::from(at + 1));
        let not = |ties: u32| (1.0 - holds).powi(ties as i32);
        for n in 2..=nodes {
            let apart = |k: u32| choose(n - 1, k - 1) * connected[k as usize] * not(k * (n - k));
            connected[n as usize] = 1.0 - (1..n).map(apart).sum::<f64>();
        }
        let part = |k: u32| choose(nodes - 2, k - 2) * connected[k as usize] * not(k * (nodes - k));
        (2..=nodes).map(part).sum()
    }

    #[test]
    fn who_all_know_each_other_are_as_sure_as_the_formula_says() {
        for (nodes, holds) in [(3, 0.3), (8, 0.1), (9, 0.1), (10, 0.1), (11, 0.2), (11, 0.5)] {
            let arcs: Vec<_> = (0..nodes).flat_map(|a| (0..a).map(move |b| (a, b, holds))).collect();
            let sure = of(&Projection::from_arcs(nodes as usize, &arcs, false).unwrap(), &[nodes - 1]);
            let exact = of_complete(nodes, holds);
            assert!(
                (sure.least - exact).abs() < 1e-9 && sure.least == sure.most,
                "{nodes}: {sure:?} {exact}"
            );
        }
    }

    #[test]
    fn a_long_grid_is_exact() {
        // Two rows of forty: 118 ties. A transfer matrix over the columns says the same.
        let holds = 0.8;
        let mut arcs = vec![(0, 40, holds)];
        for at in 0..39_u32 {
            arcs.extend([(at, at + 1, holds), (at + 40, at + 41, holds), (at + 1, at + 41, holds)]);
        }
        let sure = of(&Projection::from_arcs(80, &arcs, false).unwrap(), &[39]);
        // Of a column: both reached, the upper alone, the lower alone.
        let (mut both, mut one) = (holds, [1.0 - holds, 0.0]);
        for _ in 0..39 {
            let over = |upper: bool, lower: bool| match (upper, lower) {
                (true, true) => both * holds * holds,
                (true, false) => both * holds * (1.0 - holds) + one[0] * holds,
                (false, true) => both * holds * (1.0 - holds) + one[1] * holds,
                (false, false) => 0.0,
            };
            let [all, upper, lower] = [over(true, true), over(true, false), over(false, true)];
            (both, one) = (all + (upper + lower) * holds, [upper * (1.0 - holds), lower * (1.0 - holds)]);
        }
        let exact = both + one[0];
        assert!((sure.least - exact).abs() < 1e-9 && sure.least == sure.most, "{sure:?} {exact}");
    }

    #[test]
    fn more_ties_than_can_be_told_apart_are_bounded_and_drawn() {
        // Eighteen who all know each other, each with a tenth.
        let arcs: Vec<_> = (0..18).flat_map(|a| (0..a).map(move |b| (a, b, 0.1))).collect();
        let sure = of(&Projection::from_arcs(18, &arcs, false).unwrap(), &[17]);
        let (low, high) = sure.drawn.unwrap();
        let exact = of_complete(18, 0.1);
        assert!(sure.least <= exact && exact <= sure.most && sure.most <= 1.0, "{sure:?} {exact}");
        assert!(low - 0.05 < exact && exact < high + 0.05, "{sure:?} {exact}");
    }
}
