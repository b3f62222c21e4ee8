//! Parasol: which official may be shielding which gang, why we think so, and what would change our mind.
//!
//! One way for the data, a type for each stage (see `docs/ARCHITECTURE.md`):
//!
//! ```text
//! files → ingest → store → network → analysis → report / render / export → cli, server
//! ```
//!
//! Arrows never point left. [`model`] holds the words every stage shares; [`tasks`] holds one
//! function for each thing a user can ask for.

pub mod analysis;
pub mod export;
mod fingerprints;
pub mod generate;
pub mod ingest;
pub mod messages;
pub mod model;
pub mod network;
#[cfg(feature = "render")]
pub mod render;
pub mod report;
mod scratch;
pub mod store;
pub mod tasks;
