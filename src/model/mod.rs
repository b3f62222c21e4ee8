//! The words every stage shares: ids, kinds, layers, dates, grades, claims, records.
//!
//! This module knows nothing of files, stores or screens, and nothing here can fail but
//! parsing a single value. Start at [`record`] for what goes into a store, at [`view`]
//! for what comes out of one, and at [`tie_type`] for the table of relation types.

pub mod access;
pub mod amount;
pub mod date;
mod detail;
pub mod id;
pub mod message;
pub mod record;
pub mod strength;
pub mod tie_type;
mod unseen;
pub mod view;
pub mod words;

pub use access::{Access, Level};
pub use amount::Amount;
pub use date::{Date, Day, NotADate};
pub use id::Id;
pub use message::{Arg, Message};
pub use record::{Fence, Fenced, Props, Record, Relation, Source, Statement, Step, Table, Values};
pub use tie_type::{Nature, TieType};
pub use unseen::is_unseen;
pub use view::{Claim, Entity, Tie, Voice};
pub use words::{
    CaseStage, Channel, Credibility, Decision, GangClass, Handling, Kind, Layer, LeadStatus, RaidOutcome,
    Reliability, Status, UmbrellaFinding,
};
