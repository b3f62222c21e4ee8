//! What is particular to the store in a file; the shared promises first.

use super::*;
use crate::store::promises::{self, samples::*};

/// A new store in a folder that lives as long as the tests.
fn fresh() -> Box<dyn Store> {
    let folder = tempfile::tempdir().unwrap().keep();
    Box::new(SqliteStore::open(&folder.join("case.db"), Mode::Create).unwrap())
}

#[test]
fn the_promises_are_kept() {
    promises::keep(&fresh);
}

#[test]
fn a_file_at_rest_stands_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.db");
    let store = SqliteStore::open(&path, Mode::Create).unwrap();
    write(&store, &[person("a", "甲")]);
    let bytes = std::fs::read(&path).unwrap();
    let store = SqliteStore::open(&path, Mode::Read).unwrap();
    assert_eq!(entities(&store, &Access::default()).len(), 1);
    assert!(matches!(store.write(&change()), Err(StoreError::ReadOnly(_))));
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "reading changes no byte");
    let beside: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(beside, ["case.db"]);
}
