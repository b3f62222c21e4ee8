//! Files in, checked records out: bytes → rows → [`Record`](crate::model::Record)s, or rejected rows
//! with *all* their reasons.
//!
//! Knows the model and nothing of stores: what is known before the bundle comes in by the trait
//! [`Known`], what comes out goes to a [`Sink`]. Nothing is dropped without a word: every row that is
//! read is either sound or rejected, and the counts of a [`Summary`] add up. No input makes it panic,
//! and memory grows with the number of entities and derived row ids, not with the size of the files.
//!
//! Start at [`Bundle`]; `check` is the one door through which a row becomes a record; `columns` and
//! `names` are the tables of the data contract (`docs/DATA.md`).
#![deny(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]

mod bundle;
mod check;
mod columns;
mod csv;
mod digest;
mod directory;
mod encoding;
mod entity;
pub mod guess;
mod identity;
mod ids;
pub mod judged;
mod layout;
mod mapped;
pub mod mapping;
mod names;
mod notice;
mod parts;
mod read;
mod reason;
mod register;
mod relation;
mod relay;
mod repeats;
mod row;
#[cfg(test)]
mod tests;
mod value;
mod world;
mod xlsx;
mod zipguard;

pub use bundle::{Bundle, GoOn, GraphTable, IngestError, Input};
pub use mapping::Mapping;
pub use names::{Name, list as list_names};
pub use notice::{Cases, Notice, NoticeKind};
pub use read::{Count, Sink, SinkError, Summary};
pub use reason::{Origin, Reason, Rejected, Why};
pub use world::{Known, Nothing};

/// A date in any of the forms in which files may have it: `2021-06`, `2021年6月`, `2021/6/1`; `None` for what is none.
pub fn date(text: &str) -> Option<crate::model::Date> {
    value::date(text.trim(), false).map(|read| read.date)
}
