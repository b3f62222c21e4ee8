//! What of a large graph is near enough to both ends to be on a way between them.
//!
//! A search for several ways from one end opens whatever is nearer than the other end: half of a city. Two
//! Dijkstras, one from each end and at the same time, open what is nearer than two radii: a way that costs no more than
//! these together goes over an arc from what the one has to what the other has, and nowhere else over
//! anything that neither has. From these arcs each side goes on into what the other has, as far as ways within the bound lead:
//! so of every node on one both costs are known; these nodes, few of them, are a graph of their own, in the same order.
//! Where the bound is moved out, the radii grow.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::cost::{Cost, Costs};
use super::end::End;
use crate::network::{ArcsError, NodeIx, Projection};

/// What has fewer nodes grows sooner than two threads are woken for it; in tests little does.
const FEW: usize = if cfg!(test) { 40 } else { 2_000 };

/// Searches from both ends, kept while the bound is moved out.
pub(super) struct Lens<'c> {
    costs: &'c Costs<'c>,
    from: u32,
    targets: &'c [u32],
    ends: [End; 2],
    /// What each hop costs beside.
    toll: Cost,
    /// How far each side went, and by how much more it went last.
    radii: [Radius; 2],
    /// What the best way costs of those that were seen.
    best: Cost,
    /// The arcs from what the one side has to what the other has, toll paid.
    between: Vec<(u32, u32, Cost)>,
    /// What both have.
    both: Vec<u32>,
}

/// How far a side went.
#[derive(Clone, Copy, Debug, Default)]
struct Radius {
    at: Cost,
    step: Cost,
    /// How many nodes it has.
    nodes: usize,
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

/// What a look came to.
pub(super) enum Look {
    /// What lies within the bound.
    Seen(Box<Seen>),
    /// There is no way.
    Nowhere,
    /// More would have to be seen than was wished.
    TooMuch,
}

impl<'c> Lens<'c> {
    /// Between a node and some targets, which stand in order; the start is none of them. Cost: 16 bytes a node.
    pub(super) fn new(costs: &'c Costs<'c>, from: NodeIx, targets: &'c [u32]) -> Self {
        let mut lens = Self {
            costs,
            from: from.0,
            targets,
            ends: costs.ends(),
            toll: Cost::default(),
            radii: Default::default(),
            best: Cost::NEVER,
            between: Vec::new(),
            both: Vec::new(),
        };
        lens.start(Cost::default());
        lens
    }

    /// Begins anew with another toll.
    fn start(&mut self, toll: Cost) {
        (self.toll, self.best, self.radii) = (toll, Cost::NEVER, Default::default());
        self.between.clear();
        self.both.clear();
        self.ends.iter_mut().for_each(End::clear);
        self.ends[0].reach(self.from, Cost::default());
        self.targets.iter().for_each(|&to| self.ends[1].reach(to, Cost::default()));
        self.grow([Cost::default(); 2]);
    }

    /// What lies on ways that cost at most `slack` more than the best, where each hop costs `toll` beside; none
    /// where there is no way. Cost: what is nearer than about half of that bound, of which nothing is seen again that the look
    /// before saw, if the toll was the same. No more is seen once that is more than `most` nodes.
    pub(super) fn look(&mut self, toll: Cost, slack: Cost, most: usize) -> Result<Look, ArcsError> {
        if toll != self.toll {
            self.start(toll);
        }
        let bound = loop {
            let [one, other] = [0, 1].map(|side| self.ends[side].further());
            let (Some(one), Some(other)) = (one, other) else {
                // Who cannot go on has seen all that he can reach.
                if self.best == Cost::NEVER {
                    return Ok(Look::Nowhere);
                }
                break Cost::ANY;
            };
            let [near, far] = self.radii.map(|radius| radius.at);
            let bound = self.best.plus(slack);
            if bound < Cost::NEVER && bound <= near.plus(far) {
                break bound;
            }
            if self.ends.iter().map(|end| end.touched.len()).sum::<usize>() > most {
                return Ok(Look::TooMuch);
            }
            let left = bound.less(near.plus(far));
            self.grow(self.next_radii([one, other], left));
        };
        self.within(bound).map(|seen| Look::Seen(Box::new(seen)))
    }

    /// What a hop costs on the ways that were seen, toll included.
    pub(super) fn a_hop(&self) -> Cost {
        let costs = self.ends.iter().flat_map(|end| end.touched.iter().map(|&node| end.cost[node as usize]));
        Cost::a_hop(costs)
    }

    /// How far each side is to go next, where the least that leads it anywhere is known, and so much is left for both
    /// together. What has far more than the other waits for it.
    fn next_radii(&self, further: [Cost; 2], left: Cost) -> [Cost; 2] {
        let nodes = self.radii.map(|radius| radius.nodes);
        let waits = [0, 1].map(|side| nodes[side] > 2 * nodes[1 - side]);
        let share = if waits.contains(&true) { left } else { left.share(2).plus(Cost::LEAST) };
        [0, 1].map(|side| {
            let Radius { at, step, .. } = self.radii[side];
            if waits[side] { at } else { at.plus(share.min(step.max(further[side].less(at)))) }
        })
    }

    /// Both sides grow to these radii, and what is new is looked through for ways between them.
    fn grow(&mut self, radii: [Cost; 2]) {
        let (costs, toll) = (self.costs, self.toll);
        let had = self.radii.map(|radius| radius.nodes);
        let is_much = had.iter().sum::<usize>() > FEW;
        let [one, other] = &mut self.ends;
        both(is_much, || one.grow(costs, true, toll, radii[0]), || other.grow(costs, false, toll, radii[1]));
        let meet = |side: usize| self.met(side, had[side]);
        let met = both(is_much, || meet(0), || meet(1));
        for Met { best, between, both } in [met.0, met.1] {
            self.best = self.best.min(best);
            self.between.extend(between);
            self.both.extend(both);
        }
        for (side, radius) in self.radii.iter_mut().enumerate() {
            radius.grown(radii[side], self.ends[side].touched.len());
        }
    }

    /// Where what is new of a side meets the other.
    fn met(&self, side: usize, had: usize) -> Met {
        let (here, there) = (&self.ends[side], &self.ends[1 - side]);
        let mut met = Met { best: Cost::NEVER, between: Vec::new(), both: Vec::new() };
        for &node in here.touched.iter().skip(had) {
            if there.knows(node) {
                met.both.push(node);
            }
            self.costs.each(side == 0, node, |next, arc| {
                if there.knows(next) {
                    let arc = arc.plus(self.toll);
                    let whole = here.cost[node as usize].plus(arc).plus(there.cost[next as usize]);
                    met.best = met.best.min(whole);
                    met.between.push(if side == 0 { (node, next, arc) } else { (next, node, arc) });
                }
            });
        }
        met
    }

    /// The graph of what lies on ways within the bound, which is none that radii do not reach.
    fn within(&mut self, bound: Cost) -> Result<Seen, ArcsError> {
        let beyond = [0, 1].map(|side| self.go_over(side, bound));
        let seen = self.seen(&beyond, bound);
        for (end, beyond) in self.ends.iter_mut().zip(beyond) {
            beyond.into_iter().for_each(|node| end.cost[node as usize] = Cost::NEVER);
        }
        seen
    }

    /// Goes on from a side into what the other has, no further than ways within the bound lead; whom it came to there.
    fn go_over(&mut self, side: usize, bound: Cost) -> Vec<u32> {
        let (toll, costs) = (self.toll, self.costs);
        let [one, other] = &mut self.ends;
        let (here, there) = if side == 0 { (one, &*other) } else { (other, &*one) };
        let (mut queue, mut beyond) = (BinaryHeap::new(), Vec::new());
        let offer =
            |cost: &mut [Cost], queue: &mut BinaryHeap<_>, beyond: &mut Vec<u32>, node: u32, whole: Cost| {
                let known = &mut cost[node as usize];
                if whole < *known && whole.plus(there.cost[node as usize]) <= bound {
                    if *known == Cost::NEVER {
                        beyond.push(node);
                    }
                    *known = whole;
                    queue.push(Reverse((whole, node)));
                }
            };
        for &(from, to, arc) in &self.between {
            let (near, far) = if side == 0 { (from, to) } else { (to, from) };
            if !here.knows(far) {
                let whole = here.cost[near as usize].plus(arc);
                offer(&mut here.cost, &mut queue, &mut beyond, far, whole);
            }
        }
        while let Some(Reverse((cost, node))) = queue.pop() {
            if cost > here.cost[node as usize] {
                continue;
            }
            costs.each(side == 0, node, |next, arc| {
                if there.knows(next) && !here.knows(next) {
                    offer(&mut here.cost, &mut queue, &mut beyond, next, cost.plus(arc).plus(toll));
                }
            });
        }
        beyond
    }

    /// The graph of what lies within the bound, both sides having gone over to these.
    fn seen(&self, beyond: &[Vec<u32>; 2], bound: Cost) -> Result<Seen, ArcsError> {
        let [one, other] = self.ends.each_ref();
        let sum = |a: u32, arc: Cost, b: u32| one.cost[a as usize].plus(arc).plus(other.cost[b as usize]);
        let is_on = |a: u32, arc: Cost, b: u32| sum(a, arc.plus(self.toll), b) <= bound;
        let mut nodes: Vec<u32> = beyond.iter().flatten().chain(&self.both).copied().collect();
        nodes.retain(|&node| sum(node, Cost::default(), node) <= bound);
        nodes.sort_unstable();
        nodes.dedup();
        let place = |node: u32| nodes.binary_search(&node).ok();
        let is_directed = self.costs.projection.is_directed();
        let mut arcs = Vec::new();
        for (here, &node) in (0_u32..).zip(&nodes) {
            let weights = self.costs.projection.weights(NodeIx(node));
            let mut weights = weights.iter();
            self.costs.each(true, node, |next, arc| {
                let weight = weights.next();
                let is_first = is_directed || node < next;
                if !is_first || !one.knows(next) && !other.knows(next) {
                    return;
                }
                if !(is_on(node, arc, next) || !is_directed && is_on(next, arc, node)) {
                    return;
                }
                if let (Some(there), Some(&weight)) = (place(next), weight) {
                    arcs.push((here, there as u32, weight));
                }
            });
        }
        let graph = Projection::from_arcs(nodes.len(), &arcs, is_directed)?;
        Ok(Seen { nodes, graph, best: self.best, bound })
    }
}

/// Where what is new of a side meets the other.
struct Met {
    best: Cost,
    between: Vec<(u32, u32, Cost)>,
    both: Vec<u32>,
}

impl Radius {
    /// Notes that a side grew: steps are so long that each brings about half as much again.
    fn grown(&mut self, at: Cost, nodes: usize) {
        let step = at.less(self.at);
        let before = std::mem::replace(&mut self.nodes, nodes);
        if step > Cost::default() {
            self.step = match nodes {
                _ if nodes > before.saturating_mul(2) => step.share(2),
                _ if nodes < before.saturating_add(before / 4) => step.times(2),
                _ => step,
            };
            self.at = at;
        }
    }
}

/// Both, at the same time where they are much.
fn both<A: Send, B: Send>(
    is_much: bool,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    if is_much { rayon::join(one, other) } else { (one(), other()) }
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
    use std::sync::atomic::{AtomicUsize, Ordering};

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

    /// Whether what was seen is what lies on ways that cost no more than the bound, by all costs.
    fn is_within(
        costs: &Costs<'_>,
        targets: &[u32],
        toll: Cost,
        slack: Cost,
        seen: &Seen,
    ) -> Result<(), String> {
        let one = all_costs(costs, &[0], true, toll);
        let other = all_costs(costs, targets, false, toll);
        let sum = |node: u32| one[node as usize].plus(other[node as usize]);
        let nodes = 0..costs.projection.node_count() as u32;
        let best = nodes.clone().map(sum).min().unwrap();
        if seen.best != best || seen.bound != best.plus(slack) && seen.bound != Cost::ANY {
            return Err(format!("{:?} {:?} of {best:?} and {slack:?}", seen.best, seen.bound));
        }
        let within: Vec<u32> = nodes.filter(|&node| sum(node) <= seen.bound).collect();
        if seen.nodes != within {
            return Err(format!("{:?} of {within:?}", seen.nodes));
        }
        for (place, &node) in (0_u32..).zip(&seen.nodes) {
            let mut wanted = Vec::new();
            costs.each(true, node, |next, arc| {
                let on_way = |a: u32, b: u32| {
                    one[a as usize].plus(arc).plus(toll).plus(other[b as usize]) <= seen.bound
                };
                if on_way(node, next) || !costs.projection.is_directed() && on_way(next, node) {
                    wanted.push(next);
                }
            });
            let neighbours = seen.graph.neighbours(NodeIx(place));
            let leads: Vec<u32> = neighbours.iter().map(|&to| seen.nodes[to as usize]).collect();
            if leads != wanted {
                return Err(format!("{node} leads to {leads:?} of {wanted:?}"));
            }
        }
        Ok(())
    }

    /// How many looks left something out, and how many saw more than the look before.
    static SEEN: [AtomicUsize; 2] = [AtomicUsize::new(0), AtomicUsize::new(0)];

    #[test]
    fn looks_that_are_widened_see_no_less_than_first_ones() {
        both_ends_see_whatever_is_within_the_bound();
        let [some, more] = SEEN.each_ref().map(|seen| seen.load(Ordering::Relaxed));
        assert!(some > 200 && more > 200, "{some} left something out, {more} saw more");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        fn both_ends_see_whatever_is_within_the_bound(
            arcs in proptest::collection::vec((0_u32..30, 0_u32..30, 0.05_f64..=1.0), 0..100),
            directed: bool, shares in proptest::collection::vec(0.3_f64..=1.0, 1..5),
            tolls in proptest::array::uniform2(0.3_f64..=1.0), more in 2_u32..30,
        ) {
            let projection = Projection::from_arcs(30, &arcs, directed).unwrap();
            let costs = Costs::new(&projection);
            let targets: Vec<u32> = if more == 2 { vec![1] } else { vec![1, more] };
            let mut lens = Lens::new(&costs, NodeIx(0), &targets);
            // Back to the first toll as well.
            for toll in [Cost::default(), Cost::of_share(tolls[0]), Cost::of_share(tolls[1]), Cost::default()] {
                let (mut slack, mut before) = (Cost::default(), 0);
                for share in &shares {
                    let Look::Seen(seen) = lens.look(toll, slack, usize::MAX).unwrap() else {
                        let nowhere = all_costs(&costs, &[0], true, toll);
                        prop_assert!(targets.iter().all(|&to| nowhere[to as usize] == Cost::NEVER));
                        break;
                    };
                    is_within(&costs, &targets, toll, slack, &seen).map_err(TestCaseError::fail)?;
                    SEEN[0].fetch_add(usize::from(seen.bound != Cost::ANY), Ordering::Relaxed);
                    SEEN[1].fetch_add(usize::from(before > 0 && seen.nodes.len() > before), Ordering::Relaxed);
                    before = seen.nodes.len();
                    slack = slack.plus(Cost::of(*share));
                }
            }
        }
    }
}
