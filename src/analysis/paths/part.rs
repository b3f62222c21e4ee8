//! Whether the best paths of a part are those of the whole graph.
//!
//! A part has some nodes *whole*: all their arcs are there. A way that the part does not have leaves what is
//! known from each end over a node that is not whole, so that it costs at least as much as the nearest
//! such nodes of both ends together. Sums are of −ln weight, as everywhere in `paths`.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::network::{NodeIx, Projection};

/// More than what sums of rounded costs may differ by.
const MARGIN: f64 = 1e-6;

/// What of a graph is known from one node.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Nodes that are not whole, with what it costs to reach them, nearest first.
    pub edge: Vec<(f64, NodeIx)>,
}

/// An order for costs, which are never NaN.
#[derive(PartialEq)]
struct Far(f64);

impl Eq for Far {}

impl PartialOrd for Far {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Far {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Known {
    /// What is known from a node over those that are whole. Cost: a Dijkstra over their arcs.
    pub fn from(projection: &Projection, start: NodeIx, is_whole: impl Fn(NodeIx) -> bool) -> Self {
        let mut costs = vec![f64::INFINITY; projection.node_count()];
        let mut queue = BinaryHeap::from([Reverse((Far(0.0), start.0))]);
        let mut edge = Vec::new();
        costs.get_mut(start.at()).into_iter().for_each(|cost| *cost = 0.0);
        while let Some(Reverse((Far(cost), node))) = queue.pop() {
            let node = NodeIx(node);
            if costs.get(node.at()).is_none_or(|least| cost > *least) {
                continue;
            }
            if !is_whole(node) {
                edge.push((cost, node));
                continue;
            }
            for arc in projection.leaving(node) {
                let further = cost - libm::log(arc.weight);
                let Some(least) = costs.get_mut(arc.neighbour.at()).filter(|least| further < **least) else {
                    continue;
                };
                *least = further;
                queue.push(Reverse((Far(further), arc.neighbour.0)));
            }
        }
        Self { edge }
    }

    /// What the nearest node costs that is not whole; infinite where there is none.
    pub fn radius(&self) -> f64 {
        self.edge.first().map_or(f64::INFINITY, |(cost, _)| *cost)
    }

    /// The nodes that are not whole and no further than `cost`; if those are fewer than `least`, the next ones as well, as
    /// far as `limit`.
    pub fn within(&self, cost: f64, least: usize, limit: f64) -> impl Iterator<Item = NodeIx> + '_ {
        let is_near = move |&(at, (own, _)): &(usize, &(f64, NodeIx))| {
            *own <= cost + MARGIN || (at < least && *own <= limit + MARGIN)
        };
        self.edge.iter().enumerate().take_while(is_near).map(|(_, (_, node))| *node)
    }
}

/// Whether no way that the part lacks costs as little as this.
pub fn is_settled(from: &Known, to: &Known, cost: f64) -> bool {
    from.radius() + to.radius() > cost + MARGIN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_come_and_as_many_as_are_asked_for_while_they_may_matter() {
        let known = Known { edge: (0_u32..5).map(|at| (f64::from(at), NodeIx(at))).collect() };
        let within =
            |cost, least, limit| known.within(cost, least, limit).map(|node| node.0).collect::<Vec<_>>();
        assert_eq!(within(1.0, 0, 9.0), [0, 1]);
        assert_eq!(within(1.0, 4, 9.0), [0, 1, 2, 3]);
        assert_eq!(within(1.0, 4, 2.0), [0, 1, 2]);
        assert_eq!(within(3.0, 2, 0.0), [0, 1, 2, 3], "what is near is never left out");
    }
}
