//! Scores by whom two have in common.
//!
//! L. Adamic and E. Adar, *Friends and neighbors on the Web*, Social Networks 25 (2003); T. Zhou, L. Lü and
//! Y.-C. Zhang, *Predicting missing links via local information*, European Physical Journal B 71 (2009)
//! (resource allocation); I. A. Kovács et al., *Network-based prediction of protein interactions*, Nature
//! Communications 10 (2019) (L3).

use crate::analysis::share;
use crate::network::{NodeIx, Projection};

/// What somebody in the middle counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nearby {
    /// Common neighbours: each counts one.
    Common,
    /// Adamic and Adar: one by the logarithm of how many neighbours he has.
    AdamicAdar,
    /// Resource allocation: one by how many neighbours he has.
    Allocation,
    /// L3: ways of three hops, each one by the root of the product of how many neighbours the two in the
    /// middle have.
    Three,
}

impl Nearby {
    /// Every one.
    pub const ALL: &[Self] = &[Self::Common, Self::AdamicAdar, Self::Allocation, Self::Three];

    /// Its name on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::Common => "common",
            Self::AdamicAdar => "adamic-adar",
            Self::Allocation => "resource-allocation",
            Self::Three => "l3",
        }
    }

    /// What a node in the middle of a way counts for.
    fn weight(self, neighbours: usize) -> f64 {
        match self {
            // One who has a single neighbour is in the middle of nothing.
            _ if neighbours < 2 => 0.0,
            Self::Common => 1.0,
            Self::AdamicAdar => 1.0 / libm::log(neighbours as f64),
            Self::Allocation => 1.0 / neighbours as f64,
            Self::Three => 1.0 / (neighbours as f64).sqrt(),
        }
    }
}

/// The scores of everybody that somebody is not tied to and has a way to over one in the middle (two for
/// [`Nearby::Three`]): greatest first, then in node order. Arcs are walked as they lead.
///
/// Cost: a look at each such way (for three hops, at each way of two, and then at the arcs of all they lead
/// to); 16 bytes a node.
///
/// ```
/// use parasol::analysis::missing::{Nearby, nearby};
/// use parasol::network::{NodeIx, Projection};
///
/// // 0 and 3 have 1 and 2 in common, 0 and 4 only 2.
/// let arcs = [(0, 1, 1.0), (0, 2, 1.0), (1, 3, 1.0), (2, 3, 1.0), (2, 4, 1.0)];
/// let scores = nearby(&Projection::from_arcs(5, &arcs, false)?, NodeIx(0), Nearby::Common);
/// assert_eq!(scores, [(NodeIx(3), 2.0), (NodeIx(4), 1.0)]);
/// # Ok::<(), parasol::network::ArcsError>(())
/// ```
pub fn nearby(projection: &Projection, from: NodeIx, by: Nearby) -> Vec<(NodeIx, f64)> {
    let mut scores = Scorer::new(projection, by).of(from);
    scores.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    scores
}

/// The scores of [`nearby`] from each of some nodes, in no order that means anything.
///
/// Cost: as [`nearby`] for each, over all cores.
pub fn nearby_of_all(projection: &Projection, from: &[NodeIx], by: Nearby) -> Vec<Vec<(NodeIx, f64)>> {
    let scorer = Scorer::new(projection, by);
    share::map(from.len(), 4, || scorer.clone(), |scorer, place| scorer.of(from[place]))
}

/// The scores of everybody who has a way to some nodes taken as one, for each such side, in node order: who
/// is in the middle counts once however many of the side he is tied to, and those who are tied to the side
/// have a score as well; those on it have none.
///
/// Cost: as [`nearby`] for each side, over all cores.
pub fn near_sides(projection: &Projection, sides: &[Vec<NodeIx>], by: Nearby) -> Vec<Vec<(NodeIx, f64)>> {
    let scorer = Scorer::new(projection, by);
    let of = |scorer: &mut Scorer<'_>, place: usize| {
        let mut scores = scorer.of_side(&sides[place], true);
        scores.sort_unstable_by_key(|(node, _)| *node);
        scores
    };
    share::map(sides.len(), 4, || scorer.clone(), of)
}

/// Whom a walk reached, and with what score.
#[derive(Clone)]
struct Reached {
    /// Less than nothing for whom it may not reach.
    score: Vec<f64>,
    nodes: Vec<u32>,
}

impl Reached {
    #[inline]
    fn add(&mut self, node: u32, score: f64) {
        let sum = &mut self.score[node as usize];
        if *sum == 0.0 {
            self.nodes.push(node);
        }
        *sum += score;
    }
}

#[derive(Clone)]
struct Scorer<'p> {
    projection: &'p Projection,
    by: Nearby,
    /// What each node in the middle counts for.
    weights: std::sync::Arc<Vec<f64>>,
    reached: Reached,
    middle: Reached,
}

impl<'p> Scorer<'p> {
    fn new(projection: &'p Projection, by: Nearby) -> Self {
        let nodes = projection.node_count();
        let weights = projection.nodes().map(|node| by.weight(projection.neighbours(node).len())).collect();
        let reached = || Reached { score: vec![0.0; nodes], nodes: Vec::new() };
        let middle =
            if by == Nearby::Three { reached() } else { Reached { score: Vec::new(), nodes: Vec::new() } };
        Self { projection, by, weights: std::sync::Arc::new(weights), reached: reached(), middle }
    }

    fn of(&mut self, from: NodeIx) -> Vec<(NodeIx, f64)> {
        self.of_side(&[from], false)
    }

    fn of_side(&mut self, side: &[NodeIx], tied_too: bool) -> Vec<(NodeIx, f64)> {
        let nodes = self.weights.len();
        let mut side: Vec<u32> =
            side.iter().map(|node| node.0).filter(|&node| (node as usize) < nodes).collect();
        side.sort_unstable();
        side.dedup();
        let near = |node: u32| self.projection.neighbours(NodeIx(node));
        let mut middles: Vec<u32> = side.iter().flat_map(|&node| near(node).iter().copied()).collect();
        if side.len() > 1 {
            middles.sort_unstable();
            middles.dedup();
            middles.retain(|node| side.binary_search(node).is_err());
        }
        let known = side.iter().chain(middles.iter().filter(|_| !tied_too));
        let known: Vec<usize> = known.map(|&node| node as usize).collect();
        known.iter().for_each(|&node| self.reached.score[node] = f64::NEG_INFINITY);
        if self.by == Nearby::Three {
            self.over_two(&side, &middles);
        } else {
            self.over_one(&middles);
        }
        known.iter().for_each(|&node| self.reached.score[node] = 0.0);
        let reached = &mut self.reached;
        let take = |node: u32| (NodeIx(node), std::mem::take(&mut reached.score[node as usize]));
        reached.nodes.drain(..).map(take).collect()
    }

    fn over_one(&mut self, middles: &[u32]) {
        for &middle in middles {
            let weight = self.weights[middle as usize];
            if weight > 0.0 {
                for &to in self.projection.neighbours(NodeIx(middle)) {
                    self.reached.add(to, weight);
                }
            }
        }
    }

    /// Ways from – u – v – to: all that lead to a v are added up before going on from it.
    fn over_two(&mut self, side: &[u32], middles: &[u32]) {
        for &u in middles {
            let weight = self.weights[u as usize];
            let onward = self.projection.neighbours(NodeIx(u)).iter();
            for &v in onward.filter(|node| side.binary_search(node).is_err()) {
                self.middle.add(v, weight * self.weights[v as usize]);
            }
        }
        // In node order, so that sums do not depend on where a v was met first.
        self.middle.nodes.sort_unstable();
        for v in self.middle.nodes.drain(..) {
            let weight = std::mem::take(&mut self.middle.score[v as usize]);
            // Ways that come back to u count too: u is tied to `from`, so it cannot be a `to`.
            for &to in self.projection.neighbours(NodeIx(v)).iter().filter(|_| weight > 0.0) {
                self.reached.add(to, weight);
            }
        }
    }
}
