//! PageRank: where a walker who follows ties at random is found.
//!
//! S. Brin and L. Page, *The anatomy of a large-scale hypertextual web search engine*, 1998;
//! personalised after T. Haveliwala, *Topic-sensitive PageRank*, WWW 2002. Solved by Gauss and Seidel's
//! method over fixed blocks of nodes (A. Arasu et al., *PageRank computation and the structure of the
//! web*, WWW 2002): a block sees the new ranks of the blocks before it, which halves the rounds; inside a
//! block all see the old ones, so that threads do not matter.

use rayon::prelude::*;

use super::{RankError, RankOptions};
use crate::network::{NodeIx, Projection, Weight};

/// The chance of walking on, unless told otherwise.
pub const DAMPING: f64 = 0.85;
/// The walk is at rest when a round moves less than this, summed over all nodes, unless told otherwise.
pub const REST: f64 = 1e-12;
/// How many rounds at most: enough for any damping up to 0.997.
const ROUNDS: usize = 10_000;
/// How many blocks the nodes are cut into.
const BLOCKS: usize = 16;
/// How many nodes a thread takes at a time.
const AT_ONCE: usize = 1024;
/// Networks of more nodes are first brought near with half as precise a table of what each node hands on,
/// half of which misses the processor's cache less often; the last rounds are precise ones all the same.
const LARGE: usize = 1 << 19;
/// How near that is: a round moves less.
const NEAR: f64 = 1e-7;

/// The share of time a walker spends at each node who follows ties in proportion to their weight
/// and starts anew, anywhere, one time in `1 − damping`; also wherever no tie leads on. Sums to 1.
///
/// Cost: some tens of rounds over the arcs (75 to the default rest); 32 bytes a node in all.
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
    let each = 1.0 / projection.node_count() as f64;
    Walk::new(projection, options)?.solve(|_| each)
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
    let each = 1.0 / from.len() as f64;
    let mut is_start = vec![false; nodes];
    from.iter().for_each(|&node| is_start[node] = true);
    Walk::new(projection, options)?.solve(|node| if is_start[node] { each } else { 0.0 })
}

/// What a node hands on for a unit of weight, as it is looked up for every arc.
trait Share: Copy + Send + Sync + Default {
    fn of(value: f64) -> Self;
    fn value(self) -> f64;
}

impl Share for f64 {
    fn of(value: f64) -> Self {
        value
    }

    fn value(self) -> f64 {
        self
    }
}

impl Share for f32 {
    fn of(value: f64) -> Self {
        value as f32
    }

    fn value(self) -> f64 {
        f64::from(self)
    }
}

struct Walk<'p> {
    projection: &'p Projection,
    options: &'p RankOptions,
    ranks: Vec<f64>,
    /// One by the weight of all ways on; 0 where there are none.
    by_out: Vec<f64>,
}

impl<'p> Walk<'p> {
    fn new(projection: &'p Projection, options: &'p RankOptions) -> Result<Self, RankError> {
        if !(0.0..1.0).contains(&options.damping) {
            return Err(RankError::Damping(options.damping));
        }
        let weightless = projection.options().weight == Weight::One;
        let by_out = |node: u32| {
            let (count, weights) =
                (projection.neighbours(NodeIx(node)).len(), projection.weights(NodeIx(node)));
            let out = if weightless { count as f64 } else { weights.iter().sum() };
            if out > 0.0 { 1.0 / out } else { 0.0 }
        };
        let by_out = (0..projection.node_count() as u32).into_par_iter().map(by_out).collect();
        Ok(Self { projection, options, ranks: Vec::new(), by_out })
    }

    /// The ranks. What those without a way on hold is not handed on while solving: to start anew from
    /// there, too, scales all ranks alike (G. Del Corso, A. Gullì and F. Romani, *Fast PageRank computation
    /// via a sparse linear system*, Internet Mathematics 2, 2005).
    fn solve(mut self, restart: impl Fn(usize) -> f64 + Sync) -> Result<Vec<f64>, RankError> {
        self.ranks = (0..self.by_out.len()).map(&restart).collect();
        let mut rounds = 0;
        if self.ranks.len() > LARGE {
            self.settle::<f32>(&restart, NEAR.max(self.options.rest), &mut rounds)?;
        }
        self.settle::<f64>(&restart, self.options.rest, &mut rounds)?;
        let sum: f64 = self.ranks.iter().sum();
        self.ranks.iter_mut().for_each(|rank| *rank /= sum);
        Ok(self.ranks)
    }

    fn settle<S: Share>(
        &mut self,
        restart: &(impl Fn(usize) -> f64 + Sync),
        rest: f64,
        rounds: &mut usize,
    ) -> Result<(), RankError> {
        let mut shares: Vec<S> =
            self.ranks.iter().zip(&self.by_out).map(|(rank, by)| S::of(rank * by)).collect();
        let mut next = Vec::new();
        let expected = libm::log(rest.max(f64::MIN_POSITIVE)) / libm::log(self.options.damping.max(0.1));
        let watch = self.options.watch.over(expected as usize);
        while *rounds < ROUNDS {
            *rounds += 1;
            let mut moved = 0.0;
            for block in self.blocks() {
                next.resize(block.len(), 0.0);
                let compute = |(part, ranks): (usize, &mut [f64])| {
                    let first = block.start + part * AT_ONCE;
                    for (node, rank) in (first..).zip(ranks) {
                        *rank = self.options.damping * self.pulled(node, &shares)
                            + (1.0 - self.options.damping) * restart(node);
                    }
                };
                next.par_chunks_mut(AT_ONCE).enumerate().for_each(compute);
                for (node, &rank) in block.zip(&next) {
                    moved += (rank - self.ranks[node]).abs();
                    self.ranks[node] = rank;
                    shares[node] = S::of(rank * self.by_out[node]);
                }
            }
            if moved < rest {
                return Ok(());
            }
            watch.one_done();
            if watch.is_stopped() {
                return Err(RankError::Stopped);
            }
        }
        Err(RankError::Unsettled(ROUNDS))
    }

    /// The nodes in blocks of about as many; which node is in which hangs on their number alone.
    fn blocks(&self) -> impl Iterator<Item = std::ops::Range<usize>> + use<> {
        let nodes = self.ranks.len();
        (0..BLOCKS).map(move |at| at * nodes / BLOCKS..(at + 1) * nodes / BLOCKS)
    }

    /// What those who lead to a node hand on to it.
    fn pulled<S: Share>(&self, node: usize, shares: &[S]) -> f64 {
        let node = NodeIx(node as u32);
        let share = |&from: &u32| shares[from as usize].value();
        if self.projection.options().weight == Weight::One {
            self.projection.sources(node).iter().map(share).sum()
        } else if self.projection.is_directed() {
            self.projection.arriving(node).map(|hand| hand.weight * share(&hand.neighbour.0)).sum()
        } else {
            let (from, weights) = (self.projection.neighbours(node), self.projection.weights(node));
            from.iter().zip(weights).map(|(from, weight)| weight * share(from)).sum()
        }
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
