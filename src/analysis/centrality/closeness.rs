//! Harmonic closeness: how near somebody is to everybody.
//!
//! M. Marchiori and V. Latora, *Harmony in the small-world*, Physica A 285 (2000); Y. Rochat,
//! *Closeness centrality extended to unconnected graphs: the harmonic centrality index*, 2009.

use rayon::prelude::*;

use super::{RankError, RankOptions};
use crate::network::{NodeIx, Projection};

/// For each node the sum of 1/d over the others it reaches, d in hops; whom it does not reach adds
/// nothing. Weights do not matter; not normalised.
///
/// Cost: nodes × arcs in all, over all cores.
///
/// ```
/// use parasol::analysis::centrality::closeness;
/// use parasol::network::Projection;
///
/// let line = Projection::from_arcs(4, &[(0, 1, 1.0), (1, 2, 1.0)], false)?;
/// assert_eq!(closeness(&line, &Default::default())?, [1.5, 2.0, 1.5, 0.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn closeness(projection: &Projection, _: &RankOptions) -> Result<Vec<f64>, RankError> {
    let nodes = projection.node_count();
    let walk = || (vec![u32::MAX; nodes], Vec::with_capacity(nodes));
    Ok((0..nodes as u32)
        .into_par_iter()
        .map_init(walk, |(seen, order), node| harmonic(projection, node, seen, order))
        .collect())
}

/// The sum for one node, nearest first. `seen` holds who was seen by whose walk.
fn harmonic(projection: &Projection, source: u32, seen: &mut [u32], order: &mut Vec<u32>) -> f64 {
    order.clear();
    order.push(source);
    seen[source as usize] = source;
    let (mut start, mut hops, mut sum) = (0, 0.0, 0.0);
    while start < order.len() {
        let end = order.len();
        if hops > 0.0 {
            sum += (end - start) as f64 / hops;
        }
        for at in start..end {
            for &other in projection.neighbours(NodeIx(order[at])) {
                if std::mem::replace(&mut seen[other as usize], source) != source {
                    order.push(other);
                }
            }
        }
        (start, hops) = (end, hops + 1.0);
    }
    sum
}
