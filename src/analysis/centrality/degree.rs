//! Degree and strength: how many others, and how firmly.
//!
//! L. C. Freeman, *Centrality in social networks: conceptual clarification*, Social Networks 1
//! (1978); strength after A. Barrat et al., *The architecture of complex weighted networks*, PNAS
//! 101 (2004).

use super::{RankError, RankOptions};
use crate::network::Projection;

/// How many neighbours each node has; where arcs lead one way, those that they lead to or come from, each once.
///
/// Cost: one look at each node; where arcs lead one way, at each arc.
///
/// ```
/// use parasol::analysis::centrality::degree;
/// use parasol::network::Projection;
///
/// let line = Projection::from_arcs(3, &[(0, 1, 0.9), (1, 2, 0.5)], false)?;
/// assert_eq!(degree(&line, &Default::default())?, [1.0, 2.0, 1.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn degree(projection: &Projection, _: &RankOptions) -> Result<Vec<f64>, RankError> {
    let degree = |node| {
        let leading = projection.neighbours(node);
        let only_back = |other: &&u32| leading.binary_search(other).is_err();
        let back = if projection.is_directed() { projection.sources(node) } else { &[] };
        (leading.len() + back.iter().filter(only_back).count()) as f64
    };
    Ok(projection.nodes().map(degree).collect())
}

/// The sum of the strengths of each node's ties: about how many of its neighbours are really so.
///
/// Cost: one look at each arc.
///
/// ```
/// use parasol::analysis::centrality::strength;
/// use parasol::network::Projection;
///
/// let line = Projection::from_arcs(3, &[(0, 1, 0.75), (1, 2, 0.5)], false)?;
/// assert_eq!(strength(&line, &Default::default())?, [0.75, 1.25, 0.5]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn strength(projection: &Projection, _: &RankOptions) -> Result<Vec<f64>, RankError> {
    let back = projection.is_directed();
    let strength = |node| {
        let leaving: f64 = projection.weights(node).iter().sum();
        if back { leaving + projection.arriving(node).map(|hand| hand.weight).sum::<f64>() } else { leaving }
    };
    Ok(projection.nodes().map(strength).collect())
}
