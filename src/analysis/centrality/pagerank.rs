//! PageRank: where a walker who follows ties at random is found.
//!
//! S. Brin and L. Page, *The anatomy of a large-scale hypertextual web search engine*, 1998;
//! personalised after T. Haveliwala, *Topic-sensitive PageRank*, WWW 2002.

use rayon::prelude::*;

use super::{RankError, RankOptions};
use crate::network::{NodeIx, Projection};

/// The chance of walking on, unless told otherwise.
pub const DAMPING: f64 = 0.85;
/// The walk is at rest when a round moves less than this, summed over all nodes.
const REST: f64 = 1e-12;
/// How many rounds at most: enough for any damping up to 0.997.
const ROUNDS: usize = 10_000;

/// The share of time a walker spends at each node who follows ties in proportion to their weight
/// and starts anew, anywhere, one time in `1 − damping`; also wherever no tie leads on. Sums to 1.
///
/// Cost: about 150 rounds over the arcs.
///
/// ```
/// use parasol::analysis::centrality::pagerank;
/// use parasol::network::Projection;
///
/// let pair = Projection::from_arcs(2, &[(0, 1, 0.5)], false)?;
/// let ranks = pagerank(&pair, &Default::default())?;
/// assert!(ranks.iter().all(|rank| (rank - 0.5).abs() < 1e-9));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn pagerank(projection: &Projection, options: &RankOptions) -> Result<Vec<f64>, RankError> {
    let nodes = projection.node_count();
    walk(projection, options, vec![1.0 / nodes as f64; nodes])
}

/// PageRank whose walker starts anew only at the nodes of `options.from`, each as often: how near
/// everybody is to them, all ways taken together. Sums to 1.
///
/// Cost: as [`pagerank`].
///
/// ```
/// use parasol::analysis::centrality::{RankOptions, personalised_pagerank};
/// use parasol::network::{NodeIx, Projection};
///
/// let line = Projection::from_arcs(3, &[(0, 1, 1.0), (1, 2, 1.0)], false)?;
/// let from_left = RankOptions { from: vec![NodeIx(0)], ..RankOptions::default() };
/// let ranks = personalised_pagerank(&line, &from_left)?;
/// assert!(ranks[1] > ranks[0] && ranks[0] > ranks[2]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn personalised_pagerank(projection: &Projection, options: &RankOptions) -> Result<Vec<f64>, RankError> {
    let nodes = projection.node_count();
    let mut from: Vec<usize> = options.from.iter().map(|node| node.at()).filter(|&at| at < nodes).collect();
    from.sort_unstable();
    from.dedup();
    if from.is_empty() && nodes > 0 {
        return Err(RankError::NothingToStartFrom);
    }
    let mut restart = vec![0.0; nodes];
    for &node in &from {
        restart[node] = 1.0 / from.len() as f64;
    }
    walk(projection, options, restart)
}

/// Power iteration. Each node pulls from those who lead to it, in order; so threads do not matter.
fn walk(projection: &Projection, options: &RankOptions, restart: Vec<f64>) -> Result<Vec<f64>, RankError> {
    let damping = options.damping;
    if !(0.0..1.0).contains(&damping) {
        return Err(RankError::Damping(damping));
    }
    let out: Vec<f64> = projection.nodes().map(|node| projection.weights(node).iter().sum()).collect();
    let mut ranks = restart.clone();
    for _ in 0..ROUNDS {
        let lost: f64 = ranks.iter().zip(&out).filter(|(_, out)| **out == 0.0).map(|(rank, _)| rank).sum();
        // What each node hands on for a unit of weight.
        let share: Vec<f64> =
            ranks.iter().zip(&out).map(|(rank, &out)| rank / out.max(f64::MIN_POSITIVE)).collect();
        let pull = |node: usize| {
            let arriving = projection.arriving(NodeIx(node as u32));
            let pulled: f64 = arriving.map(|hand| hand.weight * share[hand.neighbour.at()]).sum();
            damping * pulled + (damping * lost + 1.0 - damping) * restart[node]
        };
        let next: Vec<f64> = (0..ranks.len()).into_par_iter().map(pull).collect();
        let moved: f64 = next.iter().zip(&ranks).map(|(a, b)| (a - b).abs()).sum();
        ranks = next;
        if moved < REST {
            return Ok(ranks);
        }
    }
    Err(RankError::Unsettled(ROUNDS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_sum_to_one_even_where_some_have_no_way_on() {
        let projection = Projection::from_arcs(5, &[(0, 1, 0.3), (2, 1, 0.9), (1, 3, 0.1)], true).unwrap();
        let options = RankOptions { from: vec![NodeIx(2), NodeIx(2), NodeIx(9)], ..RankOptions::default() };
        for ranks in [pagerank(&projection, &options), personalised_pagerank(&projection, &options)] {
            assert!((ranks.unwrap().iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn nobody_to_start_from_and_senseless_dampings_are_refused() {
        let projection = Projection::from_arcs(2, &[(0, 1, 1.0)], false).unwrap();
        let nobody = personalised_pagerank(&projection, &RankOptions::default());
        assert_eq!(nobody, Err(RankError::NothingToStartFrom));
        for damping in [1.0, -0.1, f64::NAN] {
            assert!(pagerank(&projection, &RankOptions { damping, ..RankOptions::default() }).is_err());
        }
    }
}
