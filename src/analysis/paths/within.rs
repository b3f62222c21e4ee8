//! All loopless paths that are good enough, counted.
//!
//! A walk in depth that turns back as soon as what it has spent and what is still to pay at least (a
//! Dijkstra from the targets) are over the bound. The number of paths may grow without end, so counting
//! stops at a stated number, and says so.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use super::cost::{Cost, Costs, HOPS};
use super::search::hops_within;
use super::yen::{PathOptions, best_routes_to_any, real_targets};
use crate::analysis::Watch;
use crate::network::NodeIx;

/// How many paths are counted at most, and how many steps are taken to find them.
pub const COUNTED: u64 = 1_000_000;
const STEPS: u64 = 100_000_000;
/// Steps between two looks whether to go on.
const LOOK: u64 = 1 << 20;

/// The paths within a bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Within {
    /// How many there are: exactly so many, or at least.
    pub count: u64,
    /// Whether that is all of them.
    pub is_exact: bool,
    /// The best of them, in the order of [`super::best_routes`].
    pub best: Vec<Vec<NodeIx>>,
}

/// The loopless paths from a node to any of some targets (a path ends at the first it comes to) whose
/// reliability is `least` or more, to nine digits, and that have at most `options.max_hops` hops (never
/// more than 4,095): how many there are, exactly up to [`COUNTED`], and the `options.k` best.
///
/// Cost: a Dijkstra over what is near enough, then a step for each node of each path and of each that
/// came to nothing, at most 100 million; 20 bytes a node.
///
/// ```
/// use parasol::analysis::paths::{Costs, PathOptions, routes_within};
/// use parasol::network::{NodeIx, Projection};
///
/// let arcs = [(0, 1, 0.9), (1, 3, 0.9), (0, 2, 0.5), (2, 3, 0.5), (0, 3, 0.3)];
/// let projection = Projection::from_arcs(4, &arcs, false)?;
/// let (costs, options) = (Costs::new(&projection), PathOptions { k: 1, max_hops: 9 });
/// let some = routes_within(&costs, NodeIx(0), &[NodeIx(3)], 0.3, &options, &Default::default());
/// assert_eq!((some.count, some.is_exact, some.best.len()), (2, true, 1));
/// # Ok::<(), parasol::network::ArcsError>(())
/// ```
pub fn routes_within(
    costs: &Costs<'_>,
    from: NodeIx,
    targets: &[NodeIx],
    least: f64,
    options: &PathOptions,
    watch: &Watch,
) -> Within {
    let targets = real_targets(costs, from, targets);
    if targets.is_empty() {
        return Within { count: 0, is_exact: true, best: Vec::new() };
    }
    let mut walk = Walk::new(costs, from, &targets, least, options);
    let is_exact = walk.run(from.0, watch);
    let best = if is_exact {
        walk.best.into_iter().map(|(_, nodes)| nodes.into_iter().map(NodeIx).collect()).collect()
    } else {
        // What was met first need not be the best.
        let targets: Vec<NodeIx> = targets.iter().map(|&target| NodeIx(target)).collect();
        let mut best = best_routes_to_any(costs, from, &targets, options);
        best.retain(|route| cost_of(costs, route) <= walk.most);
        best
    };
    Within { count: walk.count, is_exact, best }
}

fn cost_of(costs: &Costs<'_>, route: &[NodeIx]) -> Cost {
    let hops = route.iter().zip(route.iter().skip(1));
    hops.filter_map(|(a, b)| costs.between(a.0, b.0)).fold(Cost::default(), Cost::plus)
}

struct Walk<'c> {
    costs: &'c Costs<'c>,
    targets: &'c [u32],
    most: Cost,
    max_hops: u32,
    k: usize,
    /// What it costs to a target at least, and over how many hops; more than `most` where it is too far.
    ahead: Vec<Cost>,
    hops: Vec<u32>,
    on_way: Vec<bool>,
    count: u64,
    best: BTreeSet<(Cost, Vec<u32>)>,
}

impl<'c> Walk<'c> {
    fn new(
        costs: &'c Costs<'c>,
        from: NodeIx,
        targets: &'c [u32],
        least: f64,
        options: &PathOptions,
    ) -> Self {
        let max_hops = options.max_hops.min(HOPS - 1);
        let mut walk = Self {
            costs,
            targets,
            most: Cost::at_most(least),
            max_hops,
            k: options.k,
            ahead: vec![Cost::NEVER; costs.projection.node_count()],
            hops: hops_within(costs.projection, from, targets, max_hops),
            on_way: vec![false; costs.projection.node_count()],
            count: 0,
            best: BTreeSet::new(),
        };
        walk.look_back();
        walk
    }

    fn look_back(&mut self) {
        let mut queue = BinaryHeap::new();
        for &target in self.targets {
            self.ahead[target as usize] = Cost::default();
            queue.push(Reverse((Cost::default(), target)));
        }
        let (ahead, hops, most) = (&mut self.ahead, &self.hops, self.most);
        while let Some(Reverse((cost, node))) = queue.pop() {
            if cost > ahead[node as usize] {
                continue;
            }
            self.costs.each(false, node, |before, arc| {
                let cost = cost.plus(arc);
                if cost < ahead[before as usize] && cost <= most && hops[before as usize] != u32::MAX {
                    ahead[before as usize] = cost;
                    queue.push(Reverse((cost, before)));
                }
            });
        }
    }

    /// Counts; whether all were counted.
    fn run(&mut self, from: u32, watch: &Watch) -> bool {
        let watch = watch.over((STEPS / LOOK) as usize);
        let mut way = vec![from];
        // What may follow each node of the way, with the cost so far, the last first.
        let mut open = vec![self.next(from, Cost::default(), 0)];
        self.on_way[from as usize] = true;
        let mut steps = 0;
        while let Some(next) = open.last_mut() {
            let Some((node, cost)) = next.pop() else {
                open.pop();
                if let Some(node) = way.pop() {
                    self.on_way[node as usize] = false;
                }
                continue;
            };
            steps += 1;
            if steps % LOOK == 0 {
                watch.one_done();
            }
            if self.count == COUNTED || steps == STEPS || watch.is_stopped() {
                return false;
            }
            if self.targets.binary_search(&node).is_ok() {
                self.found(&way, node, cost);
            } else {
                self.on_way[node as usize] = true;
                open.push(self.next(node, cost, way.len() as u32));
                way.push(node);
            }
        }
        true
    }

    /// Where the way may go on to from a node that it came to over so many hops.
    fn next(&self, node: u32, spent: Cost, hops: u32) -> Vec<(u32, Cost)> {
        let mut next = Vec::new();
        self.costs.each(true, node, |to, arc| {
            let at = to as usize;
            let cost = spent.plus(arc);
            let is_near = self.hops[at] <= self.max_hops && hops + 1 + self.hops[at] <= self.max_hops;
            if !self.on_way[at] && is_near && cost.plus(self.ahead[at]) <= self.most {
                next.push((to, cost));
            }
        });
        next
    }

    fn found(&mut self, way: &[u32], node: u32, cost: Cost) {
        self.count += 1;
        let is_better = self.best.last().is_none_or(|(worst, _)| cost <= *worst);
        if self.best.len() < self.k || is_better && self.k > 0 {
            self.best.insert((cost, way.iter().copied().chain([node]).collect()));
            if self.best.len() > self.k {
                self.best.pop_last();
            }
        }
    }
}
