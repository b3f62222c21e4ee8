//! Katz's status: everybody who leads here, over any number of hops, a hop counting less each time.
//!
//! L. Katz, *A new status index derived from sociometric analysis*, Psychometrika 18 (1953).

use rayon::prelude::*;

use super::counts::only_untied;
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
    walks(projection, &vec![1.0; projection.node_count()], options)
}

/// Katz's index of a missing tie: how many ways of any length lead to each from the nodes of `options.from`,
/// a way of `n` hops counting its strength times `aⁿ` as in [`katz`] (D. Liben-Nowell and J. Kleinberg, *The
/// link-prediction problem for social networks*, JASIST 58, 2007). 0 for those they start from and for those
/// tied to them already.
///
/// Cost: as [`katz`].
///
/// ```
/// use parasol::analysis::centrality::{RankOptions, katz_from};
/// use parasol::network::{NodeIx, Projection};
///
/// // 0–1–2: the only ways from 0 to 2 go over 1, there and back as often as one likes.
/// let line = Projection::from_arcs(3, &[(0, 1, 1.0), (1, 2, 1.0)], false)?;
/// let values = katz_from(&line, &RankOptions { from: vec![NodeIx(0)], ..RankOptions::default() })?;
/// let a: f64 = 0.85 / 2.0;
/// assert!((values[2] - a * a / (1.0 - 2.0 * a * a)).abs() < 1e-9 && values[..2] == [0.0, 0.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn katz_from(projection: &Projection, options: &RankOptions) -> Result<Vec<f64>, RankError> {
    let from: Vec<NodeIx> =
        options.from.iter().copied().filter(|node| node.at() < projection.node_count()).collect();
    if from.is_empty() && projection.node_count() > 0 {
        return Err(RankError::NothingToStartFrom);
    }
    let mut start = vec![0.0; projection.node_count()];
    from.iter().for_each(|node| start[node.at()] = 1.0);
    let mut values = walks(projection, &start, options)?;
    only_untied(projection, &from, &mut values);
    Ok(values)
}

/// Ways of any length from where each node starts with so much.
fn walks(projection: &Projection, start: &[f64], options: &RankOptions) -> Result<Vec<f64>, RankError> {
    let less = LESS / greatest_strength(projection);
    let mut values = start.to_vec();
    let watch = options.watch.over(200);
    for _ in 0..ROUNDS {
        let pulled = |node: u32| {
            let arriving = projection.arriving(NodeIx(node));
            start[node as usize]
                + less * arriving.map(|hand| hand.weight * values[hand.neighbour.at()]).sum::<f64>()
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
