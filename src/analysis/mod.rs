//! Analyses: from a frozen network to an outcome.
//!
//! An analysis takes a `&Network` or a `&Projection` and options and gives data: positions,
//! numbers, never sentences. It does not know stores, screens or languages.
//!
//! [`ALL`] is the table of measures: each gets its command, its route and its place in the tests
//! from there. To add one, write a file in `centrality/`, a line here, and its three messages
//! (`measure-NAME-title`, `-says`, `-cost`).

pub mod centrality;
mod dice;
pub mod doubles;
pub mod evaluate;
pub mod groups;
mod intervals;
pub mod missing;
pub mod nulls;
pub mod paths;
mod share;
pub mod umbrella;
mod watch;

use std::borrow::Cow;

use centrality::{RankError, RankOptions};

use crate::network::{NodeIx, Projection};
pub use watch::Watch;

/// A measure: one number a node.
#[derive(Clone, Copy, Debug)]
pub struct Analysis {
    /// The name by which it is asked for.
    pub name: &'static str,
    /// The key of its name in words.
    pub title: &'static str,
    /// The key of what it says of somebody.
    pub says: &'static str,
    /// The key of what it costs.
    pub cost: &'static str,
    /// Whether it starts from nodes that must be named.
    pub needs_from: bool,
    /// Whether it is an estimate, drawn by chance, with the guarantee of [`centrality::sampled_betweenness`]:
    /// another numbering of the nodes draws otherwise.
    pub is_estimate: bool,
    /// Its value for each node, in position order.
    pub run: Run,
    /// What stands in for it where it is taken of many draws: an estimate, where the measure itself takes
    /// too long.
    pub in_draws: Option<Run>,
    /// Whether the least of it matter most, and those without a tie, who have 0, not at all.
    pub least_first: bool,
    /// The few of some nodes that have most of it, greatest first, where that takes less than all values.
    pub top: Option<RunTop>,
    /// Whether it says who is likely tied without a record: whoever asks is told where that does not work.
    pub is_of_missing: bool,
}

/// A measure's value for each node.
pub type Run = fn(&Projection, &RankOptions) -> Result<Vec<f64>, RankError>;
/// The so many of some nodes that a measure gives most.
pub type RunTop = fn(&Projection, &[NodeIx], usize, &RankOptions) -> Result<Vec<(NodeIx, f64)>, RankError>;

impl Analysis {
    /// What somebody is ranked by, greatest first, given everybody's value.
    fn merits<'v>(&self, values: &'v [f64]) -> Cow<'v, [f64]> {
        if !self.least_first {
            return Cow::Borrowed(values);
        }
        let most = values.iter().copied().fold(0.0, f64::max);
        Cow::Owned(values.iter().map(|&value| if value == 0.0 { -2.0 * most } else { -value }).collect())
    }
}

/// A line of the table: a measure's keys follow from its name.
macro_rules! measure {
    ($name:literal, $run:path $(, $field:ident: $value:expr)*) => {{
        #[allow(unused_mut)] // most lines say nothing more
        let mut line = Analysis {
            name: $name,
            title: concat!("measure-", $name, "-title"),
            says: concat!("measure-", $name, "-says"),
            cost: concat!("measure-", $name, "-cost"),
            needs_from: false,
            is_estimate: false,
            run: $run,
            in_draws: None,
            least_first: false,
            top: None,
            is_of_missing: false,
        };
        $(line.$field = $value;)*
        line
    }};
}

/// Every measure there is.
pub const ALL: &[Analysis] = &[
    measure!("degree", centrality::degree),
    measure!("strength", centrality::strength),
    measure!("betweenness", centrality::betweenness, in_draws: Some(centrality::betweenness_of_some)),
    measure!("approximate-betweenness", centrality::approximate_betweenness, is_estimate: true),
    measure!("closeness", centrality::closeness, top: Some(centrality::nearest_to_all)),
    measure!("eigenvector", centrality::eigenvector),
    measure!("katz", centrality::katz),
    measure!("pagerank", centrality::pagerank),
    measure!("personalised-pagerank", centrality::personalised_pagerank, needs_from: true),
    measure!("core", centrality::core),
    measure!("constraint", centrality::constraint, least_first: true),
    measure!("effective-size", centrality::effective_size),
    measure!("triangles", centrality::triangles_of),
    measure!("clustering", centrality::clustering),
    measure!("parts", centrality::parts),
    measure!("common-neighbours", centrality::common_neighbours, needs_from: true, is_of_missing: true),
    measure!("adamic-adar", centrality::adamic_adar, needs_from: true, is_of_missing: true),
    measure!("resource-allocation", centrality::resource_allocation, needs_from: true, is_of_missing: true),
    measure!("l3", centrality::l3, needs_from: true, is_of_missing: true),
    measure!("katz-from", centrality::katz_from, needs_from: true, is_of_missing: true),
    measure!("pagerank-from", centrality::pagerank_from, needs_from: true, is_of_missing: true),
];

/// The measure of this name.
pub fn measure(name: &str) -> Option<&'static Analysis> {
    ALL.iter().find(|analysis| analysis.name == name)
}

#[cfg(test)]
mod tests;
