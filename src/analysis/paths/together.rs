//! How surely two are connected, all ways taken together.
//!
//! Ways that share ties may not be added up. The chance that at least one way holds is split by the best
//! way: it holds, or its first tie does not, or its first holds and its second does not, and so on; each of
//! these is split by the best way that is left (W. P. Dotson and J. O. Gobien, *A new analysis technique
//! for probabilistic graphs*, IEEE Transactions on Circuits and Systems 26, 1979). What is not looked at
//! any more lies between nothing and all of it, so that there is an interval at any time. Ties are taken
//! for independent, as in a path.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::cost::{Cost, Costs};
use super::yen::{PathOptions, best_routes_by};
use crate::network::{NodeIx, Projection};

/// How surely two are connected: between two bounds, which are equal where it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Together {
    /// At least so surely.
    pub least: f64,
    /// At most so surely.
    pub most: f64,
}

/// How many splits are looked at, and what may be left unsplit in all.
const SPLITS: usize = 20_000;
const REST: f64 = 1e-12;

/// The chance that at least one way between two holds. The least is that of the ties on the
/// `options.k` best ways of at most `options.max_hops`; the most is what the ties around either end, and
/// those at each number of hops from them, leave (a way must cross each such ring; J. D. Esary and F.
/// Proschan 1963). Where the best ways use every tie there is, both are exact, or as near as 20,000 splits
/// come. Nobody is connected to himself by a way: 1.
///
/// Cost: as [`super::best_routes`], then at most 20,000 searches over the ties of those ways.
///
/// ```
/// use parasol::analysis::paths::{Costs, PathOptions, reliability};
/// use parasol::network::{NodeIx, Projection};
///
/// // Two ways of a half times a half: 1 − (1 − ¼)².
/// let arcs = [(0, 1, 0.5), (1, 3, 0.5), (0, 2, 0.5), (2, 3, 0.5)];
/// let projection = Projection::from_arcs(4, &arcs, false)?;
/// let sure = reliability(&Costs::new(&projection), NodeIx(0), NodeIx(3), &PathOptions { k: 9, max_hops: 9 });
/// assert!((sure.least - 0.4375).abs() < 1e-12 && (sure.most - 0.4375).abs() < 1e-9);
/// # Ok::<(), parasol::network::ArcsError>(())
/// ```
pub fn reliability(costs: &Costs<'_>, from: NodeIx, to: NodeIx, options: &PathOptions) -> Together {
    if from == to {
        return Together { least: 1.0, most: 1.0 };
    }
    let routes = best_routes_by(costs, from, to, options);
    if routes.is_empty() {
        let most = if options.k > 0 && is_limited(costs.projection, options) { 1.0 } else { 0.0 };
        return Together { least: 0.0, most: most * rings(costs.projection, from, to) };
    }
    let ways = Ways::new(costs.projection, &routes);
    let (least, most) = ways.split();
    if ways.ties.len() == ties(costs.projection) {
        return Together { least, most };
    }
    Together { least, most: rings(costs.projection, from, to).max(least) }
}

fn is_limited(projection: &Projection, options: &PathOptions) -> bool {
    (options.max_hops as usize) + 1 < projection.node_count()
}

fn ties(projection: &Projection) -> usize {
    if projection.is_directed() { projection.arc_count() } else { projection.arc_count() / 2 }
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
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn all_ways_together_are_as_sure_as_all_sets_of_ties_say(
            arcs in proptest::collection::vec((0_u32..6, 0_u32..6, 0.05_f64..1.0), 0..8),
            directed: bool,
        ) {
            let projection = Projection::from_arcs(6, &arcs, directed).unwrap();
            let costs = Costs::new(&projection);
            let plain = plain(&projection, 0, 5);
            let all = reliability(&costs, NodeIx(0), NodeIx(5), &PathOptions { k: 500, max_hops: 9 });
            prop_assert!((all.least - plain).abs() < 1e-9, "{:?} {}", all, plain);
            prop_assert!(all.most >= plain - 1e-9);
            let few = reliability(&costs, NodeIx(0), NodeIx(5), &PathOptions { k: 1, max_hops: 9 });
            prop_assert!(few.least <= plain + 1e-9 && plain <= few.most + 1e-9, "{:?} {}", few, plain);
        }
    }

    #[test]
    fn himself_surely_nobody_never() {
        let projection = Projection::from_arcs(3, &[(0, 1, 0.4)], false).unwrap();
        let costs = Costs::new(&projection);
        let of = |to: u32| reliability(&costs, NodeIx(0), NodeIx(to), &PathOptions::default());
        assert_eq!(of(0), Together { least: 1.0, most: 1.0 });
        assert_eq!(of(2), Together { least: 0.0, most: 0.0 });
        assert!((of(1).least - 0.4).abs() < 1e-12 && (of(1).most - 0.4).abs() < 1e-9);
    }
}
