//! The ties of many nodes at once, as a walk asks for them.
//!
//! A city's columns are many times larger than a processor's caches, and neighbours stand anywhere in them. Who goes from node to
//! node waits for memory each time; in passes over many nodes, none of which decides what the same pass reads next, most of the
//! waiting is done at once.

use std::ops::Range;

use super::reach::Types;
use super::{Network, NodeIx, span};
use crate::model::{Date, TieType};

/// Nodes a pass; few in tests, so that small networks take several.
const AT_ONCE: usize = if cfg!(test) { 3 } else { 256 };

/// A tie of a node of a frontier.
pub(super) struct Faced {
    /// The node's place in the frontier.
    pub near: usize,
    /// The tie's other end.
    pub far: NodeIx,
    /// Where the network has the tie among the ends of ties.
    pub at: usize,
    /// Its type.
    pub ty: TieType,
    /// Whether the node is its `from`.
    pub outward: bool,
}

impl Network {
    /// Hands out the ties of these types of each node of a frontier, in its order and that of [`Network::arcs`], some at a time.
    pub(super) fn faced(&self, frontier: &[NodeIx], wanted: Types, each: &mut dyn FnMut(&[Faced])) {
        for (pass, nodes) in frontier.chunks(AT_ONCE).enumerate() {
            nodes.iter().for_each(|&node| self.part.asks_ties(node));
            each(&self.pass(pass * AT_ONCE, nodes, wanted));
        }
    }

    /// Since when there is the tie that one end stands for.
    pub(super) fn start_at(&self, at: usize) -> Option<Date> {
        self.ties.starts[self.arcs.ties[at] as usize]
    }

    fn pass(&self, first: usize, nodes: &[NodeIx], wanted: Types) -> Vec<Faced> {
        let (arcs, is_wanted) = (&self.arcs, |at: usize| self.arcs.tags[at].is_of(wanted));
        let spans: Vec<Range<usize>> = nodes.iter().map(|node| span(&arcs.starts, node.at())).collect();
        let counts = spans.iter().map(|span| span.clone().filter(|&at| is_wanted(at)).count());
        let counts: Vec<usize> = counts.collect();
        let mut places: Vec<(usize, usize)> = Vec::with_capacity(counts.iter().sum());
        let some = (first..).zip(&spans).zip(&counts).filter(|(_, count)| **count > 0);
        for ((near, span), _) in some {
            places.extend(span.clone().filter(|&at| is_wanted(at)).map(|at| (near, at)));
        }
        let faced = |&(near, at): &(usize, usize)| Faced {
            near,
            far: NodeIx(arcs.neighbours[at]),
            at,
            ty: arcs.tags[at].ty(),
            outward: arcs.tags[at].is_outward(),
        };
        places.iter().map(faced).collect()
    }
}
