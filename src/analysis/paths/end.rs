//! One end of a search from two ends (Dijkstra 1959), kept for many searches: what was touched is all that is
//! cleared between them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::cost::Cost;

/// The search from one end.
#[derive(Debug, Default)]
pub(super) struct End {
    /// What each node costs from this end, so far.
    pub(super) cost: Vec<Cost>,
    pub(super) queue: BinaryHeap<Reverse<(Cost, u32)>>,
    pub(super) touched: Vec<u32>,
}

impl End {
    /// Of a graph of so many nodes. Cost: 8 bytes a node.
    pub(super) fn new(nodes: usize) -> Self {
        Self { cost: vec![Cost::NEVER; nodes], queue: BinaryHeap::new(), touched: Vec::new() }
    }

    /// The least that is still open; outdated entries are dropped.
    pub(super) fn least(&mut self) -> Option<Cost> {
        while let Some(&Reverse((cost, node))) = self.queue.peek() {
            if cost == self.cost[node as usize] {
                return Some(cost);
            }
            self.queue.pop();
        }
        None
    }

    /// What a node costs from here at least, if whatever is nearer than `beyond` is known.
    pub(super) fn at_least(&self, node: u32, beyond: Cost) -> Cost {
        self.cost[node as usize].min(beyond)
    }

    /// Comes to a node, and goes on from it later.
    pub(super) fn reach(&mut self, node: u32, cost: Cost) {
        self.note(node, cost);
        self.queue.push(Reverse((cost, node)));
    }

    /// Notes what a node costs, without going on from it.
    pub(super) fn note(&mut self, node: u32, cost: Cost) {
        let known = &mut self.cost[node as usize];
        if *known == Cost::NEVER {
            self.touched.push(node);
        }
        *known = cost;
    }

    /// Makes ready for the next search. Cost: what was touched.
    pub(super) fn clear(&mut self) {
        self.touched.drain(..).for_each(|node| self.cost[node as usize] = Cost::NEVER);
        self.queue.clear();
    }
}
