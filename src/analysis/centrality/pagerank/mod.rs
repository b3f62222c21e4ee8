//! PageRank: where a walker who follows ties at random is found.
//!
//! S. Brin and L. Page, *The anatomy of a large-scale hypertextual web search engine*, 1998;
//! personalised after T. Haveliwala, *Topic-sensitive PageRank*, WWW 2002.
//!
//! Where ties lead both ways the equations are symmetric and are solved by conjugate gradients
//! ([`conjugate`]); where they lead one way, by Gauss and Seidel's method ([`seidel`]). What those without
//! a way on hold is not handed on while solving: that they start anew, too, scales all ranks alike (G. Del
//! Corso, A. Gullì and F. Romani, *Fast PageRank computation via a sparse linear system*, Internet
//! Mathematics 2, 2005).

mod conjugate;
mod seidel;

use rayon::prelude::*;

use super::{RankError, RankOptions};
use crate::network::{NodeIx, Projection, Weight};

/// The chance of walking on, unless told otherwise.
pub const DAMPING: f64 = 0.85;
/// The walk is at rest when a round would move less than this, summed over all nodes, unless told
/// otherwise.
pub const REST: f64 = 1e-12;
/// How many rounds at most: enough for any damping up to 0.997.
const ROUNDS: usize = 10_000;
/// How many nodes a thread takes at a time; sums are made over so many and then added in order, so that
/// threads do not matter.
const AT_ONCE: usize = 4096;

/// The share of time a walker spends at each node who follows ties in proportion to their weight
/// and starts anew, anywhere, one time in `1 − damping`; also wherever no tie leads on. Sums to 1.
///
/// Cost: some tens of rounds over the arcs (half as many to 1e-8 as to the default rest); 44 bytes a node
/// in all.
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
    solved(projection, options, vec![1.0 / nodes as f64; nodes])
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
    solved(projection, options, restart)
}

fn solved(projection: &Projection, options: &RankOptions, restart: Vec<f64>) -> Result<Vec<f64>, RankError> {
    if !(0.0..1.0).contains(&options.damping) {
        return Err(RankError::Damping(options.damping));
    }
    let mut ranks = if projection.is_directed() {
        seidel::solve(projection, options, restart)?
    } else {
        conjugate::solve(projection, options, restart)?
    };
    let sum: f64 = ranks.iter().sum();
    ranks.iter_mut().for_each(|rank| *rank /= sum);
    Ok(ranks)
}

/// The weight of all ways on from each node; 1 where there is none.
fn ways_on(projection: &Projection) -> Vec<f64> {
    let weightless = projection.options().weight == Weight::One;
    let out = |node: u32| {
        let (count, weights) = (projection.neighbours(NodeIx(node)).len(), projection.weights(NodeIx(node)));
        let out = if weightless { count as f64 } else { weights.iter().sum() };
        if out > 0.0 { out } else { 1.0 }
    };
    (0..projection.node_count() as u32).into_par_iter().map(out).collect()
}

/// A number as it is looked up for every arc: half as precise ones miss the processor's cache less often.
trait Entry: Copy + Send + Sync + Default {
    fn of(value: f64) -> Self;
    fn value(self) -> f64;
}

impl Entry for f64 {
    #[inline]
    fn of(value: f64) -> Self {
        value
    }

    #[inline]
    fn value(self) -> f64 {
        self
    }
}

impl Entry for f32 {
    #[inline]
    fn of(value: f64) -> Self {
        value as f32
    }

    #[inline]
    fn value(self) -> f64 {
        f64::from(self)
    }
}

/// What those who lead to a node hand on to it, when each hands on its entry for a unit of weight.
#[inline]
fn pulled<E: Entry>(projection: &Projection, node: usize, entries: &[E]) -> f64 {
    let node = NodeIx(node as u32);
    let entry = |&from: &u32| entries[from as usize].value();
    if projection.options().weight == Weight::One {
        projection.sources(node).iter().map(entry).sum()
    } else if projection.is_directed() {
        projection.arriving(node).map(|hand| hand.weight * entry(&hand.neighbour.0)).sum()
    } else {
        let (from, weights) = (projection.neighbours(node), projection.weights(node));
        from.iter().zip(weights).map(|(from, weight)| weight * entry(from)).sum()
    }
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
