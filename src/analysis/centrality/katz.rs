//! Katz's status: everybody who leads here, over any number of hops, a hop counting less each time.
//!
//! L. Katz, *A new status index derived from sociometric analysis*, Psychometrika 18 (1953).

use rayon::prelude::*;

use super::{RankError, RankOptions};
use crate::network::{NodeIx, Projection};

/// What a round may still move, as a share of the greatest value.
const REST: f64 = 1e-14;
/// A hop over the greatest strength there is counts this much; so all sums come to an end.
const LESS: f64 = 0.85;
/// More rounds than [`LESS`] lets there be.
const ROUNDS: usize = 1000;

/// One, and for each tie that leads here `a` times its strength times the value at its other end, `a` being
/// 0.85 by the greatest strength that any node has. So a value is one more than the number of ways of any
/// length that end here, a way of `n` hops counting its strength times `aⁿ`.
///
/// Cost: at most 200 rounds over the arcs, over all cores; 24 bytes a node in all.
///
/// ```
/// use parasol::analysis::centrality::katz;
/// use parasol::network::Projection;
///
/// // a = 0.85: each of the two counts 1 + 0.85 + 0.85² + …
/// let values = katz(&Projection::from_arcs(2, &[(0, 1, 1.0)], false)?, &Default::default())?;
/// assert!(values.iter().all(|value| (value - 1.0 / 0.15).abs() < 1e-9));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn katz(projection: &Projection, options: &RankOptions) -> Result<Vec<f64>, RankError> {
    let less = LESS / greatest_strength(projection);
    let mut values = vec![1.0; projection.node_count()];
    let watch = options.watch.over(200);
    for _ in 0..ROUNDS {
        let pulled = |node: u32| {
            let arriving = projection.arriving(NodeIx(node));
            1.0 + less * arriving.map(|hand| hand.weight * values[hand.neighbour.at()]).sum::<f64>()
        };
        let next: Vec<f64> = (0..values.len() as u32).into_par_iter().map(pulled).collect();
        let moved = next.iter().zip(&values).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        values = next;
        if moved <= REST * values.iter().copied().fold(0.0, f64::max) {
            return Ok(values);
        }
        watch.one_done();
        if watch.is_stopped() {
            return Err(RankError::Stopped);
        }
    }
    Err(RankError::Unsettled(ROUNDS))
}

/// The greatest sum of strengths that leads to one node; 1 where there is no tie.
fn greatest_strength(projection: &Projection) -> f64 {
    let strength = |node| projection.arriving(node).map(|hand| hand.weight).sum::<f64>();
    let most = projection.nodes().map(strength).fold(0.0, f64::max);
    if most > 0.0 { most } else { 1.0 }
}
