//! What of a large graph is near enough to both ends to be on a way between them.
//!
//! A search for several ways from one end opens whatever is nearer than the other end: half of a city. Two
//! Dijkstras, one from each end, open about as much as lies within half of that: each turns back where what was spent
//! and the least that the other side still asks are over a bound, which is what the best way costs and something
//! more. They go on until nothing is open, so that of every node on a way within the bound both costs are known;
//! these nodes, few of them, are a graph of their own, in the same order.

use std::cmp::Reverse;

use super::cost::{Cost, Costs};
use super::end::End;
use crate::network::{ArcsError, NodeIx, Projection};

/// Searches from both ends, kept while the bound is moved out.
pub(super) struct Lens<'c> {
    costs: &'c Costs<'c>,
    from: u32,
    targets: &'c [u32],
    ends: [End; 2],
    /// What each hop costs beside.
    toll: Cost,
}

impl Drop for Lens<'_> {
    fn drop(&mut self) {
        self.costs.done(std::mem::take(&mut self.ends));
    }
}

/// All ways from one end to the other that cost no more than a bound; dearer ones may be there or not.
pub(super) struct Seen {
    /// The nodes, in order; the graph numbers them from 0.
    pub(super) nodes: Vec<u32>,
    pub(super) graph: Projection,
    /// What the best way costs, and with how many hops.
    pub(super) best: Cost,
    /// What the ways cost at most; [`Cost::ANY`] where that left nothing out.
    pub(super) bound: Cost,
}

impl<'c> Lens<'c> {
    /// Between a node and some targets, which stand in order; the start is none of them. Cost: 16 bytes a node.
    pub(super) fn new(costs: &'c Costs<'c>, from: NodeIx, targets: &'c [u32]) -> Self {
        Self { costs, from: from.0, targets, ends: costs.ends(), toll: Cost::default() }
    }

    /// What lies on ways that cost at most `slack` more than the best, where each hop costs `toll` beside; none
    /// where there is no way.
    pub(super) fn look(&mut self, toll: Cost, slack: Cost) -> Result<Option<Seen>, ArcsError> {
        self.toll = toll;
        self.ends[0].reach(self.from, Cost::default());
        self.targets.iter().for_each(|&to| self.ends[1].reach(to, Cost::default()));
        let (mut best, mut is_all) = (Cost::NEVER, true);
        loop {
            let bound = best.plus(slack);
            let open = [0, 1].map(|side| self.ends[side].least());
            let side = match open {
                [None, None] => break,
                // Who cannot go on has seen all that he can reach, and the other is not there.
                [None, _] | [_, None] if bound == Cost::NEVER => break,
                [None, _] => 1,
                [_, None] => 0,
                _ => usize::from(self.ends[1].queue.len() < self.ends[0].queue.len()),
            };
            let beyond = open[1 - side].unwrap_or(Cost::NEVER);
            is_all &= self.step(side, beyond, slack, &mut best);
        }
        let bound = if is_all { Cost::ANY } else { best.plus(slack) };
        let seen = (best < Cost::NEVER).then(|| self.within(best, bound)).transpose();
        self.ends.iter_mut().for_each(End::clear);
        seen
    }

    /// Takes the nearest open node of one side and goes on from it; whether nothing was left out. The other side
    /// knows what is nearer to it than `beyond`.
    fn step(&mut self, side: usize, beyond: Cost, slack: Cost, best: &mut Cost) -> bool {
        let [one, other] = &mut self.ends;
        let (here, there) = if side == 0 { (one, other) } else { (other, one) };
        let Some(Reverse((cost, node))) = here.queue.pop() else { return true };
        if cost.plus(there.at_least(node, beyond)) > best.plus(slack) {
            return false;
        }
        let mut is_all = true;
        let toll = self.toll;
        self.costs.each(side == 0, node, |next, arc| {
            let cost = cost.plus(arc).plus(toll);
            if cost >= here.cost[next as usize] {
                return;
            }
            *best = cost.plus(there.cost[next as usize]).min(*best);
            let left = there.at_least(next, beyond);
            if cost.plus(left) <= best.plus(slack) {
                here.reach(next, cost);
            } else {
                // Whom the other side cannot come to at all is on no way.
                is_all &= left == Cost::NEVER;
            }
        });
        is_all
    }

    /// The graph of what both sides found within the bound.
    fn within(&self, best: Cost, bound: Cost) -> Result<Seen, ArcsError> {
        let [one, other] = [0, 1].map(|side| &self.ends[side].cost);
        let sum = |a: u32, arc: Cost, b: u32| one[a as usize].plus(arc).plus(other[b as usize]);
        let is_on = |a: u32, arc: Cost, b: u32| sum(a, arc.plus(self.toll), b) <= bound;
        let mut nodes: Vec<u32> = self.ends[0].touched.clone();
        nodes.retain(|&node| sum(node, Cost::default(), node) <= bound);
        nodes.sort_unstable();
        let place = |node: u32| nodes.binary_search(&node).ok();
        let is_directed = self.costs.projection.is_directed();
        let mut arcs = Vec::new();
        for (here, &node) in (0_u32..).zip(&nodes) {
            let weights = self.costs.projection.weights(NodeIx(node));
            let mut weights = weights.iter();
            self.costs.each(true, node, |next, arc| {
                let weight = weights.next();
                let is_first = is_directed || node < next;
                if !is_first || !(is_on(node, arc, next) || !is_directed && is_on(next, arc, node)) {
                    return;
                }
                if let (Some(there), Some(&weight)) = (place(next), weight) {
                    arcs.push((here, there as u32, weight));
                }
            });
        }
        let graph = Projection::from_arcs(nodes.len(), &arcs, is_directed)?;
        Ok(Seen { nodes, graph, best, bound })
    }
}

impl Seen {
    /// Some nodes of the large graph, by their places here; those that are not here are left out.
    pub(super) fn here(&self, nodes: &[u32]) -> Vec<u32> {
        nodes.iter().filter_map(|node| Some(self.nodes.binary_search(node).ok()? as u32)).collect()
    }

    /// A node by its place here.
    pub(super) fn node(&self, place: u32) -> Option<NodeIx> {
        self.nodes.get(place as usize).map(|&node| NodeIx(node))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What every node costs from the nearest of some, by going over all arcs until nothing changes.
    fn all_costs(costs: &Costs<'_>, starts: &[u32], leaving: bool, toll: Cost) -> Vec<Cost> {
        let nodes = costs.projection.node_count() as u32;
        let mut all = vec![Cost::NEVER; nodes as usize];
        starts.iter().for_each(|&start| all[start as usize] = Cost::default());
        for _ in 0..nodes {
            for node in (0..nodes).filter(|&node| all[node as usize] < Cost::NEVER).collect::<Vec<_>>() {
                let here = all[node as usize];
                costs.each(leaving, node, |next, arc| {
                    all[next as usize] = all[next as usize].min(here.plus(arc).plus(toll));
                });
            }
        }
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn both_ends_see_whatever_is_within_the_bound(
            arcs in proptest::collection::vec((0_u32..12, 0_u32..12, 0.05_f64..=1.0), 0..40),
            directed: bool, share in 0.01_f64..=1.0, toll in 0.3_f64..=1.0, more in 2_u32..12,
        ) {
            let projection = Projection::from_arcs(12, &arcs, directed).unwrap();
            let costs = Costs::new(&projection);
            let targets: Vec<u32> = if more == 2 { vec![1] } else { vec![1, more] };
            let (slack, toll) = (Cost::of(share), Cost::of_share(toll));
            let one = all_costs(&costs, &[0], true, toll);
            let other = all_costs(&costs, &targets, false, toll);
            let sums: Vec<Cost> = one.iter().zip(&other).map(|(one, other)| one.plus(*other)).collect();
            let best = *sums.iter().min().unwrap();
            let mut lens = Lens::new(&costs, NodeIx(0), &targets);
            let first = lens.look(toll, slack).unwrap();
            prop_assert_eq!(first.is_some(), best < Cost::NEVER);
            let Some(seen) = first else { return Ok(()) };
            prop_assert_eq!(seen.best, best);
            prop_assert!(seen.bound == best.plus(slack) || seen.bound == Cost::ANY);
            let within = |node: &u32| sums[*node as usize] <= seen.bound;
            prop_assert_eq!(&seen.nodes, &(0..12).filter(within).collect::<Vec<u32>>());
            for (place, &node) in (0_u32..).zip(&seen.nodes) {
                let mut wanted = Vec::new();
                costs.each(true, node, |next, arc| {
                    let on_way =
                        |a: u32, b: u32| one[a as usize].plus(arc).plus(toll).plus(other[b as usize]) <= seen.bound;
                    if on_way(node, next) || !directed && on_way(next, node) {
                        wanted.push(next);
                    }
                });
                let leads: Vec<u32> =
                    seen.graph.neighbours(NodeIx(place)).iter().map(|&to| seen.nodes[to as usize]).collect();
                prop_assert_eq!(leads, wanted);
            }
            let again = lens.look(toll, slack).unwrap().unwrap();
            prop_assert_eq!(again.nodes, seen.nodes, "a second look is a first one");
        }
    }
}
