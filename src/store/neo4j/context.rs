//! What records touch, read before they are written; and what an import may refer to.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use neo4rs::BoltType;
use rusqlite::{Connection, OptionalExtension};

use super::remote::{Filling, Whom, texts};
use super::view::Filled;
use super::{Neo4jStore, cells, query};
use crate::model::{Fence, Fenced, Handling, Id, Kind, Nature, Props, Record, Source};
use crate::store::sqlite::references::SqliteReferences;
use crate::store::sqlite::replica::{self, SourceRow};
use crate::store::sqlite::{connect, names, rows};
use crate::store::{References, StoreError};

/// Ids asked for in one question.
const AT_ONCE: usize = 2_000;
/// An entity that is asked for by itself costs as much as so many that are read in order.
const WORTH_ALL: usize = 64;

/// What a writer has read of the server.
pub(super) struct Context {
    pub filled: Filled,
    /// The words of sources that the server has.
    pub words: BTreeSet<(i64, i64)>,
    asked: HashSet<Id>,
    rows: HashSet<Id>,
    steps: HashSet<Id>,
    pairs: HashSet<(i64, i64)>,
}

/// Ids that were not asked for before.
fn new<'r>(ids: impl Iterator<Item = &'r Id>, asked: &mut HashSet<Id>) -> Vec<&'r str> {
    ids.filter(|id| asked.insert((*id).clone())).map(Id::as_str).collect()
}

impl Context {
    pub fn new(filling: Filling, sources: &[SourceRow]) -> Self {
        Self {
            filled: Filled::new(filling),
            words: sources.iter().map(|source| (source.n, source.word)).collect(),
            asked: HashSet::new(),
            rows: HashSet::new(),
            steps: HashSet::new(),
            pairs: HashSet::new(),
        }
    }

    /// Reads what decides what becomes of these records.
    pub fn fetch(&mut self, conn: &Connection, records: &[Record]) -> Result<(), StoreError> {
        let statements = records.iter().filter_map(|record| match record {
            Record::Statement(statement) => Some(statement.id.clone()),
            _ => None,
        });
        let told: Vec<Id> = statements.collect();
        let ends = records.iter().flat_map(|record| match record {
            Record::Relation(relation) => vec![&relation.from, &relation.to],
            Record::Step(step) => vec![&step.subject],
            Record::Statement(statement) => vec![&statement.id],
            Record::Source(_) => Vec::new(),
        });
        let ids = new(ends, &mut self.asked);
        self.filled.filling.entities(conn, &Whom::Ids(&ids))?;
        let told = self.numbers(conn, &told)?;
        self.filled.told(conn, &told)?;
        self.rows(conn, records)?;
        self.pairs(conn, records)?;
        self.steps(conn, records)?;
        self.sources(conn, records)
    }

    /// The numbers of those of these entities that the server has.
    fn numbers(&self, conn: &Connection, ids: &[Id]) -> Result<Vec<i64>, StoreError> {
        let mut found = Vec::new();
        for id in ids {
            found.extend(self.number(conn, id)?);
        }
        Ok(found)
    }

    fn number(&self, conn: &Connection, id: &Id) -> Result<Option<i64>, StoreError> {
        let last = self.filled.filling.point.entities;
        let found = conn
            .prepare_cached(include_str!("../../../queries/sqlite/entity_by_id.sql"))
            .and_then(|mut query| query.query_row([id.as_str()], |row| row.get(0)).optional());
        Ok(found.map_err(connect::at("scratch".as_ref()))?.filter(|n| *n <= last))
    }

    fn rows(&mut self, conn: &Connection, records: &[Record]) -> Result<(), StoreError> {
        let relations = records.iter().filter_map(|record| match record {
            Record::Relation(relation) => Some(&relation.row),
            _ => None,
        });
        let ids = new(relations, &mut self.rows);
        for some in ids.chunks(AT_ONCE) {
            let question = query!("claims_of_rows").param("ids", texts(some));
            self.filled.filling.claims(conn, vec![question], &mut self.filled.claims)?;
        }
        Ok(())
    }

    /// The claims between the ends of relations: whether a state is a tie already.
    fn pairs(&mut self, conn: &Connection, records: &[Record]) -> Result<(), StoreError> {
        let mut between: Vec<(i64, i64)> = Vec::new();
        for record in records {
            let Record::Relation(relation) = record else { continue };
            let (from, to, _) = relation.ends();
            let ends = (self.number(conn, from)?, self.number(conn, to)?);
            if let (Some(from), Some(to), Nature::State) = (ends.0, ends.1, relation.ty.nature())
                && self.pairs.insert((from, to))
            {
                between.push((from, to));
            }
        }
        self.between(conn, &between)
    }

    fn between(&mut self, conn: &Connection, pairs: &[(i64, i64)]) -> Result<(), StoreError> {
        for some in pairs.chunks(AT_ONCE) {
            let some: Vec<BoltType> = some.iter().map(|(from, to)| vec![*from, *to].into()).collect();
            let question = query!("claims_between").param("pairs", some);
            self.filled.filling.claims(conn, vec![question], &mut self.filled.claims)?;
        }
        Ok(())
    }

    fn steps(&mut self, conn: &Connection, records: &[Record]) -> Result<(), StoreError> {
        let steps = records.iter().filter_map(|record| match record {
            Record::Step(step) => Some(&step.id),
            _ => None,
        });
        let ids = new(steps, &mut self.steps);
        for some in ids.chunks(AT_ONCE) {
            let question = query!("steps_of_ids").param("ids", texts(some));
            self.filled.filling.steps(conn, question, &mut self.filled.steps)?;
        }
        Ok(())
    }

    /// Everything that a source told, where a record says anew whether it is protected or sealed.
    fn sources(&mut self, conn: &Connection, records: &[Record]) -> Result<(), StoreError> {
        for record in records {
            if let Record::Source(source) = record
                && let Some(n) = turned(conn, source).map_err(connect::at("scratch".as_ref()))?
            {
                self.all_of(conn, n)?;
            }
        }
        Ok(())
    }

    fn all_of(&mut self, conn: &Connection, source: i64) -> Result<(), StoreError> {
        let remote = Arc::clone(&self.filled.filling.remote);
        let now = self.filled.filling.point.change as i64;
        let mut who: BTreeSet<i64> = BTreeSet::new();
        remote.ask(query!("facts_of_source").param("source", source).param("now", now), |row| {
            who.insert(cells::fact(row)?.0.entity);
            Ok(())
        })?;
        self.filled.told(conn, &who.into_iter().collect::<Vec<_>>())?;
        let question = query!("claims_of_source").param("source", source);
        self.filled.filling.claims(conn, vec![question], &mut self.filled.claims)?;
        let question = query!("steps_of_source").param("source", source);
        self.filled.filling.steps(conn, question, &mut self.filled.steps).map(|_| ())
    }

    /// What an excerpt holds beside: what is said of whoever is named, their steps, and all that is between the ends
    /// of each pair, those that a row had before included.
    pub fn around(&mut self, conn: &Connection, records: &[Record]) -> Result<(), StoreError> {
        let at = || connect::at("scratch".as_ref());
        let mut pairs: BTreeSet<(i64, i64)> = BTreeSet::new();
        for record in records {
            if let Record::Relation(relation) = record {
                let (from, to, _) = relation.ends();
                pairs.extend(self.number(conn, from)?.zip(self.number(conn, to)?));
            }
        }
        let held = conn.prepare("SELECT DISTINCT \"from\", \"to\" FROM claim").and_then(|mut query| {
            query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<Vec<_>, _>>()
        });
        pairs.extend(held.map_err(at())?);
        let new: Vec<(i64, i64)> = pairs.into_iter().filter(|pair| self.pairs.insert(*pair)).collect();
        self.between(conn, &new)?;
        let all = conn.prepare("SELECT n FROM entity").and_then(|mut query| {
            query.query_map([], |row| row.get::<_, i64>(0))?.collect::<Result<Vec<_>, _>>()
        });
        let all = all.map_err(at())?;
        self.filled.told(conn, &all)?;
        let question = query!("steps_of_subjects").param("ns", all);
        self.filled.filling.steps(conn, question, &mut self.filled.steps).map(|_| ())
    }
}

/// The number of a known source whose protection or sealing this record changes.
fn turned(conn: &Connection, source: &Source) -> rusqlite::Result<Option<i64>> {
    let n: Option<i64> = conn
        .prepare_cached(include_str!("../../../queries/sqlite/source_by_id.sql"))?
        .query_row([source.id.as_str()], |row| row.get(0))
        .optional()?;
    let Some(n) = n else { return Ok(None) };
    let mut query = conn.prepare_cached(include_str!("../../../queries/sqlite/source_words.sql"))?;
    let words: Vec<Source> = query.query_map([n], rows::source)?.collect::<rusqlite::Result<_>>()?;
    let sealed = |source: &Source| source.handling == Handling::Sealed;
    let turned =
        words.last().is_some_and(|last| last.protected != source.protected || sealed(last) != sealed(source));
    Ok(turned.then_some(n))
}

/// What an import may refer to, read from the server as it is asked for.
pub(super) struct Neo4jReferences {
    inner: SqliteReferences,
    state: Mutex<(Filled, HashSet<Id>)>,
    /// Whose kind was asked for.
    kinds: Mutex<HashSet<Id>>,
    empty: bool,
}

impl Neo4jReferences {
    pub fn open(store: &Neo4jStore) -> Result<Self, StoreError> {
        let (point, sources, vault) = store.seen_whole()?;
        let place = store.remote.address.shown();
        let conn = replica::passing(place.as_ref())?;
        let empty = point.change == 0;
        let mut filling = Filling::new(Arc::clone(&store.remote), point);
        filling.begin(&conn, &sources)?;
        filling.vault(&conn, &vault)?;
        let inner = SqliteReferences::over(conn, place.as_ref());
        let state = Mutex::new((Filled::new(filling), HashSet::new()));
        Ok(Self { inner, state, kinds: Mutex::default(), empty })
    }

    /// Makes sure that the kinds of these are known.
    fn find(&self, ids: &[Id]) -> Result<(), StoreError> {
        let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let filled = &mut state.0;
        if filled.everybody {
            return Ok(());
        }
        let new: Vec<&str> = ids.iter().filter(|id| !kinds.contains(*id)).map(Id::as_str).collect();
        if new.is_empty() {
            return Ok(());
        }
        let conn = self.inner.conn.lock().unwrap_or_else(PoisonError::into_inner);
        // One after another is what takes long, not many at once.
        if new.len() == 1 && filled.is_worth_all(kinds.len() * WORTH_ALL) {
            return filled.all_people(&conn);
        }
        filled.filling.entities(&conn, &Whom::Ids(&new))?;
        kinds.extend(ids.iter().cloned());
        Ok(())
    }

    fn fill(&self, id: &Id) -> Result<(), StoreError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (filled, asked) = &mut *state;
        if filled.everybody || !asked.insert(id.clone()) {
            return Ok(());
        }
        let conn = self.inner.conn.lock().unwrap_or_else(PoisonError::into_inner);
        if filled.is_worth_all(asked.len() * WORTH_ALL) {
            return filled.all_people(&conn);
        }
        filled.people(&conn, std::slice::from_ref(id)).map(|_| ())
    }
}

impl References for Neo4jReferences {
    fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(self.empty)
    }

    fn kind_of(&self, id: &Id) -> Result<Option<Kind>, StoreError> {
        self.find(std::slice::from_ref(id))?;
        self.inner.kind_of(id)
    }

    fn expect(&self, ids: &[Id]) -> Result<(), StoreError> {
        self.find(ids)
    }

    fn named(&self, name: &str) -> Result<Vec<(Id, Kind)>, StoreError> {
        {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            let conn = self.inner.conn.lock().unwrap_or_else(PoisonError::into_inner);
            let filled = &mut state.0;
            if !filled.everybody {
                filled.named(&conn, &names::folded(name))?;
            }
        }
        self.inner.named(name)
    }

    fn id_numbers(&self, id: &Id) -> Result<Vec<String>, StoreError> {
        self.fill(id)?;
        self.inner.id_numbers(id)
    }

    fn identities(&self, id: &Id) -> Result<Vec<Props>, StoreError> {
        self.fill(id)?;
        self.inner.identities(id)
    }

    fn source(&self, id: &Id) -> Result<Option<Fence>, StoreError> {
        self.inner.source(id)
    }

    fn fenced(&self) -> Result<Vec<Fenced>, StoreError> {
        self.inner.fenced()
    }
}

/// The sources that are sealed by their last word.
pub(super) fn sealed(sources: &[SourceRow]) -> BTreeSet<i64> {
    let last: BTreeMap<i64, Handling> = sources.iter().map(|row| (row.n, row.source.handling)).collect();
    last.into_iter().filter(|(_, handling)| *handling == Handling::Sealed).map(|(n, _)| n).collect()
}
