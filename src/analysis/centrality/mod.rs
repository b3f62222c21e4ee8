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
mod degree;
mod eigenvector;
mod pagerank;
mod rank;

pub use bands::{Band, BandOptions, bands};
pub use betweenness::betweenness;
pub use closeness::closeness;
pub use degree::{degree, strength};
pub use eigenvector::eigenvector;
pub use pagerank::{DAMPING, pagerank, personalised_pagerank};
pub use rank::{RankOutcome, RankRow, Selection, rank, restart_nodes};

use crate::network::NodeIx;

/// What a measure needs to know beside the network.
#[derive(Clone, Debug, PartialEq)]
pub struct RankOptions {
    /// The nodes a personalised measure starts from.
    pub from: Vec<NodeIx>,
    /// PageRank's chance of walking on rather than starting anew, in [0, 1).
    pub damping: f64,
}

impl Default for RankOptions {
    fn default() -> Self {
        Self { from: Vec::new(), damping: DAMPING }
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
}

#[cfg(test)]
mod tests;
