//! The most reliable way between two, searched for from both ends.
//!
//! E. W. Dijkstra, *A note on two problems in connexion with graphs*, 1959, from both ends (I. Pohl,
//! *Bi-directional search*, Machine Intelligence 6, 1971). A node is left out as soon as it cannot be on
//! a better way than the best found: what it costs so far and the least that the other side still has
//! open are too much.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::cost::{Cost, Costs};
use super::end::End;
use crate::analysis::share;
use crate::network::NodeIx;

/// For each pair the nodes of its most reliable way: least sum of −ln weight, then fewest hops, then first
/// in node order. `None` where there is no way, and from a node to itself.
///
/// Cost: as a rule some thousands of nodes a pair, over all cores; 16 bytes a node and thread.
///
/// ```
/// use parasol::analysis::paths::{Costs, most_reliable};
/// use parasol::network::{NodeIx, Projection};
///
/// let projection = Projection::from_arcs(4, &[(0, 1, 0.9), (1, 2, 0.9), (0, 2, 0.8)], false)?;
/// let ways = most_reliable(&Costs::new(&projection), &[(NodeIx(0), NodeIx(2)), (NodeIx(0), NodeIx(3))]);
/// assert_eq!(ways, [Some(vec![NodeIx(0), NodeIx(1), NodeIx(2)]), None]);
/// # Ok::<(), parasol::network::ArcsError>(())
/// ```
pub fn most_reliable(costs: &Costs<'_>, pairs: &[(NodeIx, NodeIx)]) -> Vec<Option<Vec<NodeIx>>> {
    share::map(
        pairs.len(),
        1,
        || TwoEnded::new(costs),
        |search, place| {
            let (from, to) = pairs[place];
            search.run(from, &[to.0])
        },
    )
}

/// A search from both ends, kept for many pairs.
pub(super) struct TwoEnded<'c> {
    costs: &'c Costs<'c>,
    ends: [End; 2],
}

impl Drop for TwoEnded<'_> {
    fn drop(&mut self) {
        self.costs.done(std::mem::take(&mut self.ends));
    }
}

impl<'c> TwoEnded<'c> {
    pub(super) fn new(costs: &'c Costs<'c>) -> Self {
        Self { costs, ends: costs.ends() }
    }

    /// The best way to the nearest of some targets, which stand in order; none from a node to itself.
    pub(super) fn run(&mut self, from: NodeIx, targets: &[u32]) -> Option<Vec<NodeIx>> {
        let nodes = self.ends[0].cost.len();
        if from.at() >= nodes || targets.iter().any(|&to| to == from.0 || to as usize >= nodes) {
            return None;
        }
        let (best, meetings) = self.search(from.0, targets);
        let way = (best < Cost::NEVER).then(|| self.first_way(from.0, targets, &meetings));
        self.ends.iter_mut().for_each(End::clear);
        way
    }

    /// What the best way costs, and the nodes on it at which both sides met.
    fn search(&mut self, from: u32, targets: &[u32]) -> (Cost, Vec<u32>) {
        let (mut best, mut meetings) = (Cost::NEVER, Vec::new());
        self.ends[0].reach(from, Cost::default());
        targets.iter().for_each(|&to| self.ends[1].reach(to, Cost::default()));
        while let (Some(one), Some(other)) = (self.ends[0].least(), self.ends[1].least()) {
            if one.plus(other) >= best {
                break;
            }
            let side = usize::from(self.ends[1].queue.len() < self.ends[0].queue.len());
            self.step(side, &mut best, &mut meetings);
        }
        meetings.sort_unstable();
        meetings.dedup();
        (best, meetings)
    }

    /// Takes the nearest open node of one side and goes on from it.
    fn step(&mut self, side: usize, best: &mut Cost, meetings: &mut Vec<u32>) {
        let [one, other] = &mut self.ends;
        let (here, there) = if side == 0 { (one, other) } else { (other, one) };
        let Some(Reverse((cost, node))) = here.queue.pop() else { return };
        let beyond = there.least().unwrap_or_default();
        self.costs.each(side == 0, node, |next, arc| {
            let cost = cost.plus(arc);
            // Most arcs lead too far, to where the other side never was: that is told without a look at costs, which lie
            // anywhere in memory.
            if cost.plus(beyond) > *best && !there.knows(next) || cost >= here.cost[next as usize] {
                return;
            }
            let met = there.cost[next as usize];
            let whole = cost.plus(met);
            if whole < *best {
                *best = whole;
                meetings.clear();
            }
            if whole == *best && whole < Cost::NEVER {
                meetings.push(next);
            }
            // Who cannot be on a way as good is not gone on from.
            if cost.plus(beyond) <= *best {
                here.reach(next, cost);
            } else if met < Cost::NEVER {
                here.note(next, cost);
            }
        });
    }

    /// Of the ways that cost least, the one whose nodes come first.
    fn first_way(&self, from: u32, targets: &[u32], meetings: &[u32]) -> Vec<NodeIx> {
        // How far from the end, and how far from the other, each node on a best way stands.
        let before = self.on_ways(0, meetings);
        let after = self.on_ways(1, meetings);
        let goes_on = |at: u32, next: u32, arc: Cost| {
            let step = before.get(&at).map(|cost| cost.plus(arc));
            let is_before = step.is_some() && step == before.get(&next).copied();
            let left = after.get(&next).map(|cost| cost.plus(arc));
            let is_after = left.is_some() && left == after.get(&at).copied();
            is_before || is_after
        };
        let mut way = vec![NodeIx(from)];
        let mut at = from;
        // A best way comes to no target but its last: each hop costs something.
        while targets.binary_search(&at).is_err() && way.len() <= before.len() + after.len() {
            let mut first = None;
            self.costs.each(true, at, |next, arc| {
                if first.is_none_or(|first| next < first) && goes_on(at, next, arc) {
                    first = Some(next);
                }
            });
            let Some(next) = first else { break };
            way.push(NodeIx(next));
            at = next;
        }
        debug_assert!(targets.contains(&at));
        way
    }

    /// From the meetings back to one end: every node on a best way, and what it costs from there.
    fn on_ways(&self, side: usize, meetings: &[u32]) -> BTreeMap<u32, Cost> {
        let cost = &self.ends[side].cost;
        let mut found: BTreeMap<u32, Cost> =
            meetings.iter().map(|&node| (node, cost[node as usize])).collect();
        let mut open = meetings.to_vec();
        while let Some(node) = open.pop() {
            let here = cost[node as usize];
            self.costs.each(side == 1, node, |before, arc| {
                let there = cost[before as usize];
                if there < here && there.plus(arc) == here && found.insert(before, there).is_none() {
                    open.push(before);
                }
            });
        }
        found
    }
}
