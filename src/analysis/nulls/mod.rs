//! Null models: what a network would look like if only the number of ties mattered.
//!
//! A draw keeps everybody's number of others in each layer, and between kinds: in the money layer a person
//! keeps how many people and how many companies he is tied to, and a company how many people (the margins
//! of a two-mode network). Who is tied to whom is drawn anew, all such networks being as likely (a
//! configuration model without loops and parallel ties: B. K. Fosdick et al., *Configuring random graph
//! models with fixed degree sequences*, SIAM Review 60, 2018). Parallel ties of a layer are merged first;
//! strengths go with the ties.
//!
//! A draw starts from what is on file and tries [`MIX`] swaps a tie: two ties exchange ends, unless that
//! makes a loop or a parallel tie. J. Ray, A. Pinar and C. Seshadhri, *Are we there yet? When to stop a
//! Markov chain while generating random graphs*, WAW 2012, find ties independent of where they began after
//! about so many; R. Milo et al., *On the uniform generation of random graphs with prescribed degree
//! sequences*, arXiv cond-mat/0312028, stay on the safe side with 100. Every draw is a chain of its own, so
//! draws do not depend on each other or on threads.

mod pairs;
mod ranks;
mod swaps;

use std::collections::BTreeMap;

use super::dice::Dice;
use crate::network::{ArcsError, Layers, Network, NodeIx, Projection, ProjectionOptions};
pub use pairs::{Chance, Statistic, pairs_by_chance};
pub use ranks::{Likely, ranks_by_chance};
pub use swaps::MIX;

/// How many draws, and their seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    /// How many.
    pub count: u64,
    /// The seed.
    pub seed: u64,
}

impl Default for Draws {
    fn default() -> Self {
        Self { count: 200, seed: 1 }
    }
}

/// The ties of a network by what draws keep. 16 bytes a tie.
#[derive(Clone, Debug, Default)]
pub struct Margins {
    nodes: usize,
    options: ProjectionOptions,
    classes: Vec<Class>,
}

/// Ties of one layer between two kinds of nodes.
#[derive(Clone, Debug, Default)]
struct Class {
    ties: Vec<[u32; 2]>,
    weights: Vec<f64>,
    /// Whether the two kinds differ: an end then stays on its side.
    two_mode: bool,
}

impl Margins {
    /// The margins of a network, of the ties that `options` takes, each both ways. Cost: a pass over the
    /// ties for each layer.
    pub fn new(network: &Network, options: ProjectionOptions) -> Self {
        let options = ProjectionOptions { directed: false, ..options };
        let mut classes = BTreeMap::new();
        for layer in options.layers.iter() {
            let only = ProjectionOptions { layers: Layers::of(&[layer]), ..options };
            let projection = Projection::new(network, only);
            for node in projection.nodes() {
                for hand in projection.leaving(node).filter(|hand| node < hand.neighbour) {
                    let kinds = [network.kind(node).code(), network.kind(hand.neighbour).code()];
                    let [mut tie, mut key] = [[node.0, hand.neighbour.0], [0, 1]];
                    if kinds[0] > kinds[1] {
                        tie.reverse();
                        key.reverse();
                    }
                    let class: &mut Class =
                        classes.entry((layer.code(), key.map(|side| kinds[side as usize]))).or_default();
                    class.two_mode = kinds[0] != kinds[1];
                    class.ties.push(tie);
                    class.weights.push(hand.weight);
                }
            }
        }
        Self { nodes: network.node_count(), options, classes: classes.into_values().collect() }
    }

    /// The margins of a plain graph: everybody's number of neighbours, whichever way arcs lead; of two arcs between
    /// the same two the one from the lower node counts.
    pub fn of_projection(projection: &Projection) -> Self {
        let mut class = Class::default();
        for node in projection.nodes() {
            let once = |other: NodeIx| node < other || projection.weight(other, node).is_none();
            for hand in projection.leaving(node).filter(|hand| once(hand.neighbour)) {
                class.ties.push([node.0, hand.neighbour.0]);
                class.weights.push(hand.weight);
            }
        }
        Self { nodes: projection.node_count(), options: projection.options(), classes: vec![class] }
    }

    /// The network as it is.
    fn as_it_is(&self) -> Drawn<'_> {
        let ties = self.classes.iter().map(|class| class.ties.clone()).collect();
        Drawn { margins: self, ties }
    }

    /// A draw.
    fn draw(&self, draws: &Draws, draw: u64) -> Drawn<'_> {
        let ties = (0..)
            .zip(&self.classes)
            .map(|(at, class)| {
                // A class has its own dice; there are fewer than 2¹⁰ classes.
                let mut dice = Dice::new(draws.seed, "null model", draw << 10 | at);
                swaps::mixed(&class.ties, class.two_mode, &mut dice)
            })
            .collect();
        Drawn { margins: self, ties }
    }
}

/// One draw: the ties of each class.
struct Drawn<'m> {
    margins: &'m Margins,
    ties: Vec<Vec<[u32; 2]>>,
}

impl Drawn<'_> {
    /// As a projection: ties of several layers between two are merged.
    fn projection(&self) -> Result<Projection, ArcsError> {
        let classes = self.ties.iter().zip(&self.margins.classes);
        let arcs: Vec<(u32, u32, f64)> = classes
            .flat_map(|(ties, class)| {
                ties.iter().zip(&class.weights).map(|(&[a, b], &weight)| (a, b, weight))
            })
            .collect();
        Projection::from_list(self.margins.nodes, &arcs, self.margins.options)
    }
}

/// The chance that a draw shows as much or more, from how many of `draws` did: what is on file counts as a
/// draw, so that it is never 0 (B. Phipson and G. K. Smyth, *Permutation p-values should never be zero*,
/// Statistical Applications in Genetics and Molecular Biology 9, 2010).
fn p_value(as_much: u64, draws: u64) -> f64 {
    (as_much + 1) as f64 / (draws + 1) as f64
}

#[cfg(test)]
mod tests;
