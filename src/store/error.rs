//! What may go wrong with a store, as far as a caller can do something about it.

use std::path::PathBuf;

use crate::model::{Id, Kind};

/// What a caller of a store can do about a failure. Each variant has its exit code.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no store here.
    #[error("there is no store at `{0}`")]
    Missing(PathBuf),
    /// The file is something else, or was written by a newer version.
    #[error("`{path}` is no store that this version can open: {reason}")]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        reason: String,
    },
    /// The address is of a kind of store that this build does not have.
    #[error("this build has no store for the address `{0}`; a store is a file")]
    Address(String),
    /// Damaged: an answer from it could be wrong.
    #[error("the store `{path}` is damaged: {reason}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// Somebody else is writing, or the server does not answer.
    #[error("the store is busy: {0}")]
    Busy(String),
    /// It may be read but not written.
    #[error("the store `{0}` may be read but not written")]
    ReadOnly(PathBuf),
    /// The server does not take this user, or not his password.
    #[error("the server refuses: {0}")]
    Denied(String),
    /// The server does not answer, or what answers is none.
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
    /// There is something already where a copy is to be.
    #[error("`{0}` holds something already")]
    NotEmpty(PathBuf),
    /// Somebody broke it off; nothing of it is seen.
    #[error("it was broken off")]
    BrokenOff,
    /// No room left.
    #[error("there is no room left to write the store `{0}`")]
    Full(PathBuf),
    /// A record names an entity or a source that is neither in the store nor earlier in the change.
    #[error("record `{row}` names `{missing}`, which is not in the store")]
    Orphan {
        /// The record.
        row: Id,
        /// What it names.
        missing: Id,
    },
    /// A record gives an entity another kind than it has.
    #[error("`{id}` is a {was} and cannot become a {new}")]
    KindClash {
        /// The entity.
        id: Id,
        /// Its kind in the store.
        was: Kind,
        /// The record's kind.
        new: Kind,
    },
    /// Any other failure to read or write.
    #[error("the store could not be read or written: {0}")]
    Io(String),
}

impl StoreError {
    /// Whether it is a store of ours, of another version.
    pub fn is_of_another_version(&self) -> bool {
        matches!(self, Self::Foreign { reason, .. } if reason.starts_with("its layout"))
    }
}

/// One fault that `verify` found.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    /// A stable code: `integrity`, `digest`, `row_hash`, `orphan`, `search_index`, …
    pub code: String,
    /// What is wrong, in words.
    pub text: String,
}

/// What `verify` found, and how far it could look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// Whether the graph that a server keeps for people could not be compared with the rows: a change is under way
    /// there or was broken off, or rows cannot be read. Never of a store in a file, which has no such graph.
    pub graph_left_out: bool,
}
