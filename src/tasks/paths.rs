//! The best evidence-weighted paths between two.

use crate::analysis::paths::{MAX_HOPS, PATHS, PathOptions, PathsOutcome, paths};
use crate::model::Layer;
use crate::network::{Layers, Network, Projection, ProjectionOptions};

use super::{TaskError, named};

/// What is asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// One end, by id or name.
    pub a: String,
    /// The other end, by id or name.
    pub b: String,
    /// How many paths at most.
    pub k: usize,
    /// The longest path, in hops.
    pub max_hops: u32,
    /// The layers to walk; `None` leaves out duty, report, finding and identity.
    pub layers: Option<Vec<Layer>>,
}

impl Request {
    /// The best few paths between two, over the layers that paths walk by default.
    pub fn between(a: &str, b: &str) -> Self {
        Self { a: a.to_owned(), b: b.to_owned(), k: PATHS, max_hops: MAX_HOPS, layers: None }
    }
}

/// The layers to walk.
pub fn layers(asked: Option<&[Layer]>) -> Layers {
    asked.map_or(Layers::default(), Layers::of)
}

/// The paths; none is an empty outcome.
pub fn run(network: &Network, request: &Request) -> Result<PathsOutcome, TaskError> {
    let from = named::node(network, &request.a)?;
    let to = named::node(network, &request.b)?;
    let options =
        ProjectionOptions { layers: layers(request.layers.as_deref()), ..ProjectionOptions::default() };
    let projection = Projection::new(network, options);
    let options = PathOptions { k: request.k, max_hops: request.max_hops };
    Ok(paths(network, &projection, from, to, &options))
}
