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
pub mod missing;
pub mod paths;
mod share;
pub mod umbrella;
mod watch;

use centrality::{RankError, RankOptions};

use crate::network::Projection;
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
    /// Whether it is an estimate, drawn by chance: another numbering of the nodes draws otherwise.
    pub is_estimate: bool,
    /// Its value for each node, in position order.
    pub run: fn(&Projection, &RankOptions) -> Result<Vec<f64>, RankError>,
}

/// A line of the table: a measure's keys follow from its name.
macro_rules! measure {
    ($name:literal, $run:path) => {
        measure!($name, $run, needs_from: false, is_estimate: false)
    };
    ($name:literal, from, $run:path) => {
        measure!($name, $run, needs_from: true, is_estimate: false)
    };
    ($name:literal, estimate, $run:path) => {
        measure!($name, $run, needs_from: false, is_estimate: true)
    };
    ($name:literal, $run:path, needs_from: $needs_from:literal, is_estimate: $is_estimate:literal) => {
        Analysis {
            name: $name,
            title: concat!("measure-", $name, "-title"),
            says: concat!("measure-", $name, "-says"),
            cost: concat!("measure-", $name, "-cost"),
            needs_from: $needs_from,
            is_estimate: $is_estimate,
            run: $run,
        }
    };
}

/// Every measure there is.
pub const ALL: &[Analysis] = &[
    measure!("degree", centrality::degree),
    measure!("strength", centrality::strength),
    measure!("betweenness", centrality::betweenness),
    measure!("approximate-betweenness", estimate, centrality::approximate_betweenness),
    measure!("closeness", centrality::closeness),
    measure!("eigenvector", centrality::eigenvector),
    measure!("katz", centrality::katz),
    measure!("pagerank", centrality::pagerank),
    measure!("personalised-pagerank", from, centrality::personalised_pagerank),
    measure!("core", centrality::core),
    measure!("constraint", centrality::constraint),
    measure!("effective-size", centrality::effective_size),
    measure!("triangles", centrality::triangles_of),
    measure!("clustering", centrality::clustering),
    measure!("parts", centrality::parts),
    measure!("common-neighbours", from, centrality::common_neighbours),
    measure!("adamic-adar", from, centrality::adamic_adar),
    measure!("resource-allocation", from, centrality::resource_allocation),
    measure!("l3", from, centrality::l3),
];

/// The measure of this name.
pub fn measure(name: &str) -> Option<&'static Analysis> {
    ALL.iter().find(|analysis| analysis.name == name)
}

#[cfg(test)]
mod tests;
