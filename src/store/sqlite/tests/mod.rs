//! What is particular to the store in a file; the shared promises first.

mod files;
mod random;
mod rot;
mod twin;

use super::*;
use crate::store::promises::{self, samples::*};

/// A new store in a folder that lives as long as the tests' own folder for passing files.
fn fresh() -> Box<dyn Store> {
    let folder = tempfile::tempdir().unwrap().keep();
    Box::new(SqliteStore::open(&folder.join("case.db"), Mode::Create).unwrap())
}

#[test]
fn the_promises_are_kept() {
    promises::keep(&fresh);
}

/// The twin in memory is held to the same promises, so that it may judge the other.
#[test]
fn the_promises_are_kept_by_the_twin() {
    promises::keep(&|| Box::new(twin::Twin::default()));
}
