//! The k best loopless paths.
//!
//! J. Y. Yen, *Finding the k shortest loopless paths in a network*, Management Science 17 (1971),
//! with E. L. Lawler's refinement (Management Science 18, 1972): a path that deviated from its
//! parent at some node is varied from that node on only, so that no path is found twice.

use std::collections::BTreeSet;

use super::cost::{Cost, Costs, HOPS};
use super::lens::{Lens, Look, Seen};
use super::reliable::TwoEnded;
use super::search::Search;
use crate::network::{NodeIx, Projection};

/// How many paths to look for, and how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathOptions {
    /// How many paths at most.
    pub k: usize,
    /// Longest path, in hops.
    pub max_hops: u32,
}

/// How many paths are looked for unless told otherwise.
pub const PATHS: usize = 3;
/// The longest path that is looked for unless told otherwise: a chain of money through accounts
/// has six to nine hops.
pub const MAX_HOPS: u32 = 9;

/// The view is widened by such a part of what the best way costs, then by a quarter of what it was widened by so far, until it is as
/// much as that and all tolls. What was seen is not searched again.
const STEPS: u64 = 20;
/// How many tolls are tried where the best way is still too long, each twice the one before.
const TOLLS: usize = 8;
/// No toll is less than what it costs that this share comes through.
const LEAST_TOLL: f64 = 0.999;
/// Who is near is found among so many nodes without a toll; among few in tests, so that small graphs have both.
const NEAR: usize = if cfg!(test) { 4 } else { 2_000 };
/// A limit of more hops than this leaves nothing out that strength alone would not.
const SHORT: u32 = 2 * MAX_HOPS;
/// So few nodes are searched again without a thought.
const SMALL: usize = 10_000;

impl Default for PathOptions {
    fn default() -> Self {
        Self { k: PATHS, max_hops: MAX_HOPS }
    }
}

/// A path, where it left its parent, and what it costs; the best is the least.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    cost: Cost,
    nodes: Vec<u32>,
    deviates: usize,
}

impl Found {
    fn is_short(&self, most: u32) -> bool {
        self.nodes.len() - 1 <= most as usize
    }
}

/// The nodes of the `k` best loopless paths between two nodes, best first: least sum of −ln weight,
/// then fewest hops, then first in node order. None from a node to itself. A limit of more than 4,095 hops
/// only leaves out, of the `k` best, those that are longer.
///
/// Cost: a search from both ends, over what is nearer than half of what the last path costs; for more than one path,
/// or where a path is longer than is allowed, k × hops short searches in what both ends saw. 8 bytes an arc and 16 a
/// node (60 where most of the graph is between the two).
///
/// ```
/// use parasol::analysis::paths::{best_routes, PathOptions};
/// use parasol::network::{NodeIx, Projection};
///
/// // The detour 0–1–3 (0.9 × 0.9) beats the direct tie 0–3 (0.3); 0–2–3 (0.5 × 0.5) does not.
/// let arcs = [(0, 1, 0.9), (1, 3, 0.9), (0, 2, 0.5), (2, 3, 0.5), (0, 3, 0.3)];
/// let projection = Projection::from_arcs(4, &arcs, false)?;
/// let routes = best_routes(&projection, NodeIx(0), NodeIx(3), &PathOptions::default());
/// let nodes: Vec<Vec<u32>> = routes.iter().map(|route| route.iter().map(|n| n.0).collect()).collect();
/// assert_eq!(nodes, [vec![0, 1, 3], vec![0, 3], vec![0, 2, 3]]);
/// # Ok::<(), parasol::network::ArcsError>(())
/// ```
pub fn best_routes(
    projection: &Projection,
    from: NodeIx,
    to: NodeIx,
    options: &PathOptions,
) -> Vec<Vec<NodeIx>> {
    best_routes_by(&Costs::new(projection), from, to, options)
}

/// [`best_routes`] for many pairs of one projection: the costs of its arcs are made once.
pub fn best_routes_by(
    costs: &Costs<'_>,
    from: NodeIx,
    to: NodeIx,
    options: &PathOptions,
) -> Vec<Vec<NodeIx>> {
    if from == to { Vec::new() } else { best_routes_to_any(costs, from, &[to], options) }
}

/// The nodes of the `k` best loopless paths from a node to any of some targets, in the order of
/// [`best_routes`]; a path ends at the first target it comes to. The start itself is no target, nor is a
/// node that is not there.
///
/// Cost: as [`best_routes`]; the more targets, the less, since the nearest end the search.
///
/// ```
/// use parasol::analysis::paths::{Costs, PathOptions, best_routes_to_any};
/// use parasol::network::{NodeIx, Projection};
///
/// // 0–1–2–3: from 0 the nearer of 2 and 3 is 2, and nothing leads past it.
/// let line = Projection::from_arcs(4, &[(0, 1, 0.9), (1, 2, 0.9), (2, 3, 0.9)], false)?;
/// let targets = [NodeIx(3), NodeIx(2)];
/// let routes = best_routes_to_any(&Costs::new(&line), NodeIx(0), &targets, &PathOptions::default());
/// assert_eq!(routes, [[NodeIx(0), NodeIx(1), NodeIx(2)]]);
/// # Ok::<(), parasol::network::ArcsError>(())
/// ```
pub fn best_routes_to_any(
    costs: &Costs<'_>,
    from: NodeIx,
    targets: &[NodeIx],
    options: &PathOptions,
) -> Vec<Vec<NodeIx>> {
    let targets = real_targets(costs, from, targets);
    if options.k == 0 || targets.is_empty() {
        return Vec::new();
    }
    let most = options.max_hops;
    if options.k == 1 {
        let best = TwoEnded::new(costs).run(from, &targets);
        if best.as_ref().is_none_or(|best| best.len() - 1 <= most as usize) {
            return best.into_iter().collect();
        }
    }
    routes(costs, from, &targets, options.k, most)
}

/// The targets that a path may lead to, in order, each once; none where the start is not there.
pub(super) fn real_targets(costs: &Costs<'_>, from: NodeIx, targets: &[NodeIx]) -> Vec<u32> {
    let nodes = costs.projection.node_count();
    let there = |target: &&NodeIx| **target != from && target.at().max(from.at()) < nodes;
    let mut targets: Vec<u32> = targets.iter().filter(there).map(|target| target.0).collect();
    targets.sort_unstable();
    targets.dedup();
    targets
}

/// The best routes, looked for in what is near enough to both ends: that is widened until it holds as many as are
/// wanted and no better ones are outside.
///
/// The most reliable ways of a city are long chains of strong ties, and what is near by strength alone is far more than
/// what a few hops can cross. So where the two are not near, each hop costs a toll beside, as much as a hop costs there in the mean, and
/// twice that until the best way is short enough (G. Y. Handler and I. Zang, *A dual algorithm for the constrained shortest path
/// problem*, Networks 10, 1980): no way of at most `most` hops pays it more than `most` times, so none of them is lost.
fn routes(costs: &Costs<'_>, from: NodeIx, targets: &[u32], k: usize, most: u32) -> Vec<Vec<NodeIx>> {
    let mut lens = Lens::new(costs, from, targets);
    let (mut toll, mut slack, mut tolls) = (Cost::default(), Cost::default(), 0);
    loop {
        let is_free = toll == Cost::default();
        let seen = match lens.look(toll, slack, if is_free && most <= SHORT { NEAR } else { usize::MAX }) {
            Ok(Look::Seen(seen)) if seen.best.hops() <= most || most >= HOPS => seen,
            Ok(Look::Nowhere) => return Vec::new(),
            Err(_) => break,
            Ok(_) if tolls == TOLLS => break,
            Ok(_) => {
                let least = Cost::of_share(LEAST_TOLL);
                toll = if is_free { lens.a_hop().max(least) } else { toll.times(2) };
                (slack, tolls) = (Cost::default(), tolls + 1);
                continue;
            }
        };
        let found = routes_in(&seen, from, targets, k, most);
        // So much any way pays at most that is as good as the last of these.
        let paid =
            found.last().filter(|_| found.len() == k).map(|last| last.cost.plus(toll.times(most.min(HOPS))));
        if seen.bound == Cost::ANY || paid.is_some_and(|paid| paid <= seen.bound) {
            let nodes = |path: Found| path.nodes.into_iter().filter_map(|place| seen.node(place)).collect();
            return found.into_iter().filter(|path| path.is_short(most)).map(nodes).collect();
        }
        // What is much of the graph is no less work than the whole.
        let widest = seen.best.plus(toll.times(most.min(HOPS)));
        if slack >= widest || seen.nodes.len() > SMALL.max(costs.projection.node_count() / 8) {
            break;
        }
        let wider = seen.best.share(STEPS).max(slack.share(4)).max(Cost::LEAST);
        let wider = slack.plus(wider).min(widest);
        slack = paid.map_or(wider, |paid| paid.less(seen.best).min(wider));
    }
    let found = best_of(costs, from, targets, k, most);
    let nodes = |path: Found| path.nodes.into_iter().map(NodeIx).collect();
    found.into_iter().filter(|path| path.is_short(most)).map(nodes).collect()
}

/// The best routes of what was seen, by their places there.
fn routes_in(seen: &Seen, from: NodeIx, targets: &[u32], k: usize, most: u32) -> Vec<Found> {
    let &[start] = seen.here(&[from.0]).as_slice() else { return Vec::new() };
    best_of(&Costs::new(&seen.graph), NodeIx(start), &seen.here(targets), k, most)
}

/// The `k` best routes; of more than `most` hops some may be among them where that is more than can be told apart.
fn best_of(costs: &Costs<'_>, from: NodeIx, targets: &[u32], k: usize, most: u32) -> Vec<Found> {
    // Limits on hops make searches larger, and often nobody comes near them.
    let free = search(costs, from, targets, k, None);
    if most >= HOPS || free.iter().all(|path| path.is_short(most)) {
        return free;
    }
    search(costs, from, targets, k, Some(most))
}

fn search(costs: &Costs<'_>, from: NodeIx, targets: &[u32], k: usize, limit: Option<u32>) -> Vec<Found> {
    let mut search = Search::new(costs, from, targets, limit);
    let mut paths: Vec<Found> = Vec::new();
    let mut candidates = BTreeSet::new();
    candidates.extend(deviation(&mut search, &[from.0], Cost::default(), &[], Cost::NEVER));
    while let Some(path) = candidates.pop_first() {
        paths.push(path);
        let missing = k - paths.len();
        if missing == 0 {
            break;
        }
        vary(costs, &mut search, &paths, missing, &mut candidates);
    }
    paths
}

/// Adds the best deviations of the path that was found last; of all candidates only those are kept that
/// may be among the `missing` best.
fn vary(
    costs: &Costs<'_>,
    search: &mut Search<'_>,
    paths: &[Found],
    missing: usize,
    candidates: &mut BTreeSet<Found>,
) {
    let Some(last) = paths.last() else { return };
    let mut spent = Cost::default();
    for at in 0..last.nodes.len() - 1 {
        let root = &last.nodes[..=at];
        if at >= last.deviates {
            let mut banned: Vec<u32> = paths
                .iter()
                .filter(|path| path.nodes.starts_with(root))
                .map(|path| path.nodes[at + 1])
                .collect();
            banned.sort_unstable();
            banned.dedup();
            let most =
                candidates.last().filter(|_| candidates.len() >= missing).map_or(Cost::NEVER, |c| c.cost);
            candidates.extend(deviation(search, root, spent, &banned, most));
            while candidates.len() > missing {
                candidates.pop_last();
            }
        }
        spent = spent.plus(costs.between(last.nodes[at], last.nodes[at + 1]).unwrap_or_default());
    }
}

/// The best path that begins with `root`, goes on to none of `banned`, and costs at most `most`.
fn deviation(
    search: &mut Search<'_>,
    root: &[u32],
    spent: Cost,
    banned: &[u32],
    most: Cost,
) -> Option<Found> {
    let (cost, rest) = search.run(root, spent, banned, most)?;
    let nodes = root.iter().copied().chain(rest).collect();
    Some(Found { cost, nodes, deviates: root.len() - 1 })
}
