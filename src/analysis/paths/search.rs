//! The best continuation of a path: A* towards the nearest of some targets, with a limit on hops or
//! without. A path ends at the first target it comes to.
//!
//! Among paths of one cost the one with fewer hops is better, then the one whose nodes come first in id
//! order. A search keeps what is true for all its runs: what each node still costs to the target when
//! nothing is forbidden, a consistent estimate for every run (Hart, Nilsson and Raphael 1968). It is found
//! by a Dijkstra backwards that ends with the start: nodes further off than that cost at least as much.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::cost::{Cost, Costs, HOPS};
use crate::network::{NodeIx, Projection};

/// How a node was reached: the node, the label before, and the cost so far.
#[derive(Clone, Copy)]
struct Label {
    node: u32,
    before: Option<u32>,
    cost: Cost,
}

/// Smallest estimate first; of equal ones the one with the least behind it, so that all labels of
/// one node and one cost are in the queue before the first of them is taken.
type Queue = BinaryHeap<Reverse<(Cost, Cost, u32, u32)>>;

/// Searches towards the nearest of some targets.
pub(super) struct Search<'c> {
    costs: &'c Costs<'c>,
    /// In order, each once.
    targets: &'c [u32],
    /// The limit on hops, and hops to a target, `u32::MAX` where it is too far. None without a limit.
    limit: Option<(u32, Vec<u32>)>,
    /// What it costs to a target at least; never where none can be reached within the limit.
    ahead: Vec<Cost>,
    /// The least cost and the fewest hops by which each node was reached in this run.
    reached: Vec<(Cost, u32)>,
    touched: Vec<u32>,
    blocked: Vec<bool>,
}

impl<'c> Search<'c> {
    /// A search for paths from a node to targets, over at most `max_hops` hops if that is said. Cost: a
    /// Dijkstra from the targets to the start; with a limit also a breadth-first walk from each end.
    pub(super) fn new(costs: &'c Costs<'c>, from: NodeIx, targets: &'c [u32], max_hops: Option<u32>) -> Self {
        let nodes = costs.projection.node_count();
        let limit = max_hops.map(|most| (most, hops_within(costs.projection, from, targets, most)));
        let mut search = Self {
            costs,
            targets,
            limit,
            ahead: vec![Cost::NEVER; nodes],
            reached: vec![(Cost::NEVER, u32::MAX); nodes],
            touched: Vec::new(),
            blocked: vec![false; nodes],
        };
        search.look_back(from.0);
        search
    }

    fn is_target(&self, node: u32) -> bool {
        self.targets.binary_search(&node).is_ok()
    }

    fn is_too_far(&self, node: usize) -> bool {
        self.limit.as_ref().is_some_and(|(_, hops)| hops[node] == u32::MAX)
    }

    /// Fills `ahead`: Dijkstra from the targets against the arcs, until the start is settled.
    fn look_back(&mut self, from: u32) {
        let mut ahead = vec![Cost::NEVER; self.ahead.len()];
        let mut queue = BinaryHeap::new();
        for &target in self.targets {
            queue.push(Reverse((Cost::default(), target)));
            ahead[target as usize] = Cost::default();
        }
        let mut radius = None;
        while let Some(Reverse((cost, node))) = queue.pop() {
            if cost > ahead[node as usize] || self.is_too_far(node as usize) {
                continue;
            }
            self.ahead[node as usize] = cost;
            if node == from {
                radius = Some(cost);
                break;
            }
            self.costs.each(false, node, |before, arc| {
                let cost = cost.plus(arc);
                if cost < ahead[before as usize] {
                    ahead[before as usize] = cost;
                    queue.push(Reverse((cost, before)));
                }
            });
        }
        let Some(radius) = radius else { return };
        for node in 0..self.ahead.len() {
            if self.ahead[node] == Cost::NEVER && !self.is_too_far(node) {
                self.ahead[node] = radius;
            }
        }
    }

    /// The best way on from the last node of `root`, which costs `spent` so far, to a target: not
    /// over a node of `root`, not first to a node of `banned`, and costing no more than `most` in all. The
    /// nodes after `root`.
    pub(super) fn run(
        &mut self,
        root: &[u32],
        spent: Cost,
        banned: &[u32],
        most: Cost,
    ) -> Option<(Cost, Vec<u32>)> {
        let (&start, before) = root.split_last()?;
        if self.ahead[start as usize] == Cost::NEVER {
            return None;
        }
        self.block(before, true);
        let mut labels = vec![Label { node: start, before: None, cost: spent }];
        let mut queue = Queue::from([Reverse((spent.plus(self.ahead[start as usize]), spent, start, 0))]);
        let mut found: Option<(Cost, Vec<u32>)> = None;
        let mut most = most;
        while let Some(taken) = take(&mut queue, &labels, most) {
            let Label { node, cost, .. } = labels[taken as usize];
            if self.is_target(node) {
                let here = way(&labels, taken);
                if found.as_ref().is_none_or(|(_, first)| here < *first) {
                    found = Some((cost, here));
                }
                if self.targets.len() == 1 {
                    break;
                }
                // Another target at the same cost may come first in node order.
                most = cost;
                continue;
            }
            if self.is_news(node, cost) {
                self.walk(taken, if node == start { banned } else { &[] }, &mut labels, &mut queue);
            }
        }
        self.block(before, false);
        self.touched.drain(..).for_each(|node| self.reached[node as usize] = (Cost::NEVER, u32::MAX));
        found.map(|(cost, nodes)| (cost, nodes.into_iter().skip(1).collect()))
    }

    /// Whether a label is worth going on from: the first of its node, or, where hops are limited, the one
    /// with the fewest hops so far.
    fn is_news(&mut self, node: u32, cost: Cost) -> bool {
        let reached = &mut self.reached[node as usize];
        let hops = if self.limit.is_some() { cost.hops() } else { 0 };
        if hops >= reached.1 {
            return false;
        }
        reached.1 = hops;
        self.touched.push(node);
        true
    }

    /// Puts what can be reached from a label into the queue.
    fn walk(&mut self, label: u32, banned: &[u32], labels: &mut Vec<Label>, queue: &mut Queue) {
        let Label { node, cost, .. } = labels[label as usize];
        self.costs.each(true, node, |to, arc| {
            let (next, cost) = (to as usize, cost.plus(arc));
            let ahead = self.ahead[next];
            if ahead == Cost::NEVER || self.blocked[next] || banned.contains(&to) {
                return;
            }
            let reached = &mut self.reached[next];
            let worse = match &self.limit {
                Some((most, hops)) => {
                    cost.hops().saturating_add(hops[next]) > *most || cost.hops() >= reached.1
                }
                // A label that costs as much may still come first in node order.
                None => cost > reached.0 || reached.1 == 0,
            };
            if worse {
                return;
            }
            if reached.0 == Cost::NEVER {
                self.touched.push(to);
            }
            reached.0 = reached.0.min(cost);
            queue.push(Reverse((cost.plus(ahead), cost, to, labels.len() as u32)));
            labels.push(Label { node: to, before: Some(label), cost });
        });
    }

    fn block(&mut self, nodes: &[u32], blocked: bool) {
        for &node in nodes {
            self.blocked[node as usize] = blocked;
        }
    }
}

/// Hops to the nearest target; `u32::MAX` where there is no way of at most `most` hops over a node.
pub(super) fn hops_within(projection: &Projection, from: NodeIx, targets: &[u32], most: u32) -> Vec<u32> {
    debug_assert!(most < HOPS);
    let mut hops = distances(most, targets, projection.node_count(), |node| projection.sources(node));
    let there = distances(most, &[from.0], projection.node_count(), |node| projection.neighbours(node));
    for (hops, there) in hops.iter_mut().zip(there) {
        if hops.checked_add(there).is_none_or(|sum| sum > most) {
            *hops = u32::MAX;
        }
    }
    hops
}

/// Hops from the nearest start, up to `most`; `u32::MAX` where it is further.
fn distances<'p>(most: u32, starts: &[u32], nodes: usize, next: impl Fn(NodeIx) -> &'p [u32]) -> Vec<u32> {
    let mut hops = vec![u32::MAX; nodes];
    for &start in starts {
        if let Some(first) = hops.get_mut(start as usize) {
            *first = 0;
        }
    }
    let mut front: Vec<NodeIx> = starts.iter().map(|&start| NodeIx(start)).collect();
    for step in 1..=most {
        let mut further = Vec::new();
        for &other in front.into_iter().flat_map(&next) {
            if hops[other as usize] == u32::MAX {
                hops[other as usize] = step;
                further.push(NodeIx(other));
            }
        }
        if further.is_empty() {
            break;
        }
        front = further;
    }
    hops
}

/// Takes the best label, if it may still cost no more than `most`; of several of one node and one cost,
/// the way whose nodes come first.
fn take(queue: &mut Queue, labels: &[Label], most: Cost) -> Option<u32> {
    let Reverse((estimate, cost, node, mut best)) = queue.pop()?;
    if estimate > most {
        return None;
    }
    while let Some(&Reverse((e, c, n, other))) = queue.peek() {
        if (e, c, n) != (estimate, cost, node) {
            break;
        }
        queue.pop();
        if way(labels, other) < way(labels, best) {
            best = other;
        }
    }
    Some(best)
}

/// The nodes that lead to a label, the first first.
fn way(labels: &[Label], label: u32) -> Vec<u32> {
    let mut nodes = Vec::new();
    let mut at = Some(label);
    while let Some(label) = at.and_then(|at| labels.get(at as usize)) {
        nodes.push(label.node);
        at = label.before;
    }
    nodes.reverse();
    nodes
}
