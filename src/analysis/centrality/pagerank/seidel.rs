//! PageRank's equations by Gauss and Seidel's method, where ties lead one way.
//!
//! A. Arasu et al., *PageRank computation and the structure of the web*, WWW 2002, over fixed blocks of
//! nodes: a block sees the new ranks of the blocks before it, which halves the rounds; inside a block all
//! see the old ones, so that threads do not matter.

use rayon::prelude::*;

use super::{ROUNDS, pulled, ways_on};
use super::{RankError, RankOptions};
use crate::network::Projection;

/// How many blocks the nodes are cut into.
const BLOCKS: usize = 16;
/// How many nodes a thread takes at a time.
const AT_ONCE: usize = 1024;

/// The ranks, but for a factor.
pub(super) fn solve(
    projection: &Projection,
    options: &RankOptions,
    restart: Vec<f64>,
) -> Result<Vec<f64>, RankError> {
    let nodes = restart.len();
    let ways_on = ways_on(projection);
    let mut ranks = restart.clone();
    // What each hands on for a unit of weight.
    let mut entries: Vec<f64> = ranks.iter().zip(&ways_on).map(|(rank, out)| rank / out).collect();
    let mut next = Vec::new();
    let watch = options.watch.over(150);
    for _ in 0..ROUNDS {
        let mut moved = 0.0;
        for block in (0..BLOCKS).map(|at| at * nodes / BLOCKS..(at + 1) * nodes / BLOCKS) {
            next.resize(block.len(), 0.0);
            let compute = |(part, ranks): (usize, &mut [f64])| {
                for (node, rank) in (block.start + part * AT_ONCE..).zip(ranks) {
                    let pulled = options.damping * pulled(projection, node, &entries);
                    *rank = pulled + (1.0 - options.damping) * restart[node];
                }
            };
            next.par_chunks_mut(AT_ONCE).enumerate().for_each(compute);
            for (node, &rank) in block.zip(&next) {
                moved += (rank - ranks[node]).abs();
                ranks[node] = rank;
                entries[node] = rank / ways_on[node];
            }
        }
        if moved < options.rest {
            return Ok(ranks);
        }
        watch.one_done();
        if watch.is_stopped() {
            return Err(RankError::Stopped);
        }
    }
    Err(RankError::Unsettled(ROUNDS))
}
