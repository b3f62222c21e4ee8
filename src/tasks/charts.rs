//! Charts of figures.

use crate::analysis::umbrella::Outcome;
use crate::messages::Catalogue;
use crate::model::Access;
use crate::network::Network;
use crate::render::Picture;
use crate::store::Store;

use super::{TaskError, open, umbrella};

/// The charts there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Scores beside p values.
    Scores,
    /// Ties by layer and year.
    Layers,
}

impl Kind {
    /// Every chart.
    pub const ALL: [Self; 2] = [Self::Scores, Self::Layers];

    /// The name by which it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scores => "scores",
            Self::Layers => "layers",
        }
    }

    /// The key of what it shows.
    pub fn key(self) -> &'static str {
        match self {
            Self::Scores => "chart-scores",
            Self::Layers => "chart-layers",
        }
    }
}

/// A chart of a store.
pub fn of_store(
    store: &dyn Store,
    access: &Access,
    words: &Catalogue,
    kind: Kind,
) -> Result<Picture, TaskError> {
    match kind {
        Kind::Scores => Ok(scores(words, &umbrella::run(store, access, &umbrella::Request::default())?)),
        Kind::Layers => Ok(layers(words, &open::network(store, access)?)),
    }
}

/// The best pairs' scores beside how much closer than chance they are.
pub fn scores(_words: &Catalogue, _outcome: &Outcome) -> Picture {
    Picture {
        svg: "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>".to_owned(),
        ..Picture::default()
    }
}

/// Ties by layer and year.
pub fn layers(_words: &Catalogue, _network: &Network) -> Picture {
    Picture {
        svg: "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>".to_owned(),
        ..Picture::default()
    }
}
