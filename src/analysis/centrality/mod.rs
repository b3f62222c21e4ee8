//! Measures of how central somebody is: one file a measure, and the ranking they share.
//!
//! A measure is a plain function from a projection to one number a node; the numbers do not depend
//! on how nodes are numbered or on how many threads there are. Measures may not filter: whom a
//! rank shows is decided in [`rank()`], after everybody was counted.
//!
//! Start at [`rank()`]; the table of measures is [`super::ALL`].

mod bands;
mod betweenness;
mod closeness;
mod counts;
mod degree;
mod ego;
mod eigenvector;
mod katz;
mod pagerank;
mod rank;
mod sweep;
mod triangles;

pub use bands::{Band, BandOptions, Dropped, bands};
pub use betweenness::{
    Sampled, approximate_betweenness, betweenness, betweenness_of_some, sampled_betweenness,
};
pub use closeness::{closeness, nearest_to_all};
pub use counts::{
    adamic_adar, common_neighbours, core, l3, pagerank_from, parts, resource_allocation, triangles_of,
};
pub use degree::{degree, strength};
pub use ego::{clustering, constraint, effective_size};
pub use eigenvector::eigenvector;
pub use katz::{katz, katz_from};
pub use pagerank::{DAMPING, REST, pagerank, personalised_pagerank};
pub(super) use rank::GRAIN;
pub use rank::{RankOutcome, RankRow, Selection, by_layer, rank, restart_nodes};
pub(super) use triangles::each_triangle;
pub use triangles::{triangle_count, triangles};

use super::watch::Watch;
use crate::network::NodeIx;

/// What a measure needs to know beside the network.
#[derive(Clone, Debug, PartialEq)]
pub struct RankOptions {
    /// The nodes a personalised measure starts from.
    pub from: Vec<NodeIx>,
    /// PageRank's chance of walking on rather than starting anew, in [0, 1).
    pub damping: f64,
    /// PageRank is at rest when a round moves less than this, summed over all nodes.
    pub rest: f64,
    /// How far off an estimate may be, as a share of all pairs, in (0, 1).
    pub epsilon: f64,
    /// With what chance an estimate may be further off, in (0, 1).
    pub delta: f64,
    /// The seed of estimates.
    pub seed: u64,
    /// Who looks on.
    pub watch: Watch,
}

impl Default for RankOptions {
    fn default() -> Self {
        Self {
            from: Vec::new(),
            damping: DAMPING,
            rest: REST,
            epsilon: 0.01,
            delta: 0.1,
            seed: 1,
            watch: Watch::default(),
        }
    }
}

/// Why a measure has no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RankError {
    /// It starts from nodes, and none was named.
    #[error("this measure starts from somebody: say from whom")]
    NothingToStartFrom,
    /// It has no meaning where ties lead one way.
    #[error("this measure is for networks whose ties lead both ways")]
    Directed,
    /// The numbers had not come to rest after this many rounds.
    #[error("the numbers did not come to rest in {0} rounds; they would be no rank")]
    Unsettled(usize),
    /// The damping is not in [0, 1).
    #[error("the damping {0} is not at least 0 and under 1")]
    Damping(f64),
    /// The error or the chance of an estimate is not between 0 and 1.
    #[error("the error {0} and the chance {1} are not both over 0 and under 1")]
    Guarantee(f64, f64),
    /// More ties than a projection holds.
    #[error("more ties than can be told apart")]
    TooMany,
    /// Whoever looked on told it to stop.
    #[error("stopped")]
    Stopped,
}

#[cfg(test)]
mod tests;
