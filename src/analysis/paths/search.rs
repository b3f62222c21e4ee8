//! The best continuation of a path: A* towards one target, with a limit on hops.
//!
//! Costs are whole numbers ([`Cost`]), so sums do not depend on their order, equal paths are
//! equal, and a path costs the same read backwards. Among paths of one cost the one with fewer
//! hops is better, then the one whose nodes come first in id order.
//!
//! A search keeps what is true for all its runs: what each node still costs to the target when
//! nothing is forbidden (a backwards Dijkstra, Dijkstra 1959), which is a consistent estimate for
//! every run (Hart, Nilsson and Raphael 1968).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::network::{Hand, NodeIx, Projection};

/// What a path costs: the sum of −ln s in units of 2⁻⁴⁰, then how many hops it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost {
    units: u64,
    pub(super) hops: u32,
}

impl Cost {
    /// What one arc costs.
    pub(super) fn of(strength: f64) -> Self {
        let units = -libm::log(strength) * (1_u64 << 40) as f64;
        Self { units: libm::round(units.max(0.0)) as u64, hops: 1 }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self { units: self.units.saturating_add(other.units), hops: self.hops + other.hops }
    }
}

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

/// Searches towards one target.
pub(super) struct Search<'p> {
    projection: &'p Projection,
    target: u32,
    max_hops: u32,
    /// Cost to the target, where it is near enough to count.
    ahead: Vec<Option<Cost>>,
    /// Hops to the target; `u32::MAX` where it is too far.
    hops: Vec<u32>,
    /// Fewest hops by which each node was reached in this run.
    reached: Vec<u32>,
    touched: Vec<u32>,
    blocked: Vec<bool>,
}

impl<'p> Search<'p> {
    /// A search for paths between two nodes. Cost: one breadth-first walk from each end and one
    /// Dijkstra over the nodes that can be on a path of `max_hops`.
    pub(super) fn new(projection: &'p Projection, from: NodeIx, target: NodeIx, max_hops: u32) -> Self {
        let mut hops = distances(max_hops, target, projection.node_count(), |node| projection.arriving(node));
        let there = distances(max_hops, from, projection.node_count(), |node| projection.leaving(node));
        for (hops, there) in hops.iter_mut().zip(there) {
            if hops.checked_add(there).is_none_or(|sum| sum > max_hops) {
                *hops = u32::MAX;
            }
        }
        let mut search = Self {
            projection,
            target: target.0,
            max_hops,
            ahead: vec![None; projection.node_count()],
            hops,
            reached: vec![u32::MAX; projection.node_count()],
            touched: Vec::new(),
            blocked: vec![false; projection.node_count()],
        };
        search.look_back();
        search
    }

    /// Fills `ahead`: Dijkstra from the target against the arcs.
    fn look_back(&mut self) {
        let mut queue = BinaryHeap::from([Reverse((Cost::default(), self.target))]);
        while let Some(Reverse((cost, node))) = queue.pop() {
            let at = node as usize;
            if self.hops[at] == u32::MAX || self.ahead[at].is_some() {
                continue;
            }
            self.ahead[at] = Some(cost);
            for hand in self.projection.arriving(NodeIx(node)) {
                if self.ahead[hand.neighbour.at()].is_none() {
                    queue.push(Reverse((cost.plus(Cost::of(hand.weight)), hand.neighbour.0)));
                }
            }
        }
    }

    /// The best way on from the last node of `root`, which costs `spent` so far, to the target: not
    /// over a node of `root`, and not first to a node of `banned`. The nodes after `root`.
    pub(super) fn run(&mut self, root: &[u32], spent: Cost, banned: &[u32]) -> Option<(Cost, Vec<u32>)> {
        let (&start, before) = root.split_last()?;
        self.block(before, true);
        let mut labels = vec![Label { node: start, before: None, cost: spent }];
        let mut queue = Queue::new();
        self.ahead[start as usize].map(|ahead| queue.push(Reverse((spent.plus(ahead), spent, start, 0))))?;
        let mut found = None;
        while let Some(taken) = take(&mut queue, &labels) {
            let Label { node, cost, .. } = labels[taken as usize];
            if node == self.target {
                found = Some((cost, way(&labels, taken)));
                break;
            }
            if cost.hops < self.reached[node as usize] {
                self.reached[node as usize] = cost.hops;
                self.touched.push(node);
                self.walk(taken, if node == start { banned } else { &[] }, &mut labels, &mut queue);
            }
        }
        self.block(before, false);
        self.touched.drain(..).for_each(|node| self.reached[node as usize] = u32::MAX);
        found.map(|(cost, nodes)| (cost, nodes.into_iter().skip(1).collect()))
    }

    /// Puts what can be reached from a label into the queue.
    fn walk(&self, label: u32, banned: &[u32], labels: &mut Vec<Label>, queue: &mut Queue) {
        let Label { node, cost, .. } = labels[label as usize];
        for hand in self.projection.leaving(NodeIx(node)) {
            let (next, to) = (hand.neighbour.at(), hand.neighbour.0);
            let Some(ahead) = self.ahead[next] else { continue };
            let cost = cost.plus(Cost::of(hand.weight));
            let late = cost.hops.saturating_add(self.hops[next]) > self.max_hops;
            if late || self.blocked[next] || cost.hops >= self.reached[next] || banned.contains(&to) {
                continue;
            }
            queue.push(Reverse((cost.plus(ahead), cost, to, labels.len() as u32)));
            labels.push(Label { node: to, before: Some(label), cost });
        }
    }

    fn block(&mut self, nodes: &[u32], blocked: bool) {
        for &node in nodes {
            self.blocked[node as usize] = blocked;
        }
    }
}

/// Hops from `start`, up to `most`; `u32::MAX` where it is further.
fn distances<'p, I: Iterator<Item = Hand> + 'p>(
    most: u32,
    start: NodeIx,
    nodes: usize,
    next: impl Fn(NodeIx) -> I,
) -> Vec<u32> {
    let mut hops = vec![u32::MAX; nodes];
    if let Some(first) = hops.get_mut(start.at()) {
        *first = 0;
    }
    let mut front = vec![start];
    for step in 1..=most {
        let mut further = Vec::new();
        for hand in front.into_iter().flat_map(&next) {
            if hops[hand.neighbour.at()] == u32::MAX {
                hops[hand.neighbour.at()] = step;
                further.push(hand.neighbour);
            }
        }
        if further.is_empty() {
            break;
        }
        front = further;
    }
    hops
}

/// Takes the best label; of several of one node and one cost, the way whose nodes come first.
fn take(queue: &mut Queue, labels: &[Label]) -> Option<u32> {
    let Reverse((estimate, cost, node, mut best)) = queue.pop()?;
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
