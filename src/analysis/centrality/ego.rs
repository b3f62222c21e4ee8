//! What surrounds somebody: whether his contacts know each other, and so whether he stands between them.
//!
//! R. S. Burt, *Structural holes*, Harvard University Press 1992 (constraint, effective size); D. J. Watts
//! and S. H. Strogatz, *Collective dynamics of 'small-world' networks*, Nature 393 (1998) (clustering).
//!
//! Where arcs lead one way, constraint and effective size take what two put into each other together, as
//! Burt does (his z_ij + z_ji); clustering counts the triangles of arcs of every kind (G. Fagiolo,
//! *Clustering in complex directed networks*, Physical Review E 76, 2007).

use std::borrow::Cow;

use super::triangles::{each_triangle, triangles};
use super::{RankError, RankOptions};
use crate::analysis::share;
use crate::network::{NodeIx, Projection};

/// Burt's constraint: how much somebody's ties lead back to the same few. The sum over his contacts `j` of
/// `(p_j + Σ p_q p_qj)²`, `p_qj` being the share of q's strength that goes to j. From near 0 (many contacts
/// who do not know each other) to about 1; small circles pass 1. 0 where there is no tie.
///
/// Cost: for each tie the fewer contacts of its two ends, over all cores; 16 bytes a node and thread.
///
/// ```
/// use parasol::analysis::centrality::constraint;
/// use parasol::network::Projection;
///
/// // The hub of a star depends on nobody much, its leaves on the hub alone.
/// let star = Projection::from_arcs(5, &[(0, 1, 1.0), (0, 2, 1.0), (0, 3, 1.0), (0, 4, 1.0)], false)?;
/// assert_eq!(constraint(&star, &Default::default())?, [0.25, 1.0, 1.0, 1.0, 1.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn constraint(projection: &Projection, _: &RankOptions) -> Result<Vec<f64>, RankError> {
    let projection = &*mutual(projection)?;
    let by_strength = by_strength(projection);
    let part = |q: u32| by_strength[q as usize];
    let of = |circle: &mut Circle<'_>, node: NodeIx| {
        let share = by_strength[node.at()];
        let mut sum = 0.0;
        circle.around(
            node,
            |q, weight| weight * share * part(q),
            |weight, closed, _| {
                let depends = weight * share + closed;
                sum += depends * depends;
            },
        );
        sum
    };
    Ok(over_all(projection, of))
}

/// Burt's effective size: how many contacts somebody has, less what they have in common: the sum over his
/// contacts `j` of `1 − Σ p_q m_jq`, `m_jq` being q's tie to j as a share of j's strongest.
///
/// Cost: as [`constraint`].
///
/// ```
/// use parasol::analysis::centrality::effective_size;
/// use parasol::network::Projection;
///
/// // A triangle and a leaf at 0: of the three contacts two know each other.
/// let arcs = [(0, 1, 1.0), (0, 2, 1.0), (1, 2, 1.0), (0, 3, 1.0)];
/// let sizes = effective_size(&Projection::from_arcs(4, &arcs, false)?, &Default::default())?;
/// assert!((sizes[0] - (3.0 - 2.0 / 3.0)).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn effective_size(projection: &Projection, _: &RankOptions) -> Result<Vec<f64>, RankError> {
    let projection = &*mutual(projection)?;
    let by_strength = by_strength(projection);
    let strongest = |node| projection.weights(node).iter().copied().fold(0.0, f64::max);
    let strongest: Vec<f64> = projection.nodes().map(strongest).collect();
    let of = |circle: &mut Circle<'_>, node: NodeIx| {
        let share = by_strength[node.at()];
        let mut sum = 0.0;
        let all = |_, weight: f64| weight * share;
        circle.around(node, all, |_, closed, j| sum += 1.0 - closed / strongest[j as usize]);
        sum
    };
    Ok(over_all(projection, of))
}

/// The share of the pairs of somebody's contacts who know each other; 0 with fewer than two contacts.
/// Strengths do not matter. Where arcs lead one way: of all triangles of arcs that his arcs could be part
/// of, whichever way each leads, the share that there is.
///
/// Cost: as [`triangles()`].
///
/// ```
/// use parasol::analysis::centrality::clustering;
/// use parasol::network::Projection;
///
/// let arcs = [(0, 1, 1.0), (0, 2, 1.0), (1, 2, 1.0), (0, 3, 1.0)];
/// let values = clustering(&Projection::from_arcs(4, &arcs, false)?, &Default::default())?;
/// assert_eq!(values, [1.0 / 3.0, 1.0, 1.0, 0.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn clustering(projection: &Projection, _: &RankOptions) -> Result<Vec<f64>, RankError> {
    if projection.is_directed() {
        return clustering_of_arcs(projection);
    }
    let pairs = |node| {
        let near = projection.neighbours(node).len() as f64;
        near * (near - 1.0) / 2.0
    };
    let share = |(node, triangles): (NodeIx, u64)| {
        if triangles == 0 { 0.0 } else { triangles as f64 / pairs(node) }
    };
    Ok(projection.nodes().zip(triangles(projection)?).map(share).collect())
}

/// Fagiolo's clustering: triangles of arcs by d (d − 1) − 2 b, `d` being how many arcs leave and arrive and
/// `b` how many neighbours they lead to both ways.
fn clustering_of_arcs(projection: &Projection) -> Result<Vec<f64>, RankError> {
    let nodes = projection.node_count();
    let arcs = |a: u32, b: u32| {
        let arc = |from, to| u64::from(projection.place(NodeIx(from), NodeIx(to)).is_some());
        arc(a, b) + arc(b, a)
    };
    let both_ways = mutual(projection)?;
    let counts = each_triangle(
        &both_ways,
        || vec![0_u64; nodes],
        |counts, [a, b], c| {
            let many = arcs(a, b) * arcs(b, c) * arcs(c, a);
            [a, b, c].into_iter().for_each(|corner| counts[corner as usize] += many);
        },
    )?;
    let mut all = vec![0_u64; nodes];
    for part in counts {
        all.iter_mut().zip(part).for_each(|(all, part)| *all += part);
    }
    let share = |(node, triangles): (NodeIx, u64)| {
        let (leaving, arriving) = (projection.neighbours(node), projection.sources(node));
        let both = leaving.iter().filter(|other| arriving.binary_search(other).is_ok()).count();
        let degree = leaving.len() + arriving.len();
        if triangles == 0 { 0.0 } else { triangles as f64 / (degree * (degree - 1) - 2 * both) as f64 }
    };
    Ok(projection.nodes().zip(all).map(share).collect())
}

/// What two put into each other, halved, as a tie that leads both ways; a projection that is so already
/// as it is. Cost: a look at each arc; 16 bytes an arc.
pub(super) fn mutual(projection: &Projection) -> Result<Cow<'_, Projection>, RankError> {
    if !projection.is_directed() {
        return Ok(Cow::Borrowed(projection));
    }
    let mut arcs = Vec::with_capacity(projection.arc_count());
    for node in projection.nodes() {
        let back = |other: NodeIx| projection.weight(other, node);
        let forth = projection.leaving(node).filter(|hand| node < hand.neighbour);
        arcs.extend(forth.map(|hand| {
            let both = (hand.weight + back(hand.neighbour).unwrap_or(0.0)) / 2.0;
            (node.0, hand.neighbour.0, both)
        }));
        // And those that only lead back.
        let only = projection.arriving(node).filter(|hand| node < hand.neighbour);
        let only = only.filter(|hand| projection.weight(node, hand.neighbour).is_none());
        arcs.extend(only.map(|hand| (node.0, hand.neighbour.0, hand.weight / 2.0)));
    }
    let nodes = projection.node_count();
    Projection::from_arcs(nodes, &arcs, false).map(Cow::Owned).map_err(|_| RankError::TooMany)
}

/// One by each node's strength; 0 where it has no tie.
fn by_strength(projection: &Projection) -> Vec<f64> {
    let by = |node| {
        let strength: f64 = projection.weights(node).iter().sum();
        if strength > 0.0 { 1.0 / strength } else { 0.0 }
    };
    projection.nodes().map(by).collect()
}

fn over_all(projection: &Projection, of: impl Fn(&mut Circle<'_>, NodeIx) -> f64 + Sync) -> Vec<f64> {
    let start = || Circle::new(projection);
    share::map(projection.node_count(), 512, start, |circle, node| of(circle, NodeIx(node as u32)))
}

/// Somebody's contacts, laid out so that it is one look whether another is among them.
struct Circle<'p> {
    projection: &'p Projection,
    value: Vec<f64>,
}

impl<'p> Circle<'p> {
    fn new(projection: &'p Projection) -> Self {
        Self { projection, value: vec![0.0; projection.node_count()] }
    }

    /// For each contact `j` of a node, with the strength of their tie: the sum over the contacts `q` both
    /// have of `value(q, strength of q's tie to the node) × strength of q's tie to j`.
    fn around(
        &mut self,
        node: NodeIx,
        value: impl Fn(u32, f64) -> f64,
        mut visit: impl FnMut(f64, f64, u32),
    ) {
        let (near, weights) = (self.projection.neighbours(node), self.projection.weights(node));
        for (&q, &weight) in near.iter().zip(weights) {
            self.value[q as usize] = value(q, weight);
        }
        for (&j, &weight) in near.iter().zip(weights) {
            visit(weight, self.closed(near, NodeIx(j)), j);
        }
        near.iter().for_each(|&q| self.value[q as usize] = 0.0);
    }

    fn closed(&self, near: &[u32], j: NodeIx) -> f64 {
        let (theirs, weights) = (self.projection.neighbours(j), self.projection.weights(j));
        // A hub's many contacts are searched for the few, not walked.
        if theirs.len() > near.len() * (theirs.len().ilog2() as usize + 1) {
            let at = |q: &u32| theirs.binary_search(q).ok().map(|at| self.value[*q as usize] * weights[at]);
            return near.iter().filter_map(at).sum();
        }
        theirs.iter().zip(weights).map(|(&q, weight)| self.value[q as usize] * weight).sum()
    }
}
