//! What goes into a store and comes out of one, beside the records of [`crate::model`].

use std::ops::Range;
use std::sync::Arc;

use crate::model::view::Fact;
use crate::model::{Date, Id, Kind, Layer, Tie, TieType};

/// A change to be made: who makes it, why, and since when its undated facts are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Who makes it.
    pub who: String,
    /// Why: for an import, what was imported, without an absolute path.
    pub why: String,
    /// The known day of facts that have none of their own (`--recorded`).
    pub known: Option<Date>,
}

/// What became of the records of a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tally {
    /// Rows (statements, relations, sources, steps) that are new.
    pub added: u64,
    /// Rows whose id was known and whose values differ: the old ones stay as history.
    pub updated: u64,
    /// Rows that were there already, word for word.
    pub unchanged: u64,
    /// New rows that became further claims of a tie, or further rows of an entity, that was there.
    pub merged: u64,
}

/// What became of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Added,
    /// Its id was known, its values differ.
    Updated,
    /// It was there, word for word.
    Unchanged,
    /// It is a further claim of a tie, or a further row of an entity, that was there.
    Merged,
}

/// Which ties of a frontier to read: one question a hop (see `network::reach`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TieFilter {
    /// Only these layers; empty means all.
    pub layers: Vec<Layer>,
    /// Only these types; empty means all.
    pub types: Vec<TieType>,
    /// Nodes with more ties than this (as the store counts them, over the chosen layers) are not
    /// opened: they are returned in [`Frontier::capped`] instead. `None` opens all.
    pub cap: Option<u32>,
}

impl TieFilter {
    /// Whether ties of this type on this layer are read.
    pub(super) fn takes(&self, ty: TieType, layer: Layer) -> bool {
        (self.layers.is_empty() || self.layers.contains(&layer))
            && (self.types.is_empty() || self.types.contains(&ty))
    }
}

/// The answer to one frontier.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frontier {
    /// The ties of the nodes opened, in (from, to, type, role, start, first row) order, each once.
    pub ties: Vec<Tie>,
    /// The nodes that were not opened because of the cap, in id order.
    pub capped: Vec<Id>,
}

/// How many ties a node has, as the store counts them for this reader and day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The node.
    pub id: Id,
    /// Ties a layer, in the order of [`Layer::ALL`].
    pub ties: Vec<u32>,
}

/// What a view calls an entity: for walks, which ask again and again. The same in every view of the same
/// content; never shown. Small whole numbers: a table by handle is no waste.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle(pub u32);

/// A tie as a walk sees it from one of its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The end that was asked for.
    pub near: Handle,
    /// The other end.
    pub far: Handle,
    /// The type.
    pub ty: TieType,
    /// The layer.
    pub layer: Layer,
    /// Whether `near` is the tie's `from`.
    pub outward: bool,
    /// Since when, or the day; told of outward ties alone.
    pub start: Option<Date>,
    /// What it is read by.
    pub claim: ClaimOf,
    /// Whether the tie was handed out before, for another claim of it.
    pub again: bool,
}

/// A claim of a tie, as a store numbers both: claims of one tie stand together in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClaimOf {
    /// The tie.
    pub tie: u64,
    /// The claim.
    pub claim: u64,
}

/// A tie in few words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Brief {
    /// One end.
    pub from: Handle,
    /// The other end.
    pub to: Handle,
    /// The type.
    pub ty: TieType,
    /// The layer.
    pub layer: Layer,
    /// Since when, or the day.
    pub start: Option<Date>,
}

/// Some of the ties of a view: [`super::View::tie_parts`] cuts them.
#[derive(Clone, Debug)]
pub struct TiePart(pub(crate) TieClaims);

/// The claims of a part, by numbers that are the store's own.
#[derive(Clone, Debug)]
pub(crate) enum TieClaims {
    /// Those in a range, but for ties that have more claims than one.
    Alone(Range<u64>, Arc<Bits>),
    /// All claims of some ties.
    Joined(Vec<u64>),
}

/// What was read of ties in parts, for [`super::View::check_passed`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    pub(crate) rows: u64,
    pub(crate) sum: u128,
    /// Claims left to parts of their own, less those read there: rows, and the sum of their hashes.
    pub(crate) left: (u64, u128),
    pub(crate) twice: u64,
}

impl Passed {
    /// Both.
    pub fn and(self, other: Self) -> Self {
        Self {
            rows: self.rows + other.rows,
            sum: self.sum.wrapping_add(other.sum),
            left: (self.left.0.wrapping_add(other.left.0), self.left.1.wrapping_add(other.left.1)),
            twice: self.twice + other.twice,
        }
    }

    /// The same, and so many ties came twice.
    pub fn twice(self, ties: u64) -> Self {
        Self { twice: self.twice + ties, ..self }
    }
}

/// A set of small whole numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    pub fn add(&mut self, number: u64) {
        let word = (number / 64) as usize;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0.get_mut(word).into_iter().for_each(|bits| *bits |= 1 << (number % 64));
    }

    pub fn has(&self, number: u64) -> bool {
        self.0.get((number / 64) as usize).is_some_and(|bits| bits >> (number % 64) & 1 == 1)
    }
}

/// What `survey` hands out.
#[derive(Clone, Debug, PartialEq)]
pub enum Surveyed {
    /// Each tie, once.
    Brief(Brief),
    /// Besides, a tie of one of the types that are wanted in full.
    Full(Tie),
}

/// One hit of a search by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The entity.
    pub id: Id,
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Which of its names matched, and how.
    pub matched: Matched,
}

/// How a search text matched, best first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matched {
    /// The id, exactly.
    Id,
    /// The whole name.
    Name,
    /// A whole alias.
    Alias(String),
    /// Part of the name or of an alias.
    Part(String),
    /// The name's pinyin, with or without spaces.
    Pinyin(String),
    /// The initials of the name's pinyin.
    Initials(String),
}

/// Everything a row id stands for, superseded words included (`show`).
#[derive(Clone, Debug, PartialEq)]
pub struct RowHistory {
    /// The ties the row spoke of, each with every claim the row ever made, earliest first.
    pub ties: Vec<Tie>,
}

/// A step as a reader sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct StepView {
    /// The row's id.
    pub id: Id,
    /// The case or lead.
    pub subject: Id,
    /// What happened.
    pub step: String,
    /// When.
    pub date: Date,
    /// Who says so, and what else the row says.
    pub fact: Fact,
}

/// What a store holds, for `info`. The same after the same import; nothing in it depends on who a
/// protected source is, nor on a clock.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Info {
    /// Version of the store's layout.
    pub layout: u32,
    /// Finished changes.
    pub changes: u64,
    /// The order-free digest of what may be printed, in hex.
    pub digest: String,
    /// Entities a kind, by code.
    pub entities: std::collections::BTreeMap<String, u64>,
    /// Ties a type, by code.
    pub ties: std::collections::BTreeMap<String, u64>,
    /// Claims, superseded ones included.
    pub claims: u64,
    /// Sources, protected ones included.
    pub sources: u64,
    /// Steps.
    pub steps: u64,
    /// Facts and claims without a known day: in today's view, in no as-of view, and counted in both
    /// (claims as far as both ends are in the view).
    pub undated: u64,
    /// The first and the last known day, of steps as well.
    pub known: Option<(Date, Date)>,
    /// Officials: people who stand in `officials.csv`, or whose ties of duty make them officials.
    pub officials: u64,
    /// The last day on which a claim that stands or a step became known; of two that end on one day the more exact.
    pub newest: Option<Date>,
}

/// What some records touch: see [`super::Store::excerpt`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// The entities that they name, new ones and those that a row named before included, in id order.
    pub entities: std::collections::BTreeSet<Id>,
    /// The ends, from and to, of every tie that may be another afterwards.
    pub pairs: std::collections::BTreeSet<(Id, Id)>,
}
