//! A store in one SQLite file: the default, nothing to install.
//!
//! Claims stand in one table, each with its tie's ends beside it; a tie is the claims that agree.
//! Nothing outside `store` knows this. Start at [`SqliteStore`]; `layout` has the tables,
//! `writer` makes changes, `view` reads.

pub(super) mod backup;
pub(super) mod canon;
pub(super) mod connect;
pub(super) mod excerpt;
mod fresh;
mod frontier;
mod index;
mod info;
mod kept;
mod layout;
pub(super) mod links;
pub(super) mod names;
mod parts;
pub(super) mod references;
mod relation;
#[cfg(feature = "neo4j")]
pub(super) mod replica;
mod reseal;
pub(super) mod rows;
pub(super) mod search;
mod source;
mod sources;
pub(super) mod ties;
pub(super) mod verify;
pub(super) mod view;
mod words;
pub(super) mod writer;

use std::path::{Path, PathBuf};

use super::{Change, Excerpt, Mode, References, Seal, Store, StoreError, Verified, View, Writer};
use crate::model::{Access, Record};
pub use index::Names;
pub use search::{Wanted, grade};

/// A store in a file.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    mode: Mode,
    seen: sources::SeenSources,
}

impl SqliteStore {
    /// Opens the store in this file; with [`Mode::Create`] makes it where there is none.
    pub fn open(path: &Path, mode: Mode) -> Result<Self, StoreError> {
        match (connect::look(path)?, mode) {
            (connect::Found::Store, _) => {}
            (connect::Found::Nothing | connect::Found::Empty, Mode::Create) => create(path)?,
            (connect::Found::Nothing, _) => return Err(StoreError::Missing(path.to_owned())),
            (connect::Found::Empty, _) => {
                return Err(connect::foreign(path, "it is an empty file".to_owned()));
            }
        }
        Ok(Self { path: path.to_owned(), mode, seen: sources::SeenSources::default() })
    }
}

fn create(path: &Path) -> Result<(), StoreError> {
    let mut conn = connect::writer(path, true)?;
    layout::create(&mut conn).map_err(connect::at(path))
}

impl Store for SqliteStore {
    fn read<'a>(&'a self, access: &Access) -> Result<Box<dyn View + Send + 'a>, StoreError> {
        Ok(Box::new(view::SqliteView::open_with(&self.path, access, &self.seen)?))
    }

    fn write<'a>(&'a self, change: &Change) -> Result<Box<dyn Writer + 'a>, StoreError> {
        if self.mode == Mode::Read {
            return Err(StoreError::ReadOnly(self.path.clone()));
        }
        Ok(Box::new(writer::SqliteWriter::begin(&self.path, change)?))
    }

    fn references<'a>(&'a self) -> Result<Box<dyn References + 'a>, StoreError> {
        Ok(Box::new(references::SqliteReferences::open(&self.path)?))
    }

    fn verify(&self) -> Result<Verified, StoreError> {
        Ok(Verified { faults: verify::faults(&self.path)?, graph_left_out: false })
    }

    fn seal(&self) -> Result<Seal, StoreError> {
        let conn = connect::reader(&self.path)?;
        rows::digest(&conn).map(Seal).map_err(connect::at(&self.path))
    }

    fn backup(&self, to: &Path) -> Result<Seal, StoreError> {
        backup::copy(&self.path, to)
    }

    fn excerpt(&self, to: &Path, records: &[Record]) -> Result<Excerpt, StoreError> {
        excerpt::copy(&self.path, to, records)
    }

    fn file(&self) -> Option<&Path> {
        Some(&self.path)
    }

    fn keep(&self, name: &str, digest: &str, value: &[u8]) -> Result<(), StoreError> {
        if self.mode == Mode::Read {
            return Err(StoreError::ReadOnly(self.path.clone()));
        }
        kept::keep(&self.path, name, digest, value)
    }
}

#[cfg(test)]
pub(super) mod tests;
