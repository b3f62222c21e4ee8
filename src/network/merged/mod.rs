//! A network with a small change laid over it: the same as one built anew, in a fraction of the time.
//!
//! What a change touches comes as a network of its own: every entity that it says anything of, whole, and all
//! ties of every pair of ends whose ties it may have changed, as they are after it. The columns of both are put
//! together in runs, so that nearly all of it is copying memory; positions are those that a builder would give.

mod nodes;
mod order;
#[cfg(test)]
mod tests;
mod ties;
mod words;

use nodes::{merged_nodes, merged_steps, order_of_nodes};
use order::at;
use ties::{merged_arcs, merged_claims, merged_ties, order_of_ties, touched};
use words::WordsOfBoth;

use super::builder::parts_by;
use super::{Network, NodeIx, Parts, TieIx, Words, span};
use crate::model::{Id, Kind};

impl Network {
    /// This network after a change: `change` holds every entity that it says anything of, and all ties between
    /// the ends of these `pairs` (from, to) as they are after it; its other ends are entities of it as well. Who
    /// may be one person is known as before. Cost: copying the network, in two threads.
    #[must_use]
    pub fn changed(&self, change: &Self, pairs: &[(Id, Id)]) -> Self {
        let nodes = order_of_nodes(self, change);
        let mut words = WordsOfBoth::of(self, change);
        let pairs = touched(self, change, &nodes, pairs);
        let ties = order_of_ties(self, change, &nodes, &pairs);
        let ((columns, claims), (named, arcs)) = rayon::join(
            || {
                rayon::join(
                    || merged_ties(self, change, &nodes, &ties, &words),
                    || merged_claims(self, change, &ties),
                )
            },
            || {
                rayon::join(
                    || merged_nodes(self, change, &nodes, &words),
                    || merged_arcs(self, change, &nodes, &ties, &pairs),
                )
            },
        );
        let (claims, voices) = claims;
        let likely = self.likely.as_ref().map(|likely| {
            let place = |&(a, b, probability): &(u32, u32, f64)| {
                (at(&nodes.base, a), at(&nodes.base, b), probability)
            };
            likely.iter().map(place).collect()
        });
        let mut network = Self {
            as_of: self.as_of,
            nodes: named,
            ties: columns,
            claims,
            arcs,
            steps: merged_steps(self, change, &nodes),
            told: Vec::new(),
            voices,
            likely,
            words: Words(std::mem::take(&mut words.all)),
            part: super::partial::Part::default(),
        };
        network.arcs.tags = super::builder::tags(&network, &network.arcs.starts, &network.arcs.ties);
        network.told = super::told::by_steps(&network, network.as_of);
        for &node in &nodes.change {
            network.take_part(NodeIx(node));
        }
        network
    }

    /// Notes the parts that somebody plays by his ties.
    fn take_part(&mut self, node: NodeIx) {
        if self.kind(node) != Kind::Person {
            return;
        }
        let arcs = span(&self.arcs.starts, node.at()).filter_map(|arc| self.arcs.ties.get(arc)).copied();
        let of = |tie: u32| {
            let tie = self.tie(TieIx(tie));
            let ends = [tie.from(), tie.to()].into_iter().zip(parts_by(tie.ty()));
            ends.filter(|(end, _)| *end == node).map(|(_, part)| part).fold(Parts::default(), Parts::with)
        };
        let parts = arcs.map(of).fold(Parts::default(), Parts::with);
        if let Some(known) = self.nodes.parts.get_mut(node.at()) {
            *known = known.with(parts);
        }
    }
}
