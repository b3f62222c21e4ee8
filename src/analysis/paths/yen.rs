//! The k best loopless paths.
//!
//! J. Y. Yen, *Finding the k shortest loopless paths in a network*, Management Science 17 (1971),
//! with E. L. Lawler's refinement (Management Science 18, 1972): a path that deviated from its
//! parent at some node is varied from that node on only, so that no path is found twice.

use std::collections::BTreeSet;

use super::search::{Cost, Search};
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

/// The nodes of the `k` best loopless paths between two nodes, best first: least sum of −ln weight,
/// then fewest hops, then first in node order. None from a node to itself.
///
/// Cost: a Dijkstra over what lies between the two, then k × hops short searches.
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
    let nodes = projection.node_count();
    if options.k == 0 || from == to || from.at().max(to.at()) >= nodes {
        return Vec::new();
    }
    let mut search = Search::new(projection, from, to, options.max_hops);
    let mut paths: Vec<Found> = Vec::new();
    let mut candidates = BTreeSet::new();
    candidates.extend(deviation(&mut search, &[from.0], Cost::default(), &[]));
    while let Some(path) = candidates.pop_first() {
        paths.push(path);
        let missing = options.k - paths.len();
        if missing == 0 {
            break;
        }
        vary(projection, &mut search, &paths, &mut candidates);
        while candidates.len() > missing {
            candidates.pop_last();
        }
    }
    paths.into_iter().map(|path| path.nodes.into_iter().map(NodeIx).collect()).collect()
}

/// Adds the best deviations of the path that was found last.
fn vary(projection: &Projection, search: &mut Search<'_>, paths: &[Found], candidates: &mut BTreeSet<Found>) {
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
            candidates.extend(deviation(search, root, spent, &banned));
        }
        let weight = projection.weight(NodeIx(last.nodes[at]), NodeIx(last.nodes[at + 1]));
        spent = spent.plus(Cost::of(weight.unwrap_or(1.0)));
    }
}

/// The best path that begins with `root` and goes on to none of `banned`.
fn deviation(search: &mut Search<'_>, root: &[u32], spent: Cost, banned: &[u32]) -> Option<Found> {
    let (cost, rest) = search.run(root, spent, banned)?;
    let nodes = root.iter().copied().chain(rest).collect();
    Some(Found { cost, nodes, deviates: root.len() - 1 })
}
