//! What kernels run on: a compact simple graph, made from a network in one pass.
//!
//! Filters (layers, direction, refuted ties) and the merging of parallel ties are paid once here,
//! not on every arc. Nodes keep their network positions, so position order is id order. A
//! projection is frozen; it may not look anything up: evidence stays with the network, to which
//! each arc leads back by the position of its strongest tie ([`Projection::ties_between`] gives
//! them all).
//!
//! **Merging.** Parallel ties become one arc whose weight is their noisy-or, `1 − Π(1 − s)`, held
//! under [`MOST`]: each tie is a fact of its own, any one of them is enough, and how far one voice
//! is believed is already in each strength (`model::strength`). A single tie keeps its strength to
//! the last bit.
//!
//! **Memory.** Structure 8 bytes an arc (16 when directed: the way back is kept too) and 4 (8) a
//! node; the weights are a column of 8 bytes an arc beside it. An undirected tie is two arcs.

use super::{Layers, Network, NodeIx, Period, TieIx};
use crate::model::Status;
use crate::model::strength::MOST;

/// What of a network a projection holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProjectionOptions {
    /// Only ties of these layers.
    pub layers: Layers,
    /// Whether directed ties are walked only forwards. Undirected ties go both ways all the same.
    pub directed: bool,
    /// What an arc weighs.
    pub weight: Weight,
    /// Whether refuted ties are walked too. They count against a tie, they are no way to go.
    pub refuted: bool,
    /// Only ties that may have held in this period.
    pub period: Period,
}

impl Default for ProjectionOptions {
    fn default() -> Self {
        Self {
            layers: Layers::WALKED,
            directed: false,
            weight: Weight::Strength,
            refuted: false,
            period: Period::default(),
        }
    }
}

/// What an arc weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// The merged strength of its ties.
    Strength,
    /// One: whether there is a tie is all that counts.
    One,
}

/// Why a list of arcs is no projection.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ArcsError {
    /// An arc leads to a node past the last.
    #[error("arc {arc} names node {node}, and there are {nodes}")]
    NoSuchNode {
        /// The arc's place in the list.
        arc: usize,
        /// The node.
        node: u32,
        /// How many nodes there are.
        nodes: usize,
    },
    /// A weight is not in (0, 1].
    #[error("arc {arc} weighs {weight}, which is not in (0, 1]")]
    BadWeight {
        /// The arc's place in the list.
        arc: usize,
        /// Its weight.
        weight: f64,
    },
    /// More arcs than positions of 32 bits can tell apart.
    #[error("a projection holds at most 4,294,967,295 arcs")]
    TooMany,
}

/// A simple weighted graph. See the module's documentation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Projection {
    options: ProjectionOptions,
    /// Where each node's arcs start; one more than there are nodes.
    starts: Vec<u32>,
    neighbours: Vec<u32>,
    weights: Vec<f64>,
    /// The strongest tie of each arc, or its place in the list it was made from.
    ties: Vec<u32>,
    /// The way back, where the projection is directed.
    back: Option<Back>,
}

/// Arcs by the node they arrive at.
#[derive(Clone, Debug, Default, PartialEq)]
struct Back {
    starts: Vec<u32>,
    neighbours: Vec<u32>,
    /// Position of the arc in the columns of the projection.
    arcs: Vec<u32>,
}

/// One arc as seen from one of its ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hand {
    /// The node at the other end.
    pub neighbour: NodeIx,
    /// What the arc weighs.
    pub weight: f64,
    /// The strongest tie (the arc's place in the list, where the projection was made from one).
    pub tie: TieIx,
}

impl Projection {
    /// The projection of a network. Cost: one pass over its arcs.
    pub fn new(network: &Network, options: ProjectionOptions) -> Self {
        Self::of_ties(network, options, |_| true)
    }

    /// The projection of the ties of a network that `keep` lets through.
    pub fn of_ties(network: &Network, options: ProjectionOptions, keep: impl Fn(TieIx) -> bool) -> Self {
        let mut columns = Columns::new(options, network.node_count());
        for node in network.nodes() {
            for arc in network.arcs(node) {
                let tie = network.tie(arc.tie);
                if options.takes(network, arc.tie, node) && keep(arc.tie) {
                    columns.add(arc.neighbour.0, tie.strength(), arc.tie.0);
                }
            }
            columns.close_node();
        }
        columns.finish()
    }

    /// A projection from a plain list of arcs (from, to, weight), weights in (0, 1]. Where it is
    /// undirected, each stands for both ways. Parallel arcs are merged as parallel ties are (but
    /// not held under [`MOST`]); arcs to oneself are left out. Cost: a few passes over the arcs; beside
    /// the projection itself 8 bytes a node.
    pub fn from_arcs(nodes: usize, arcs: &[(u32, u32, f64)], directed: bool) -> Result<Self, ArcsError> {
        Self::from_list(nodes, arcs, ProjectionOptions { directed, ..ProjectionOptions::default() })
    }

    /// [`Self::from_arcs`] with other options; its layers and refuted ties are those of the list.
    pub fn from_list(
        nodes: usize,
        arcs: &[(u32, u32, f64)],
        options: ProjectionOptions,
    ) -> Result<Self, ArcsError> {
        check_arcs(nodes, arcs)?;
        Ok(Columns::of_list(nodes, arcs, options).finish())
    }

    /// What it holds of its network.
    pub fn options(&self) -> ProjectionOptions {
        self.options
    }

    /// Whether an arc leads only one way.
    pub fn is_directed(&self) -> bool {
        self.options.directed
    }

    /// How many nodes there are.
    pub fn node_count(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// How many arcs there are; an undirected tie is two.
    pub fn arc_count(&self) -> usize {
        self.neighbours.len()
    }

    /// Every node, in id order.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = NodeIx> + ExactSizeIterator + use<> {
        (0..self.node_count() as u32).map(NodeIx)
    }

    /// The nodes that arcs lead to from here, in order. Empty for a node that is not there.
    pub fn neighbours(&self, node: NodeIx) -> &[u32] {
        self.neighbours.get(super::span(&self.starts, node.at())).unwrap_or_default()
    }

    /// The nodes that arcs lead here from, in order. The same as [`Self::neighbours`] where undirected.
    pub fn sources(&self, node: NodeIx) -> &[u32] {
        match &self.back {
            Some(back) => back.neighbours.get(super::span(&back.starts, node.at())).unwrap_or_default(),
            None => self.neighbours(node),
        }
    }

    /// Where the arcs that lead from here stand among all arcs: a kernel that keeps something for each
    /// arc keeps it in this order.
    pub fn places(&self, node: NodeIx) -> std::ops::Range<usize> {
        super::span(&self.starts, node.at())
    }

    /// The places of the arcs that lead here, in the order of [`Self::sources`], where the projection is
    /// directed; where it is not, they are [`Self::places`].
    pub fn places_to(&self, node: NodeIx) -> &[u32] {
        let of = |back: &'_ Back| super::span(&back.starts, node.at());
        self.back.as_ref().and_then(|back| back.arcs.get(of(back))).unwrap_or_default()
    }

    /// Where all arcs lead, in the order of their places.
    pub fn all_neighbours(&self) -> &[u32] {
        &self.neighbours
    }

    /// The weights of all arcs, in the order of their places.
    pub fn all_weights(&self) -> &[f64] {
        &self.weights
    }

    /// The place of the arc that leads from one node to another. Cost: a binary search.
    pub fn place(&self, from: NodeIx, to: NodeIx) -> Option<usize> {
        Some(self.places(from).start + self.neighbours(from).binary_search(&to.0).ok()?)
    }

    /// The weights of the arcs that lead from here, in the order of [`Self::neighbours`].
    pub fn weights(&self, node: NodeIx) -> &[f64] {
        self.weights.get(super::span(&self.starts, node.at())).unwrap_or_default()
    }

    /// The arcs that lead from here, by neighbour.
    pub fn leaving(&self, node: NodeIx) -> impl ExactSizeIterator<Item = Hand> + Clone + '_ {
        super::span(&self.starts, node.at()).map(|at| self.hand(at, self.neighbours[at]))
    }

    /// The arcs that lead here, by neighbour. The same as [`Self::leaving`] where undirected.
    pub fn arriving(&self, node: NodeIx) -> impl ExactSizeIterator<Item = Hand> + Clone + '_ {
        let starts = self.back.as_ref().map_or(&self.starts, |back| &back.starts);
        super::span(starts, node.at()).map(|at| match &self.back {
            Some(back) => self.hand(back.arcs[at] as usize, back.neighbours[at]),
            None => self.hand(at, self.neighbours[at]),
        })
    }

    fn hand(&self, arc: usize, neighbour: u32) -> Hand {
        Hand { neighbour: NodeIx(neighbour), weight: self.weights[arc], tie: TieIx(self.ties[arc]) }
    }

    /// The weight of the arc from one node to another. Cost: a binary search.
    pub fn weight(&self, from: NodeIx, to: NodeIx) -> Option<f64> {
        self.weight_ref(from, to).copied()
    }

    pub(super) fn weight_ref(&self, from: NodeIx, to: NodeIx) -> Option<&f64> {
        self.weights.get(self.place(from, to)?)
    }

    /// The ties of `network`, of which this is a projection, that the arc from one node to another
    /// stands for, in order.
    pub fn ties_between(&self, network: &Network, from: NodeIx, to: NodeIx) -> Vec<TieIx> {
        network.between(from, to).filter(|&tie| self.options.takes(network, tie, from)).collect()
    }

    /// Bytes of the structure: offsets, neighbours, tie positions, the way back.
    pub fn structure_bytes(&self) -> usize {
        let back =
            self.back.as_ref().map_or(0, |back| back.starts.len() + back.neighbours.len() + back.arcs.len());
        4 * (self.starts.len() + self.neighbours.len() + self.ties.len() + back)
    }
}

impl ProjectionOptions {
    /// Whether a tie of the network may be walked from this end.
    pub fn takes(&self, network: &Network, tie: TieIx, from: NodeIx) -> bool {
        let tie = network.tie(tie);
        self.layers.has(tie.layer())
            && (self.refuted || tie.status() != Status::Refuted)
            && (!self.directed || !tie.is_directed() || tie.from() == from)
            && self.period.has(tie)
    }
}

fn check_arcs(nodes: usize, arcs: &[(u32, u32, f64)]) -> Result<(), ArcsError> {
    if u32::try_from(arcs.len().saturating_mul(2)).is_err() {
        return Err(ArcsError::TooMany);
    }
    for (place, &(from, to, weight)) in arcs.iter().enumerate() {
        if let Some(node) = [from, to].into_iter().find(|&node| node as usize >= nodes) {
            return Err(ArcsError::NoSuchNode { arc: place, node, nodes });
        }
        if !(weight > 0.0 && weight <= 1.0) {
            return Err(ArcsError::BadWeight { arc: place, weight });
        }
    }
    Ok(())
}

/// The places of the arcs by the node they lead from (both ends where undirected; arcs to oneself
/// apart), and where each node's places end.
fn by_node(nodes: usize, arcs: &[(u32, u32, f64)], directed: bool) -> (Vec<u32>, Vec<u32>) {
    let apart = || (0_u32..).zip(arcs).filter(|(_, arc)| arc.0 != arc.1);
    let mut next = vec![0_u32; nodes + 1];
    for (_, &(from, to, _)) in apart() {
        next[from as usize + 1] += 1;
        next[to as usize + 1] += u32::from(!directed);
    }
    for at in 1..next.len() {
        next[at] += next[at - 1];
    }
    let mut places = vec![0; next.last().map_or(0, |&end| end as usize)];
    let mut put = |node: u32, place: u32| {
        let slot = &mut next[node as usize];
        places[*slot as usize] = place;
        *slot += 1;
    };
    for (place, &(from, to, _)) in apart() {
        put(from, place);
        if !directed {
            put(to, place);
        }
    }
    // Every slot has moved on to where its node's places end.
    next.truncate(nodes);
    (next, places)
}

/// The columns while they are filled, node by node, neighbours in order.
struct Columns {
    projection: Projection,
    most: f64,
    /// Weight of the strongest tie of the last arc, and the chance that none of its ties is real.
    strongest: f64,
    doubt: f64,
}

impl Columns {
    fn new(options: ProjectionOptions, nodes: usize) -> Self {
        let mut projection = Projection { options, ..Projection::default() };
        projection.starts.reserve_exact(nodes + 1);
        projection.starts.push(0);
        Self { projection, most: MOST, strongest: 0.0, doubt: 1.0 }
    }

    /// The columns of a list of arcs: a counting sort by where they lead from, then each node's few by
    /// where they lead to.
    fn of_list(nodes: usize, arcs: &[(u32, u32, f64)], options: ProjectionOptions) -> Self {
        let (ends, places) = by_node(nodes, arcs, options.directed);
        let mut columns = Self { most: 1.0, ..Self::new(options, nodes) };
        columns.reserve(places.len());
        let (mut start, mut few) = (0, Vec::new());
        for (node, &end) in (0_u32..).zip(&ends) {
            few.clear();
            few.extend(places[start..end as usize].iter().map(|&place| {
                let (from, to, weight) = arcs[place as usize];
                (if from == node { to } else { from }, place, weight)
            }));
            few.sort_unstable_by_key(|&(to, place, _)| (to, place));
            few.iter().for_each(|&(to, place, weight)| columns.add(to, weight, place));
            columns.close_node();
            start = end as usize;
        }
        columns
    }

    fn reserve(&mut self, arcs: usize) {
        self.projection.neighbours.reserve_exact(arcs);
        self.projection.weights.reserve_exact(arcs);
        self.projection.ties.reserve_exact(arcs);
    }

    fn add(&mut self, neighbour: u32, weight: f64, tie: u32) {
        let columns = &mut self.projection;
        let first = columns.starts.last().is_none_or(|&start| start as usize == columns.neighbours.len());
        let weight = if columns.options.weight == Weight::One { 1.0 } else { weight };
        if first || columns.neighbours.last() != Some(&neighbour) {
            columns.neighbours.push(neighbour);
            columns.weights.push(weight);
            columns.ties.push(tie);
            (self.strongest, self.doubt) = (weight, 1.0 - weight);
            return;
        }
        self.doubt *= 1.0 - weight;
        let (Some(merged), Some(shown)) = (columns.weights.last_mut(), columns.ties.last_mut()) else {
            return;
        };
        if columns.options.weight == Weight::Strength {
            // Never under its strongest tie, which may itself be over the bound.
            *merged = (1.0 - self.doubt).min(self.most).max(self.strongest.max(weight));
        }
        if weight > self.strongest {
            (self.strongest, *shown) = (weight, tie);
        }
    }

    fn close_node(&mut self) {
        self.projection.starts.push(self.projection.neighbours.len() as u32);
    }

    fn finish(mut self) -> Projection {
        let columns = &mut self.projection;
        columns.neighbours.shrink_to_fit();
        columns.weights.shrink_to_fit();
        columns.ties.shrink_to_fit();
        columns.back = columns.options.directed.then(|| back(columns));
        self.projection
    }
}

/// The way back: a counting sort of the arcs by where they lead, which leaves them in order.
fn back(projection: &Projection) -> Back {
    let mut starts = vec![0_u32; projection.node_count() + 1];
    for &to in &projection.neighbours {
        starts[to as usize + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut next = starts.clone();
    let mut neighbours = vec![0; projection.arc_count()];
    let mut arcs = vec![0; projection.arc_count()];
    for node in projection.nodes() {
        for arc in super::span(&projection.starts, node.at()) {
            let slot = &mut next[projection.neighbours[arc] as usize];
            (neighbours[*slot as usize], arcs[*slot as usize]) = (node.0, arc as u32);
            *slot += 1;
        }
    }
    Back { starts, neighbours, arcs }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Layer, TieType};
    use crate::network::Builder;
    use crate::network::samples::{person, said, tie};

    /// a–b kin and two calls (a → b, b → a), b → c post (duty), c–d refuted friendship.
    fn network() -> Network {
        let mut builder = Builder::new(None);
        for id in ["a", "b", "c", "d"] {
            builder.entity(person(id));
        }
        for tie in [
            tie(TieType::Family, "a", "b", vec![said("r1", "s1")]),
            tie(TieType::Call, "a", "b", vec![said("r2", "s1")]),
            tie(TieType::Call, "b", "a", vec![said("r3", "s2"), said("r3", "s3")]),
            tie(TieType::Supervises, "b", "c", vec![said("r4", "s1")]),
            tie(TieType::Associate, "c", "d", vec![said("r5", "s1").refuted()]),
            tie(TieType::Call, "d", "d", vec![said("r6", "s1")]),
        ] {
            builder.tie(&tie.build()).unwrap();
        }
        builder.build()
    }

    fn all(directed: bool) -> ProjectionOptions {
        ProjectionOptions { layers: Layers::ALL, directed, refuted: true, ..Default::default() }
    }

    #[test]
    fn parallel_ties_are_one_arc_as_strong_as_any_of_them_being_real() {
        let network = network();
        let projection = Projection::new(&network, ProjectionOptions::default());
        let (a, b) = (NodeIx(0), NodeIx(1));
        let ties = projection.ties_between(&network, a, b);
        let doubt: f64 = ties.iter().map(|&tie| 1.0 - network.tie(tie).strength()).product();
        assert_eq!(ties.len(), 3);
        assert_eq!(projection.weight(a, b), Some((1.0 - doubt).min(MOST)));
        assert_eq!(projection.weight(a, b), projection.weight(b, a));
        let hand = projection.leaving(a).next().unwrap();
        assert_eq!(network.tie(hand.tie).rows(), ["r3"], "the strongest stands for all");
    }

    #[test]
    fn duty_refuted_ties_and_ties_to_oneself_are_left_out() {
        let projection = Projection::new(&network(), ProjectionOptions::default());
        assert_eq!((projection.node_count(), projection.arc_count()), (4, 2));
        let projection = Projection::new(&network(), all(false));
        assert_eq!(projection.arc_count(), 6);
        assert_eq!(projection.neighbours(NodeIx(3)), [2]);
    }

    #[test]
    fn a_directed_projection_walks_directed_ties_forwards_only() {
        let network = network();
        let projection = Projection::new(&network, all(true));
        let (b, c) = (NodeIx(1), NodeIx(2));
        assert_eq!(projection.neighbours(b), [0, 2]);
        assert_eq!(projection.neighbours(c), [3]);
        let arriving: Vec<u32> = projection.arriving(c).map(|hand| hand.neighbour.0).collect();
        assert_eq!(arriving, [1, 3]);
        assert_eq!(projection.ties_between(&network, b, NodeIx(0)).len(), 2, "kin and his own call");
    }

    #[test]
    fn what_keep_drops_is_not_there_and_weights_may_be_one() {
        let network = network();
        let kin = |tie: TieIx| network.tie(tie).layer() == Layer::Kinship;
        let options = ProjectionOptions { weight: Weight::One, ..ProjectionOptions::default() };
        let projection = Projection::of_ties(&network, options, kin);
        assert_eq!(projection.weight(NodeIx(0), NodeIx(1)), Some(1.0));
        assert_eq!(Projection::of_ties(&network, options, |_| false).arc_count(), 0);
        assert_eq!(Projection::new(&Network::default(), options).node_count(), 0);
    }

    #[test]
    fn arcs_that_make_no_sense_are_refused() {
        let missing = Projection::from_arcs(2, &[(0, 2, 1.0)], false);
        assert_eq!(missing, Err(ArcsError::NoSuchNode { arc: 0, node: 2, nodes: 2 }));
        for weight in [0.0, -1.0, 1.5, f64::NAN, f64::INFINITY] {
            assert!(Projection::from_arcs(2, &[(0, 1, weight)], false).is_err());
        }
        assert_eq!(Projection::from_arcs(0, &[], true).unwrap().node_count(), 0);
    }

    #[test]
    fn the_structure_takes_at_most_sixteen_bytes_an_arc() {
        let arcs: Vec<(u32, u32, f64)> =
            (0..20_000_u32).map(|i| (i % 1000, (i % 1000 + 1 + i / 1000) % 1000, 0.5)).collect();
        for directed in [false, true] {
            let projection = Projection::from_arcs(1000, &arcs, directed).unwrap();
            let offsets = 8 * (projection.node_count() + 1);
            assert!(projection.structure_bytes() <= 16 * projection.arc_count() + offsets);
            assert_eq!(projection.arc_count(), if directed { 20_000 } else { 40_000 });
        }
    }

    proptest! {
        #[test]
        fn both_sides_of_a_projection_agree(
            arcs in proptest::collection::vec((0_u32..12, 0_u32..12, 0.01_f64..1.0), 0..60),
            directed: bool,
        ) {
            let projection = Projection::from_arcs(12, &arcs, directed).unwrap();
            let (mut leaving, mut arriving) = (Vec::new(), Vec::new());
            for node in projection.nodes() {
                leaving.extend(projection.leaving(node).map(|hand| (node, hand.neighbour, hand.weight)));
                arriving.extend(projection.arriving(node).map(|hand| (hand.neighbour, node, hand.weight)));
            }
            prop_assert!(leaving.windows(2).all(|w| (w[0].0, w[0].1) < (w[1].0, w[1].1)));
            arriving.sort_by_key(|arc| (arc.0, arc.1));
            prop_assert_eq!(&leaving, &arriving);
            for &(from, to, weight) in &leaving {
                let of = |a: u32, b: u32| arcs.iter().filter(move |x| (x.0, x.1) == (a, b)).map(|x| 1.0 - x.2);
                let mut doubt: f64 = of(from.0, to.0).product();
                if !directed {
                    doubt *= of(to.0, from.0).product::<f64>();
                }
                prop_assert!((weight - (1.0 - doubt)).abs() < 1e-12);
            }
        }
    }
}
