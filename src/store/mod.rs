//! Where records are kept: the trait every store implements, and its promises.
//!
//! A store keeps *claims, not facts*: who said what, where, when it held and when we came to
//! know. It is synchronous; a store that speaks to a server keeps its runtime on a thread of its
//! own. Nothing above this module knows which store it has. The promises in the trait's docs are
//! run against every store by one shared suite (`store::promises`, used by the tests).

mod foreign;
#[cfg(feature = "neo4j")]
mod neo4j;
mod opening;
#[doc(hidden)]
#[cfg(test)]
pub mod promises;
mod sqlite;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use foreign::{Graph, GraphNode, GraphProps, GraphTie, graph};
#[cfg(feature = "neo4j")]
pub use neo4j::{Neo4jStore, unlock};
#[cfg(not(feature = "neo4j"))]
pub use opening::unlock;
pub use opening::{Mode, is_server, is_there, open};
pub use sqlite::{Names, SqliteStore, Wanted, grade};

use crate::model::view::{Fact, SourceCard};
use crate::model::{
    Access, Claim, Date, Entity, Fence, Fenced, Id, Kind, Layer, Nature, Record, Tie, TieType, Voice,
};

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

/// A change under way. Nothing of it is seen by anybody until [`Writer::finish`].
/// Dropping it rolls it back.
pub trait Writer {
    /// Adds one record and says what became of it.
    ///
    /// Records may come in any order, except that whatever a record names (its sources, a
    /// relation's ends, a step's subject) must be in the store or earlier in the change, else
    /// [`StoreError::Orphan`]. A record that fails leaves the change as it was before.
    fn put(&mut self, record: &Record) -> Result<Outcome, StoreError>;

    /// Says which records come next, so that a store far away may look up at once what they touch. Changes nothing.
    fn expect(&mut self, _records: &[Record]) -> Result<(), StoreError> {
        Ok(())
    }

    /// What became of the records so far.
    fn tally(&self) -> Tally;

    /// Makes the change seen, whole. A change of which every record was unchanged leaves no trace:
    /// no number is used up and the digest stays.
    fn finish(self: Box<Self>) -> Result<Tally, StoreError>;
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

/// Some of the ties of a view: [`View::tie_parts`] cuts them.
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

/// What was read of ties in parts, for [`View::check_passed`].
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

/// One consistent view of a store, cut to one reader's access: sealed claims, and what was not
/// known on the day, are not in it, and neither is anything that rests on them alone (a tie whose
/// claims are all cut; an entity without a fact; a tie of such an entity). Below level `case`,
/// `id_number` and `number` are left out of facts. A view sees the changes that were finished when
/// it was opened, and no later one. Every list is in the stated order.
pub trait View {
    /// Hands out every entity, in id order.
    fn entities(&self, each: &mut dyn FnMut(Entity)) -> Result<(), StoreError>;

    /// Hands out every tie, in (from, to, type, other type, role, start, first row) order. Holds all of them at
    /// once: a large store is better read in parts.
    fn ties(&self, each: &mut dyn FnMut(Tie)) -> Result<(), StoreError> {
        let (mut all, mut passed) = (Vec::new(), Passed::default());
        for part in self.tie_parts()? {
            passed = passed.and(self.ties_of_part(&part, &mut |tie| all.push(tie))?);
        }
        let row = |tie: &Tie| {
            tie.claims.first().filter(|_| tie.ty.nature() == Nature::Event).map(|claim| claim.row.clone())
        };
        all.sort_by_cached_key(|tie| {
            let kind = (tie.ty, tie.other_type.clone(), tie.role.clone(), tie.start);
            (tie.from.clone(), tie.to.clone(), kind, row(tie))
        });
        let same = |a: &Tie, b: &Tie| {
            let kind = |tie: &Tie| (tie.ty, tie.other_type.clone(), tie.role.clone(), tie.start);
            (&a.from, &a.to) == (&b.from, &b.to) && kind(a) == kind(b) && row(a) == row(b)
        };
        let twice = all.windows(2).filter(|pair| matches!(pair, [a, b] if same(a, b))).count();
        self.check_passed(passed.twice(twice as u64))?;
        all.into_iter().for_each(each);
        Ok(())
    }

    /// Cuts all ties into parts that several threads may read, each with a view of its own of the same content
    /// ([`View::digest`]).
    fn tie_parts(&self) -> Result<Vec<TiePart>, StoreError>;

    /// Hands out the ties of a part, in no promised order: all parts together are those of [`View::ties`], each
    /// tie once.
    fn ties_of_part(&self, part: &TiePart, each: &mut dyn FnMut(Tie)) -> Result<Passed, StoreError>;

    /// Checks that what was read of all parts is all there is, and that no tie came twice.
    fn check_passed(&self, all: Passed) -> Result<(), StoreError>;

    /// Every step of these subjects (of all, when empty), in (subject, date, id) order.
    fn steps(&self, subjects: &[Id]) -> Result<Vec<StepView>, StoreError>;

    /// Every source, open ones in id order, then protected ones by number.
    fn sources(&self) -> Result<Vec<SourceCard>, StoreError>;

    /// The entities with these ids that there are, in id order.
    fn entities_of(&self, ids: &[Id]) -> Result<Vec<Entity>, StoreError>;

    /// The ties of a whole frontier: one question to the store, never one a node.
    fn ties_of(&self, nodes: &[Id], filter: &TieFilter) -> Result<Frontier, StoreError>;

    /// The profiles of these nodes that there are, in id order.
    fn profiles(&self, ids: &[Id]) -> Result<Vec<Profile>, StoreError>;

    /// Hands out every entity with its handle, in no promised order: faster than [`View::entities`].
    fn each_entity(&self, each: &mut dyn FnMut(Handle, Entity)) -> Result<(), StoreError>;

    /// Hands out every tie that starts from one of these handles in few words, and those of the types in
    /// `full` in full as well, in no promised order. Reads less than [`View::ties`], and checks less of it
    /// against bit rot. Views on several threads may each take a part.
    fn survey(
        &self,
        from: Range<Handle>,
        full: &[TieType],
        each: &mut dyn FnMut(Surveyed),
    ) -> Result<(), StoreError>;

    /// The handles of the entities with these ids that there are, in id order.
    fn handles(&self, ids: &[Id]) -> Result<Vec<(Id, Handle)>, StoreError>;

    /// What these are, in the order asked.
    fn kinds(&self, handles: &[Handle]) -> Result<Vec<Kind>, StoreError>;

    /// Which of these stand in `officials.csv`, in the order asked.
    fn officials(&self, handles: &[Handle]) -> Result<Vec<bool>, StoreError>;

    /// Hands out every tie of these of some types (of all, when empty) from each of them, without ties
    /// to oneself, once for each of its claims: one question to the store, never one a node. In no promised order.
    fn links(
        &self,
        handles: &[Handle],
        types: &[TieType],
        each: &mut dyn FnMut(Link),
    ) -> Result<(), StoreError>;

    /// The ties of these claims, which [`View::links`] told of with the end that was asked for; a tie is whole if all
    /// its claims are asked for. `ids` tells the ids of the ends that are known already; others are looked up.
    fn ties_of_claims(
        &self,
        claims: &[(ClaimOf, Handle)],
        ids: &BTreeMap<Handle, Id>,
    ) -> Result<Vec<Tie>, StoreError>;

    /// The entities of which this voice says something, in id order. Cost: a pass over what is said, unless the
    /// store knows better.
    fn entities_told_by(&self, voice: &Voice) -> Result<Vec<Entity>, StoreError> {
        let mut about = Vec::new();
        self.entities(&mut |entity| {
            if entity.facts.iter().any(|fact| fact.voice == *voice) {
                about.push(entity);
            }
        })?;
        Ok(about)
    }

    /// The entities of these handles, in id order.
    fn entities_at(&self, handles: &[Handle]) -> Result<Vec<(Handle, Entity)>, StoreError>;

    /// The cases that their latest word puts down to this gang, in id order.
    fn cases_of(&self, gang: &Id) -> Result<Vec<Id>, StoreError>;

    /// What was kept under a name, if it was made from just this content ([`Store::keep`]).
    fn kept(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// The digest of [`Info`], without the rest of it.
    fn digest(&self) -> String;

    /// What a row id stands for, with its history; `None` if it is no row id.
    fn row(&self, id: &Id) -> Result<Option<RowHistory>, StoreError>;

    /// Entities that have this as their whole name or a whole alias (NFKC, case folded), in id order.
    fn named(&self, name: &str) -> Result<Vec<(Id, Kind)>, StoreError>;

    /// Entities by name, part of a name, alias, pinyin (every reading, surnames first), initials or
    /// id: best match first, then by id; at most `limit`. The text is only ever a literal.
    fn find(&self, text: &str, limit: usize) -> Result<Vec<Hit>, StoreError> {
        self.find_among(&self.names()?, text, limit)
    }

    /// Every name of the store, whoever may see it: for [`View::find_among`], and never for anybody's eyes.
    fn names(&self) -> Result<Names, StoreError>;

    /// The same as [`View::find`], with the names of this very content ([`View::digest`]) at hand. Cost: a pass over
    /// the different names, and the entities that are found.
    fn find_among(&self, names: &Names, text: &str, limit: usize) -> Result<Vec<Hit>, StoreError>;

    /// What the view holds.
    fn info(&self) -> Result<Info, StoreError>;

    /// Facts and claims that a reader at `level` would not be shown whole, because their source
    /// is protected. Sealed ones are never counted.
    fn withheld(&self) -> Result<u64, StoreError>;
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

/// Whether a reference of a new row holds: answers about what is there, whoever may see it, and
/// tells nothing beside. It sees what was finished when it was opened.
pub trait References: Send + Sync {
    /// Whether nothing was ever written.
    fn is_empty(&self) -> Result<bool, StoreError>;

    /// What the entity with this id is.
    fn kind_of(&self, id: &Id) -> Result<Option<Kind>, StoreError>;

    /// The entities that have this as their whole name or a whole alias, in id order.
    fn named(&self, name: &str) -> Result<Vec<(Id, Kind)>, StoreError>;

    /// The card numbers on record for an entity, sorted.
    fn id_numbers(&self, id: &Id) -> Result<Vec<String>, StoreError>;

    /// What is said of an entity that tells people apart, one map a statement: `name`, `aliases`,
    /// `birth_date` and `id_number`, those that are there.
    fn identities(&self, id: &Id) -> Result<Vec<crate::model::Props>, StoreError>;

    /// What is kept from readers of the source with this id, by its last word, if there is one.
    fn source(&self, id: &Id) -> Result<Option<Fence>, StoreError>;

    /// Every id and title of sources of which something is kept from readers, sorted: so that what an import says of
    /// bad rows tells none of them.
    fn fenced(&self) -> Result<Vec<Fenced>, StoreError>;
}

/// Something that keeps records.
///
/// Promises, beside those of [`View`] and [`Writer`]:
/// - **Whole or not at all.** Readers see a change entirely or not, also after a crash.
/// - **Twice is once.** The same change again changes nothing: all `unchanged`, same digest.
/// - **The latest word.** Of one row and one source the latest word (by known day, then change
///   number) is current; earlier ones are history and come back in views as of an earlier day. If a
///   row's latest word names other ends, its earlier tie loses that claim.
/// - **Order-free.** The digest depends on what is stored, not on the order it came in.
/// - **Who told us stays.** A protected source's id, title and locator are kept apart, are not part
///   of the printed digest, and no method of [`View`] returns them.
pub trait Store: Send + Sync {
    /// A view for this reader.
    fn read<'a>(&'a self, access: &Access) -> Result<Box<dyn View + Send + 'a>, StoreError>;

    /// Begins a change; waits a few seconds for another writer, then [`StoreError::Busy`].
    fn write<'a>(&'a self, change: &Change) -> Result<Box<dyn Writer + 'a>, StoreError>;

    /// What an import may refer to. For the door where records come in, never for analysis, drawing
    /// or export: it answers about sealed and protected things, too.
    fn references<'a>(&'a self) -> Result<Box<dyn References + 'a>, StoreError>;

    /// Looks for damage; an empty list is a sound store.
    fn verify(&self) -> Result<Vec<Fault>, StoreError>;

    /// The file that the store is in, beside which derived files may stand; `None` for a server.
    fn file(&self) -> Option<&Path> {
        None
    }

    /// All that the store holds by now, to compare it with a copy of it.
    fn seal(&self) -> Result<Seal, StoreError>;

    /// Copies the store into a new file while others work; the copy is a sound store. Gives the seal of what was
    /// copied, as it was read from this store.
    fn backup(&self, to: &Path) -> Result<Seal, StoreError>;

    /// Copies into a new file what these records touch: once they are written there, every entity that the excerpt
    /// names, its steps, and all ties between the ends of its pairs are what they would be in the store itself.
    /// Nothing else is in it: of an excerpt only those are to be asked. It knows nothing of what a record says anew
    /// of a *source*, which concerns whatever the source ever told.
    fn excerpt(&self, to: &Path, records: &[Record]) -> Result<Excerpt, StoreError>;

    /// Keeps what follows from the content of this digest, for [`View::kept`]; it is no part of the
    /// content and of its digest. Where the content is another by now, nothing is kept.
    fn keep(&self, name: &str, digest: &str, value: &[u8]) -> Result<(), StoreError>;
}

/// All that a store holds, who protected sources are included, as sums over its rows: two stores of the same content
/// have the same. Of it only the digest of [`Info`] is ever shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seal(sqlite::canon::Digest);

impl Seal {
    /// The part that may be printed: the digest of [`Info`].
    pub fn printed(&self) -> String {
        self.0.printed()
    }
}

/// Is told how many rows of how many are copied; `false` breaks it off.
pub type OnCopy<'a> = &'a mut dyn FnMut(u64, u64) -> bool;

/// Copies a store to where none is, with its history and all that it holds, while others work: into a new file, or
/// into an empty database of a server. The copy is seen whole or not at all. Gives it with the seal of what was copied,
/// as it was read from the first: whatever others change there meanwhile, the copy's own seal must be the same.
///
/// # Errors
/// [`StoreError::NotEmpty`] where something is already; [`StoreError::Foreign`] where that is no store;
/// [`StoreError::BrokenOff`]; whatever reading the one and writing the other may fail with.
pub fn copy(from: &dyn Store, to: &str, on: OnCopy<'_>) -> Result<(Box<dyn Store>, Seal), StoreError> {
    #[cfg(feature = "neo4j")]
    if is_server(to) {
        return neo4j::copy(from, to, on);
    }
    #[cfg(not(feature = "neo4j"))]
    if is_server(to) {
        return Err(StoreError::Address(to.to_owned()));
    }
    let file = Path::new(to);
    if file.exists() {
        return Err(StoreError::NotEmpty(file.to_owned()));
    }
    let seal = from.backup(file)?;
    on(1, 1);
    Ok((open(to, Mode::Write)?, seal))
}

/// What some records touch: see [`Store::excerpt`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// The entities that they name, new ones and those that a row named before included, in id order.
    pub entities: std::collections::BTreeSet<Id>,
    /// The ends, from and to, of every tie that may be another afterwards.
    pub pairs: std::collections::BTreeSet<(Id, Id)>,
}

/// Sorts claims and gives a tie's current claims their promised order.
pub(crate) fn sort_claims(claims: &mut [Claim]) {
    claims.sort_by(|a, b| {
        let key = |claim: &Claim| (claim.known, claim.change);
        let grade = |claim: &Claim| (claim.status, claim.reliability, claim.credibility);
        // Two words of one row in one change differ in what they say alone.
        key(a)
            .cmp(&key(b))
            .then_with(|| (&a.row, &a.voice).cmp(&(&b.row, &b.voice)))
            .then_with(|| grade(a).cmp(&grade(b)))
            .then_with(|| format!("{:?}", a.values).cmp(&format!("{:?}", b.values)))
    });
}
