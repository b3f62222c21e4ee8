//! One function for each thing a user can ask for. The command line and, later, the web page only
//! translate to and from these; a task knows every stage and holds no sums of its own.

pub mod backup;
pub mod balls;
#[cfg(feature = "render")]
pub mod brief;
mod cache;
#[cfg(feature = "render")]
pub mod charts;
pub mod copy;
#[cfg(feature = "render")]
pub mod draw;
pub mod error;
pub mod evaluate;
pub mod files;
pub mod find;
pub mod generate;
mod graph;
pub mod groups;
pub mod import;
pub mod interrupt;
pub mod look;
pub mod mapping;
pub mod named;
pub mod open;
pub mod overlay;
pub mod paths;
pub mod rank;
#[cfg(feature = "render")]
pub mod report;
pub mod score;
pub mod session;
pub mod umbrella;
mod views;

pub use error::{Class, TaskError};

use crate::analysis::Watch;

/// Who looks on while a store is opened and then scored; by default nobody does.
#[derive(Clone, Debug, Default)]
pub struct Watches {
    /// How much of the store is read.
    pub opening: Watch,
    /// How many gangs are scored.
    pub scoring: Watch,
}
