//! Where records are kept: the trait every store implements, and its promises.
//!
//! A store keeps *claims, not facts*: who said what, where, when it held and when we came to
//! know. It is synchronous; a store that speaks to a server keeps its runtime on a thread of its
//! own. Nothing above this module knows which store it has. The promises in the trait's docs are
//! run against every store by one shared suite (`store::promises`, used by the tests).

mod error;
mod foreign;
#[cfg(feature = "neo4j")]
mod neo4j;
mod opening;
#[doc(hidden)]
#[cfg(test)]
pub mod promises;
mod sqlite;
mod values;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

pub use error::{Fault, StoreError, Verified};
pub use foreign::{Graph, GraphNode, GraphProps, GraphTie, graph};
#[cfg(test)]
#[cfg(feature = "neo4j")]
pub(crate) use neo4j::servers;
#[cfg(feature = "neo4j")]
pub use neo4j::{Neo4jStore, asks, unlock};
pub use opening::{Mode, is_server, is_there, open};
#[cfg(not(feature = "neo4j"))]
pub use opening::{asks, unlock};
pub use sqlite::{Names, SqliteStore, Wanted, grade};
pub(crate) use values::{Bits, TieClaims};
pub use values::{
    Brief, Change, ClaimOf, Excerpt, Frontier, Handle, Hit, Info, Link, Matched, Outcome, Passed, Profile,
    RowHistory, StepView, Surveyed, Tally, TieFilter, TiePart,
};

use crate::model::view::SourceCard;
use crate::model::{Access, Claim, Entity, Fence, Fenced, Id, Kind, Nature, Record, Tie, TieType, Voice};

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

    /// The digest ([`View::digest`]) of the content that finishing the change now leads to; nothing where that is not
    /// known before.
    fn digest(&self) -> Option<String> {
        None
    }

    /// Makes the change seen, whole. A change of which every record was unchanged leaves no trace:
    /// no number is used up and the digest stays.
    fn finish(self: Box<Self>) -> Result<Tally, StoreError>;

    /// Like [`Writer::finish`], but where that takes its time it is given up once `ended` says so, with
    /// [`StoreError::BrokenOff`]: nothing of the change is seen then.
    fn finish_unless(self: Box<Self>, ended: &dyn Fn() -> bool) -> Result<Tally, StoreError> {
        if ended() { Err(StoreError::BrokenOff) } else { self.finish() }
    }
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

    /// What is said of the step with this id, in (subject, date) order. Cost: a pass over all steps, unless the store
    /// knows better.
    fn steps_named(&self, id: &Id) -> Result<Vec<StepView>, StoreError> {
        Ok(self.steps(&[])?.into_iter().filter(|step| step.id == *id).collect())
    }

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

    /// Names this content as this very store keeps it: what is told anew in another order, or by another protected
    /// source, has the same digest and another edition. Views of one edition answer alike, handles included. What is
    /// kept beside a store is kept under it; nothing else is to be read from it.
    fn edition(&self) -> Result<String, StoreError> {
        Ok(self.digest())
    }

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

/// Whether a reference of a new row holds: answers about what is there, whoever may see it, and
/// tells nothing beside. It sees what was finished when it was opened.
pub trait References: Send + Sync {
    /// Whether nothing was ever written.
    fn is_empty(&self) -> Result<bool, StoreError>;

    /// What the entity with this id is.
    fn kind_of(&self, id: &Id) -> Result<Option<Kind>, StoreError>;

    /// Says of whom [`References::kind_of`] will be asked next, so that a store far away need be asked only once.
    fn expect(&self, _ids: &[Id]) -> Result<(), StoreError> {
        Ok(())
    }

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

    /// Like [`Store::write`], for a change that will never be finished: tells what would become of its records, and
    /// writes nothing, not even who writes.
    fn rehearse<'a>(&'a self, change: &Change) -> Result<Box<dyn Writer + 'a>, StoreError> {
        self.write(change)
    }

    /// What an import may refer to. For the door where records come in, never for analysis, drawing
    /// or export: it answers about sealed and protected things, too.
    fn references<'a>(&'a self) -> Result<Box<dyn References + 'a>, StoreError>;

    /// Looks for damage; a store of which nothing was left out and that has no faults is sound.
    fn verify(&self) -> Result<Verified, StoreError>;

    /// The file that the store is in, beside which derived files may stand; `None` for a server.
    fn file(&self) -> Option<&Path> {
        None
    }

    /// Whether people who look at a server's own graph see less than finished changes say, until the next one: whoever
    /// wrote the last was cut off before the graph was brought in line. Questions to the store are not concerned.
    fn is_graph_behind(&self) -> Result<bool, StoreError> {
        Ok(false)
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
