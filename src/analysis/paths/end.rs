//! One end of a search from two ends (Dijkstra 1959), kept for many searches: what was touched is all that is
//! cleared between them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::cost::{Cost, Costs};

/// The search from one end.
#[derive(Debug, Default)]
pub(super) struct End {
    /// What each node costs from this end, so far.
    pub(super) cost: Vec<Cost>,
    pub(super) queue: BinaryHeap<Reverse<(Cost, u32)>>,
    pub(super) touched: Vec<u32>,
    /// A bit a node, whether it was touched: a million fit into a processor's cache, their costs do not.
    marks: Vec<u64>,
    /// Nodes from which some arcs lead further than was gone so far, each with the least that one of these costs.
    later: Vec<(Cost, u32)>,
    /// The least of all these.
    further: Option<Cost>,
}

impl End {
    /// Of a graph of so many nodes. Cost: 8 bytes and a bit a node.
    pub(super) fn new(nodes: usize) -> Self {
        Self { cost: vec![Cost::NEVER; nodes], marks: vec![0; nodes.div_ceil(64)], ..Self::default() }
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

    /// Whether the search came to a node.
    #[inline]
    pub(super) fn knows(&self, node: u32) -> bool {
        self.marks.get(node as usize / 64).is_some_and(|word| word >> (node % 64) & 1 == 1)
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
            self.marks.get_mut(node as usize / 64).into_iter().for_each(|word| *word |= 1 << (node % 64));
        }
        *known = cost;
    }

    /// Goes on to whatever costs no more than `most`, each hop `toll` more than its arc, and no further: what was touched
    /// then is just that, and costs are the least. The more is asked for later, the search goes on from there. Cost: the arcs of
    /// what is new, and of those before from which one leads there.
    pub(super) fn grow(&mut self, costs: &Costs<'_>, leaving: bool, toll: Cost, most: Cost) {
        self.further = None;
        for (least, node) in std::mem::take(&mut self.later) {
            if least <= most {
                self.go_on(costs, leaving, toll, (least, most), node);
            } else {
                self.leave(least, node);
            }
        }
        while let Some(Reverse((cost, node))) = self.queue.pop() {
            if cost == self.cost[node as usize] {
                self.go_on(costs, leaving, toll, (Cost::default(), most), node);
            }
        }
    }

    /// Goes over those arcs of a node that lead so far, at least and at most; those that lead further are left for later.
    fn go_on(
        &mut self,
        costs: &Costs<'_>,
        leaving: bool,
        toll: Cost,
        (least, most): (Cost, Cost),
        node: u32,
    ) {
        let here = self.cost[node as usize].plus(toll);
        let mut left = Cost::NEVER;
        costs.each(leaving, node, |next, arc| {
            let cost = here.plus(arc);
            if cost > most {
                left = left.min(cost);
            } else if cost >= least && cost < self.cost[next as usize] {
                self.reach(next, cost);
            }
        });
        if left < Cost::NEVER {
            self.leave(left, node);
        }
    }

    fn leave(&mut self, least: Cost, node: u32) {
        self.later.push((least, node));
        self.further = Some(self.further.map_or(least, |further| further.min(least)));
    }

    /// The least that growing further must be allowed to come to anything; none where all was seen.
    pub(super) fn further(&self) -> Option<Cost> {
        self.further
    }

    /// Makes ready for the next search. Cost: what was touched.
    pub(super) fn clear(&mut self) {
        for node in self.touched.drain(..) {
            self.cost[node as usize] = Cost::NEVER;
            self.marks.get_mut(node as usize / 64).into_iter().for_each(|word| *word = 0);
        }
        self.queue.clear();
        self.later.clear();
        self.further = None;
    }
}
