//! What is particular to the store in a file; the shared promises first.

mod files;
pub(in crate::store) mod random;
mod rot;
mod searching;
mod twin;

use super::*;
use crate::model::{Relation, Status, TieType};
use crate::store::promises::{self, samples::*};

/// A store with its folder, which goes when the store goes.
struct Kept {
    store: SqliteStore,
    _folder: tempfile::TempDir,
}

impl Store for Kept {
    fn read<'a>(&'a self, access: &Access) -> Result<Box<dyn View + Send + 'a>, StoreError> {
        self.store.read(access)
    }

    fn write<'a>(&'a self, change: &Change) -> Result<Box<dyn Writer + 'a>, StoreError> {
        self.store.write(change)
    }

    fn references<'a>(&'a self) -> Result<Box<dyn References + 'a>, StoreError> {
        self.store.references()
    }

    fn verify(&self) -> Result<Verified, StoreError> {
        self.store.verify()
    }

    fn seal(&self) -> Result<Seal, StoreError> {
        self.store.seal()
    }

    fn backup(&self, to: &Path) -> Result<Seal, StoreError> {
        self.store.backup(to)
    }

    fn excerpt(&self, to: &Path, records: &[Record]) -> Result<Excerpt, StoreError> {
        self.store.excerpt(to, records)
    }

    fn keep(&self, name: &str, digest: &str, value: &[u8]) -> Result<(), StoreError> {
        self.store.keep(name, digest, value)
    }
}

fn fresh() -> Box<dyn Store> {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("case.db"), Mode::Create).unwrap();
    Box::new(Kept { store, _folder: folder })
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

#[test]
fn an_edition_tells_apart_what_has_one_digest() {
    let folder = tempfile::tempdir().unwrap();
    let base = || vec![Record::Source(source("s1")), person("a", "甲"), person("b", "乙")];
    let (sure, doubted) = (Status::Confirmed, Status::Suspected);
    let paid =
        |status: Status| Record::Relation(Relation { status, ..relation("r1", TieType::Payment, "a", "b") });
    let made = |name: &str, words: [Status; 2]| {
        let store = SqliteStore::open(&folder.path().join(name), Mode::Create).unwrap();
        write(&store, &base());
        words.into_iter().for_each(|status| drop(write(&store, &[paid(status)])));
        store
    };
    let edition = |store: &SqliteStore| store.read(&Access::default()).unwrap().edition().unwrap();
    let (one, other) = (made("one.db", [sure, doubted]), made("other.db", [doubted, sure]));
    // Undated, so that the later change is the later word: one digest, and two answers.
    assert_eq!(digest(&one), digest(&other));
    assert_ne!(ties(&one, &Access::default()), ties(&other, &Access::default()));
    assert_ne!(edition(&one), edition(&other));
    let before = edition(&one);
    write(&one, &[paid(doubted)]);
    one.keep("counts", &digest(&one), b"12").unwrap();
    assert_eq!(edition(&one), before, "nothing was changed");
    one.backup(&folder.path().join("copy.db")).unwrap();
    assert_eq!(edition(&SqliteStore::open(&folder.path().join("copy.db"), Mode::Read).unwrap()), before);
    write(&one, &[tie("r2", TieType::Call, "a", "b")]);
    assert_ne!(edition(&one), before);
    assert_eq!(one.verify().unwrap().faults, []);
}
