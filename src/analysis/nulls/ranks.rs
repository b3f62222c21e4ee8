//! A measure set against chance: who has more of it than his number of ties alone would bring.

use rayon::prelude::*;

use super::{Draws, Margins, p_value};
use crate::analysis::centrality::{GRAIN, RankError, RankOptions};
use crate::analysis::{Analysis, Watch};
use crate::network::NodeIx;

/// Draws that are under way at once, whatever the number of threads.
const AT_ONCE: u64 = 8;

/// What chance makes of somebody's value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likely {
    /// What a draw gives him on average.
    pub expected: f64,
    /// How often a draw gives him as much or more; at least 1 / (draws + 1).
    pub p: f64,
    /// The least share of false finds among those found up to his p (Benjamini and Hochberg 1995).
    pub q: f64,
}

/// What chance makes of the values that a measure gives some nodes, in their order. A measure that hangs on
/// the number of ties alone has p = 1 for everybody.
///
/// Cost: for each draw ten tries to swap a tie and the measure itself, over all cores.
pub fn ranks_by_chance(
    margins: &Margins,
    analysis: &Analysis,
    options: &RankOptions,
    nodes: &[NodeIx],
    draws: &Draws,
) -> Result<Vec<Likely>, RankError> {
    // Only the draws are told of: one bar, not one for each.
    let quiet = RankOptions { watch: Watch::default(), ..options.clone() };
    let value = |values: &[f64], node: NodeIx| values.get(node.at()).copied().unwrap_or(0.0);
    let of = |drawn: &super::Drawn<'_>| -> Result<Vec<f64>, RankError> {
        let projection = drawn.projection().map_err(|_| RankError::TooMany)?;
        let values = (analysis.run)(&projection, &quiet)?;
        Ok(nodes.iter().map(|&node| value(&values, node)).collect())
    };
    let seen = of(&margins.as_it_is())?;
    // What differs by rounding alone is as much.
    let grain = GRAIN * seen.iter().map(|value| value.abs()).fold(0.0, f64::max);
    let mut sums = vec![(0.0, 0_u64); nodes.len()];
    let count = options.watch.over(draws.count as usize);
    for first in (0..draws.count).step_by(AT_ONCE as usize) {
        let few = first..(first + AT_ONCE).min(draws.count);
        let drawn: Vec<Vec<f64>> = few
            .into_par_iter()
            .map(|draw| {
                if count.is_stopped() {
                    return Err(RankError::Stopped);
                }
                let values = of(&margins.draw(draws, draw))?;
                count.one_done();
                Ok(values)
            })
            .collect::<Result<_, _>>()?;
        // In the order of draws, so that sums round alike.
        for values in drawn {
            for (((sum, as_much), here), seen) in sums.iter_mut().zip(values).zip(&seen) {
                *sum += here;
                let is_as_much =
                    if analysis.least_first { here <= seen + grain } else { here >= seen - grain };
                *as_much += u64::from(is_as_much);
            }
        }
    }
    let p: Vec<Option<f64>> = sums.iter().map(|&(_, as_much)| Some(p_value(as_much, draws.count))).collect();
    let q = crate::analysis::umbrella::benjamini_hochberg(&p, p.len());
    let likely = |(at, &(sum, _)): (usize, &(f64, u64))| Likely {
        expected: sum / draws.count.max(1) as f64,
        p: p.get(at).copied().flatten().unwrap_or(1.0),
        q: q.get(at).copied().flatten().unwrap_or(1.0).min(1.0),
    };
    Ok(sums.iter().enumerate().map(likely).collect())
}
