//! Answers from a part of a store: a gang's ball is read by its reaches, and nothing else is.
//!
//! What a score must know of the whole file (counts, and who may be whom) are [`Statistics`]: small,
//! and kept in the store beside its content. A ball's network holds all ties of all nodes that were
//! walked, with their claims, and every entity that these name; what the analysis may ask of a node
//! that was only reached (its ties a layer, whether it is an official, whom it may be as well) comes
//! from the store. So the answer is the whole network's, which is tested (`tests`).

mod part;
mod statistics;
#[cfg(test)]
mod tests;
mod walk;

use crate::analysis::umbrella::{self, Options, Outcome};
use crate::model::{Access, Id};
use crate::network::Network;
use crate::network::ball::{Ball, Ground};
use crate::store::{Store, View};

use super::TaskError;
use part::Part;
pub use statistics::Statistics;

/// A store's view with what is known of the whole file: balls are read from it.
pub struct Source<'s> {
    view: Box<dyn View + Send + 's>,
    access: Access,
    statistics: Statistics,
}

impl<'s> Source<'s> {
    /// Opens a store. Cost: reading the statistics that are kept with it; where they do not fit (a view
    /// of an earlier day, a change that did not end with them), a pass over all entities and the
    /// indexes of all ties.
    pub fn open(store: &'s dyn Store, access: &Access) -> Result<Self, TaskError> {
        let view = store.read(access)?;
        let statistics = Statistics::of(store, access)?;
        Ok(Self { view, access: access.clone(), statistics })
    }

    /// The view.
    pub fn view(&self) -> &dyn View {
        self.view.as_ref()
    }

    /// The pairs of one gang. Rank and q are left out, as for any part of a run.
    pub fn gang(&self, gang: &Id, options: &Options) -> Result<Scored, TaskError> {
        let part = Part::of_gang(self, gang)?;
        let node = part.network.node(gang.as_str()).ok_or_else(|| TaskError::Unknown(gang.to_string()))?;
        let ground = Ground::new(&part.network, part.profiles, &part.twins);
        let ball = Ball::walked(&ground, node, part.walk);
        let outcome = umbrella::run_ball(&ball, &self.statistics.globals, options);
        Ok(Scored { network: part.network, outcome })
    }
}

/// The pairs of one gang, and the part of the network they rest on.
pub struct Scored {
    /// The ball's network.
    pub network: Network,
    /// The pairs.
    pub outcome: Outcome,
}
