//! What can go wrong with a task, by what its caller can do about it.

use std::path::{Path, PathBuf};

use crate::ingest::IngestError;
use crate::model::{Arg, Message};
use crate::network::BuildError;
use crate::store::StoreError;

/// A task's failure. [`TaskError::message`] and [`TaskError::hint`] say it in words.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TaskError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The bundle could not be read.
    #[error(transparent)]
    Ingest(IngestError),
    /// The view is not whole: a tie without its ends.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// Nothing has this id or name.
    #[error("nothing is called `{0}`")]
    Unknown(String),
    /// Nothing has this id or name, but some have one like it.
    #[error("nothing is called `{name}`")]
    Near {
        /// What was named.
        name: String,
        /// Who may have been meant, best match first: name, id, and what tells them apart.
        who: Vec<String>,
    },
    /// Several have this name.
    #[error("`{name}` is the name of several")]
    Ambiguous {
        /// The name.
        name: String,
        /// Who they are, in order: name, id, and what tells them apart.
        who: Vec<String>,
    },
    /// It is there, but it is not what the task needs (an official, a gang …).
    #[error("`{id}` is no {wanted}")]
    NotA {
        /// What was named.
        id: String,
        /// The code of what is needed.
        wanted: &'static str,
    },
    /// An official and a gang, given in the wrong order.
    #[error("`{id}` is no {wanted}: the two stand in the wrong order")]
    Order {
        /// What was named.
        id: String,
        /// The code of what is needed.
        wanted: &'static str,
    },
    /// There is nothing to show: no path, no pair, no match.
    #[error("nothing was found")]
    Nothing(Message),
    /// Bad rows, and `--strict`.
    #[error("{0} rows were rejected and nothing was imported")]
    Strict(u64),
    /// The store holds something else than this bundle.
    #[error("the store holds other inputs")]
    OtherInputs,
    /// The folder of a report holds another one.
    #[error("`{0}` holds the report of other inputs")]
    OtherReport(PathBuf),
    /// A file could not be read or written.
    #[error("`{path}`: {reason}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// The disk is full.
    #[error("no room left to write `{path}`: about {needed} bytes are needed, free are {free:?}")]
    NoRoom {
        /// The file.
        path: PathBuf,
        /// How many bytes may be needed.
        needed: u64,
        /// How many are free, where the system tells.
        free: Option<u64>,
    },
    /// The output would be written over the store or an input.
    #[error("`{0}` is the store or an input")]
    OverInput(PathBuf),
    /// The folder that a new store or file is to be in is not there.
    #[error("the folder `{0}` does not exist")]
    NoFolder(PathBuf),
    /// A copy is not what was copied.
    #[error("the copy `{copy}` is not what was copied: {why}")]
    Unlike {
        /// Where it is.
        copy: String,
        /// What was found.
        why: String,
    },
    /// Ctrl-C, before anything was written.
    #[error("interrupted; nothing of it was imported")]
    Interrupted,
    /// Ctrl-C, after the import was in.
    #[error("interrupted; the import is in, whole")]
    InterruptedAfter,
    /// The command cannot do this with what it was given.
    #[error("wrong usage: {0:?}")]
    Usage(Message),
}

/// What a caller can do about it; each class has its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Something failed.
    Failure,
    /// The command was wrong.
    Usage,
    /// Nothing was found.
    Nothing,
    /// Rows were rejected.
    Rejected,
    /// The store is damaged.
    Damaged,
    /// The store is busy or does not answer.
    Busy,
    /// Not permitted, or read-only.
    NotPermitted,
    /// Somebody broke it off.
    Interrupted,
}

impl TaskError {
    /// A file's failure, with its path.
    pub fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |reason| Self::File { path, reason }
    }

    /// Its class.
    pub fn class(&self) -> Class {
        match self {
            Self::Store(error) => store_class(error),
            Self::OtherInputs => Class::Usage,
            Self::Unlike { .. } => Class::Damaged,
            Self::Ingest(error) if error.is_of_the_input() => Class::Usage,
            Self::Ingest(_) | Self::Build(_) | Self::NoFolder(_) | Self::NoRoom { .. } => Class::Failure,
            Self::Unknown(_) | Self::Near { .. } | Self::Nothing(_) => Class::Nothing,
            Self::Ambiguous { .. }
            | Self::Order { .. }
            | Self::NotA { .. }
            | Self::OtherReport(_)
            | Self::OverInput(_)
            | Self::Usage(_) => Class::Usage,
            Self::Strict(_) => Class::Rejected,
            Self::Interrupted | Self::InterruptedAfter => Class::Interrupted,
            Self::File { reason, .. } => file_class(reason),
        }
    }

    /// What happened.
    pub fn message(&self) -> Message {
        match self {
            Self::Store(error) => store_message(error),
            Self::Ingest(error) => error.message(),
            Self::Build(error) => Message::new("error-build").text("reason", error.to_string()),
            Self::Unknown(name) | Self::Near { name, .. } => Message::new("error-unknown").text("name", name),
            Self::Ambiguous { name, who } => {
                Message::new("error-ambiguous").text("name", name).text("ids", who.join(", "))
            }
            Self::NotA { id, wanted } | Self::Order { id, wanted } => {
                Message::new("error-not-a").text("id", id).with("wanted", Arg::Word(wanted))
            }
            Self::Nothing(message) | Self::Usage(message) => message.clone(),
            Self::Strict(count) => Message::new("error-strict").count("count", *count as usize),
            Self::OtherInputs => Message::new("error-other-inputs"),
            Self::Unlike { copy, why } => {
                Message::new("error-copy-unlike").text("path", copy).because_told(why)
            }
            Self::Interrupted => Message::new("error-interrupted"),
            Self::InterruptedAfter => Message::new("error-interrupted-after"),
            Self::OverInput(path) => {
                Message::new("error-over-input").text("path", path.display().to_string())
            }
            Self::NoRoom { path, needed, free } => no_room(path, *needed, *free),
            Self::NoFolder(path) => Message::new("error-no-folder").text("path", path.display().to_string()),
            Self::OtherReport(path) => {
                Message::new("error-other-report").text("path", path.display().to_string())
            }
            Self::File { path, reason } => {
                Message::new("error-file").text("path", path.display().to_string()).because(reason)
            }
        }
    }

    /// What to do next, where there is something.
    pub fn hint(&self) -> Option<Message> {
        let key = match self {
            Self::Near { who, .. } => return Some(Message::new("hint-near").text("who", who.join(", "))),
            Self::Store(StoreError::Missing(_)) => "hint-store-missing",
            Self::Store(error) if error.is_of_another_version() => "hint-store-version",
            Self::Store(StoreError::Foreign { .. }) => "hint-store-foreign",
            Self::NotA { .. } => "hint-not-a",
            Self::Store(StoreError::Damaged { .. }) => "hint-store-damaged",
            Self::Store(StoreError::Busy(_)) => "hint-store-busy",
            Self::Store(StoreError::Full(_)) | Self::NoRoom { .. } => "hint-store-full",
            Self::Store(StoreError::Denied(_)) => "hint-store-denied",
            Self::Store(StoreError::Unreachable(_)) => "hint-store-unreachable",
            Self::Unknown(_) => "hint-unknown",
            Self::Ambiguous { .. } => "hint-ambiguous",
            Self::Order { .. } => "hint-order",
            Self::Unlike { .. } => "hint-copy-unlike",
            Self::Strict(_) => "hint-strict",
            Self::OtherReport(_) => "hint-other-report",
            _ => return None,
        };
        Some(Message::new(key))
    }
}

fn no_room(path: &Path, needed: u64, free: Option<u64>) -> Message {
    let size = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
    let key = if free.is_some() { "error-no-room" } else { "error-no-room-needed" };
    let says = Message::new(key).text("path", path.display().to_string()).text("needed", size(needed));
    free.into_iter().fold(says, |says, free| says.text("free", size(free)))
}

fn store_class(error: &StoreError) -> Class {
    match error {
        StoreError::Damaged { .. } => Class::Damaged,
        StoreError::Busy(_) | StoreError::Unreachable(_) => Class::Busy,
        StoreError::ReadOnly(_) | StoreError::Denied(_) => Class::NotPermitted,
        StoreError::NotEmpty(_) => Class::Usage,
        StoreError::BrokenOff => Class::Interrupted,
        _ => Class::Failure,
    }
}

fn file_class(reason: &std::io::Error) -> Class {
    match reason.kind() {
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => Class::NotPermitted,
        _ => Class::Failure,
    }
}

fn store_message(error: &StoreError) -> Message {
    let path = |key, path: &PathBuf| Message::new(key).text("path", path.display().to_string());
    match error {
        StoreError::Missing(at) => path("error-store-missing", at),
        StoreError::Foreign { path: at, reason } => path("error-store-foreign", at).because_told(reason),
        StoreError::Damaged { path: at, reason } => path("error-store-damaged", at).because_told(reason),
        StoreError::Busy(reason) => Message::new("error-store-busy").because_told(reason),
        StoreError::Unreachable(reason) => Message::new("error-store-unreachable").because_told(reason),
        StoreError::Denied(reason) => Message::new("error-store-denied").because_told(reason),
        StoreError::ReadOnly(at) => path("error-store-read-only", at),
        StoreError::Full(at) => path("error-store-full", at),
        StoreError::NotEmpty(at) => path("error-copy-there", at),
        StoreError::BrokenOff => Message::new("error-copy-broken-off"),
        StoreError::Address(address) => Message::new("error-store-address").text("address", address),
        StoreError::Orphan { row, missing } => {
            Message::new("error-store-orphan").text("row", row.as_str()).text("missing", missing.as_str())
        }
        StoreError::KindClash { id, was, new } => Message::new("error-store-kind")
            .text("id", id.as_str())
            .with("was", Arg::Word(was.code()))
            .with("new", Arg::Word(new.code())),
        StoreError::Io(reason) => Message::new("error-store-io").because_told(reason),
    }
}
