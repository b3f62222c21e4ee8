//! A change under way: one transaction, begun at once, seen at `finish`.
//!
//! Everything a record names is looked up before its first row is written, so that a record that
//! fails leaves nothing behind. Start at [`SqliteWriter::put`]; relations stand in `relation`,
//! sources in `source`.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};

use rusqlite::{CachedStatement, Connection, OptionalExtension, Params};

use super::canon::{Canon, Digest, FactText, Part, StepText, Summands, Teller};
use super::fresh::Fresh;
use super::words::{Word, beaten, is_said};
use super::{connect, layout, names, rows};
use crate::fingerprints::Fingerprints;
use crate::model::{Date, Id, Kind, Record, Statement, Step};
use crate::store::{Change, Outcome, StoreError, Tally, Writer};

/// Entities remembered at most, at 14 bytes each; of later ones the store is asked.
const REMEMBERED: usize = 4_000_000;

/// The one writer of a SQLite store.
pub(in crate::store) struct SqliteWriter {
    pub(in crate::store) conn: Connection,
    pub(in crate::store) path: PathBuf,
    pub(in crate::store) change: Change,
    /// The number this change gets if it leaves a trace.
    pub(in crate::store) number: u64,
    pub(in crate::store) canon: Canon,
    pub(in crate::store) digest: Digest,
    pub(in crate::store) last_source: i64,
    pub(in crate::store) last_claim: i64,
    pub(in crate::store) sources: HashMap<Id, Told>,
    /// While the first relations of a store come in.
    pub(super) fresh: Option<Fresh>,
    last_entity: i64,
    last_step: i64,
    entities: Entities,
    /// The tables hold a part of a store: whoever is not in them may be elsewhere by the next record.
    partial: bool,
    tally: Tally,
}

/// What the writer remembers of an entity.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct Known {
    pub n: i64,
    pub kind: Kind,
    /// It came in with this change.
    new: bool,
}

/// What the writer remembers of the entities, by 64 bits of a hash of their ids under a key of this
/// process's own: among two million ids one chance in nine million that two are taken for one.
#[derive(Default)]
struct Entities {
    keys: RandomState,
    table: Fingerprints<11, 6>,
    /// How often the store was asked.
    asked: u64,
    /// Every entity of the store is remembered: who is not is none.
    complete: bool,
}

impl Entities {
    /// Looking up one entity in so many takes longer than reading all of them once.
    const WORTH_ALL: u64 = 64;
    /// Bits of an entity's number; below them, the kind and whether it is new.
    const NUMBER: u32 = 35;

    fn get(&self, id: &Id) -> Option<Known> {
        let packed = self.table.get(self.keys.hash_one(id.as_str()))?;
        let kind = Kind::ALL.get((packed >> 1 & 15) as usize)?;
        Some(Known { n: (packed >> 5) as i64, kind: *kind, new: packed & 1 == 1 })
    }

    fn remember(&mut self, id: &Id, known: Known) {
        let Ok(n) = u64::try_from(known.n) else { return };
        if n >> Self::NUMBER == 0 && self.table.len() < REMEMBERED {
            let packed = n << 5 | (known.kind as u64) << 1 | u64::from(known.new);
            self.table.insert(self.keys.hash_one(id.as_str()), packed);
        } else {
            self.complete = false;
        }
    }
}

/// What the writer remembers of a source.
#[derive(Clone, Debug)]
pub(in crate::store) struct Told {
    pub n: i64,
    pub date: Option<Date>,
    pub protected: bool,
    pub id: Id,
}

/// One teller of a record: a source, or nobody.
pub(in crate::store) struct By {
    pub n: Option<i64>,
    pub known: Option<Date>,
    told: Option<Told>,
}

impl By {
    pub fn teller(&self) -> Teller<'_> {
        match &self.told {
            None => Teller::Nobody,
            Some(told) if told.protected => Teller::Protected(told.id.as_str()),
            Some(told) => Teller::Open(told.id.as_str()),
        }
    }
}

impl SqliteWriter {
    /// Begins a change; waits for another writer as long as the connection's patience lasts.
    pub fn begin(path: &Path, change: &Change) -> Result<Self, StoreError> {
        let conn = connect::writer(path, false)?;
        let at = connect::at(path);
        conn.execute_batch("BEGIN IMMEDIATE").map_err(&at)?;
        let last = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(&at);
        let number = last(include_str!("../../../queries/sqlite/change_last.sql"))? as u64 + 1;
        let last_entity = last(include_str!("../../../queries/sqlite/entity_last.sql"))?;
        let last_source = last(include_str!("../../../queries/sqlite/source_last.sql"))?;
        let last_claim = last(include_str!("../../../queries/sqlite/claim_last.sql"))?;
        let last_step = last(include_str!("../../../queries/sqlite/step_last.sql"))?;
        if last_claim > 0 {
            conn.pragma_update(None, "cache_size", -layout::GROWING_CACHE_KIB).map_err(&at)?;
        }
        let digest = rows::digest(&conn).map_err(&at)?;
        drop(at);
        Ok(Self {
            conn,
            path: path.to_owned(),
            change: change.clone(),
            number,
            canon: Canon::default(),
            digest,
            last_source,
            last_claim,
            last_step,
            last_entity,
            sources: HashMap::new(),
            fresh: None,
            entities: Entities::default(),
            partial: false,
            tally: Tally::default(),
        })
    }

    /// Goes on after these last numbers, which a store gave that the tables hold a part of.
    #[cfg(feature = "neo4j")]
    pub fn continue_after(&mut self, entity: i64, source: i64, claim: i64, step: i64) {
        (self.last_entity, self.last_source, self.last_claim, self.last_step) = (entity, source, claim, step);
        self.partial = true;
    }

    pub(in crate::store) fn err(&self, why: rusqlite::Error) -> StoreError {
        connect::at(&self.path)(why)
    }

    pub(in crate::store) fn run(&self, sql: &str, params: impl Params) -> Result<(), StoreError> {
        let done = self.conn.prepare_cached(sql).and_then(|mut statement| statement.execute(params));
        done.map(|_| ()).map_err(|why| self.err(why))
    }

    pub(in crate::store) fn statement(&self, sql: &str) -> Result<CachedStatement<'_>, StoreError> {
        self.conn.prepare_cached(sql).map_err(|why| self.err(why))
    }

    /// The entity with this id, or what is missing.
    pub(in crate::store) fn entity(&mut self, row: &Id, id: &Id) -> Result<Known, StoreError> {
        let found = self.entity_if_known(id)?;
        found.ok_or_else(|| StoreError::Orphan { row: row.clone(), missing: id.clone() })
    }

    fn entity_if_known(&mut self, id: &Id) -> Result<Option<Known>, StoreError> {
        if let Some(known) = self.entities.get(id) {
            return Ok(Some(known));
        }
        if self.last_entity == 0 || self.entities.complete {
            return Ok(None);
        }
        self.entities.asked += 1;
        if !self.partial && self.entities.asked * Entities::WORTH_ALL > self.last_entity as u64 {
            self.remember_all()?;
            if self.entities.complete {
                return Ok(self.entities.get(id));
            }
        }
        let found = self
            .statement(include_str!("../../../queries/sqlite/entity_by_id.sql"))?
            .query_row([id.as_str()], |row| Ok((row.get(0)?, rows::word(Kind::ALL, row.get(1)?)?)))
            .optional()
            .map_err(|why| self.err(why))?;
        let known = found.map(|(n, kind)| Known { n, kind, new: false });
        if let Some(known) = known {
            self.entities.remember(id, known);
        }
        Ok(known)
    }

    /// Remembers every entity of the store, if there is room for so many.
    fn remember_all(&mut self) -> Result<(), StoreError> {
        if self.last_entity as usize >= REMEMBERED {
            return Ok(());
        }
        self.entities.complete = true;
        let sql = include_str!("../../../queries/sqlite/entities_as_numbered.sql");
        let at = connect::at(&self.path);
        let mut query = self.conn.prepare_cached(sql).map_err(&at)?;
        let mut found = query.query([]).map_err(&at)?;
        while let Some(row) = found.next().map_err(&at)? {
            let read = || Ok((row.get(0)?, row.get_ref(1)?.as_str()?, rows::word(Kind::ALL, row.get(2)?)?));
            let (n, id, kind) = read().map_err(&at)?;
            // One that this change brought in is remembered, and stays as it is.
            self.entities.remember(&Id::from(id), Known { n, kind, new: false });
        }
        Ok(())
    }

    /// Who tells a record, with the day each was known; a record without sources is told by nobody.
    pub(in crate::store) fn tellers(
        &mut self,
        row: &Id,
        sources: &[Id],
        recorded: Option<Date>,
    ) -> Result<Vec<By>, StoreError> {
        let day = |date: Option<Date>| recorded.or(date).or(self.change.known);
        if sources.is_empty() {
            return Ok(vec![By { n: None, known: day(None), told: None }]);
        }
        let mut by: Vec<By> = Vec::with_capacity(sources.len());
        for id in sources {
            let told = self.source_told(id)?;
            let told = told.ok_or_else(|| StoreError::Orphan { row: row.clone(), missing: id.clone() })?;
            let known = recorded.or(told.date).or(self.change.known);
            if by.iter().all(|other| other.n != Some(told.n)) {
                by.push(By { n: Some(told.n), known, told: Some(told) });
            }
        }
        Ok(by)
    }

    fn put_statement(&mut self, statement: &Statement) -> Result<Outcome, StoreError> {
        let by = self.tellers(&statement.id, &statement.sources, statement.recorded)?;
        let (entity, facts) = match self.entity_if_known(&statement.id)? {
            Some(known) if known.kind != statement.kind => {
                let (was, new) = (known.kind, statement.kind);
                return Err(StoreError::KindClash { id: statement.id.clone(), was, new });
            }
            Some(known) => (known, self.facts_of(known.n, statement)?),
            None => (self.add_entity(&statement.id, statement.kind)?, Facts::default()),
        };
        let props = rows::props_text(&statement.props);
        let mut ordinal = facts.last;
        for by in &by {
            if facts.said(&mut self.canon, statement, by) {
                continue;
            }
            ordinal += 1;
            let text = fact_text(statement, by.known);
            let summands = self.canon.fact(&text, by.teller());
            self.add_fact(entity.n, ordinal, statement, &props, by, summands)?;
        }
        if ordinal == facts.last {
            return Ok(Outcome::Unchanged);
        }
        self.add_names(entity.n, statement)?;
        Ok(match () {
            () if facts.last == 0 => Outcome::Added,
            () if facts.in_table && !entity.new => Outcome::Updated,
            () => Outcome::Merged,
        })
    }

    fn add_entity(&mut self, id: &Id, kind: Kind) -> Result<Known, StoreError> {
        let known = Known { n: self.last_entity + 1, kind, new: true };
        let sql = include_str!("../../../queries/sqlite/entity_add.sql");
        self.run(sql, (known.n, id.as_str(), kind as u8))?;
        self.last_entity = known.n;
        self.entities.remember(id, known);
        Ok(known)
    }

    fn facts_of(&self, entity: i64, statement: &Statement) -> Result<Facts, StoreError> {
        let mut found = Facts::default();
        let mut query = self.statement(include_str!("../../../queries/sqlite/facts_of.sql"))?;
        let all = query.query_map([entity], |row| Ok((row.get::<_, i64>(1)?, rows::word_of_fact(row)?)));
        for fact in all.map_err(|why| self.err(why))? {
            let (table, word) = fact.map_err(|why| self.err(why))?;
            found.last = found.last.max(word.n);
            if table == i64::from(statement.table as u8) {
                found.in_table = true;
                found.words.push(word);
            }
        }
        Ok(found)
    }

    fn add_fact(
        &mut self,
        entity: i64,
        ordinal: i64,
        statement: &Statement,
        props: &str,
        by: &By,
        summands: Summands,
    ) -> Result<(), StoreError> {
        let hash = summands.stored(self.number).to_be_bytes();
        let known = by.known.map(Date::packed);
        let table = statement.table as u8;
        let row = (entity, ordinal, table, props, by.n, known, self.number as i64, hash);
        self.run(include_str!("../../../queries/sqlite/fact_add.sql"), row)?;
        self.digest.part(Part::Facts).add(summands);
        Ok(())
    }

    fn add_names(&mut self, entity: i64, statement: &Statement) -> Result<(), StoreError> {
        for name in names::names_of(statement.kind, &statement.props) {
            let sql = include_str!("../../../queries/sqlite/name_add.sql");
            let key = names::folded(name);
            self.run(sql, (&key, entity, names::readings(&key)))?;
        }
        Ok(())
    }

    fn put_step(&mut self, step: &Step) -> Result<Outcome, StoreError> {
        let by = self.tellers(&step.id, &step.sources, step.recorded)?;
        let subject = self.entity(&step.id, &step.subject)?;
        let words = self.step_words(&step.id)?;
        let props = rows::props_text(&step.props);
        let mut outcome = Outcome::Unchanged;
        for by in &by {
            let mine: Vec<&Word> = words.iter().filter(|word| word.source == by.n).collect();
            let canon = &mut self.canon;
            let mut texts = |known| canon.step(&step_text(step, known), by.teller());
            let summands = texts(by.known);
            let same = std::cell::RefCell::new(texts);
            if is_said(&mine, by.known, |word| same.borrow_mut()(word.known).stored(word.change) == word.hash)
            {
                continue;
            }
            self.add_step(subject.n, step, &props, by, summands, &mine)?;
            outcome = match () {
                () if words.is_empty() => Outcome::Added,
                () if mine.is_empty() && outcome != Outcome::Updated => Outcome::Merged,
                () => Outcome::Updated,
            };
        }
        Ok(outcome)
    }

    fn step_words(&self, id: &Id) -> Result<Vec<Word>, StoreError> {
        if self.last_step == 0 {
            return Ok(Vec::new());
        }
        let mut query =
            self.statement(include_str!("../../../queries/sqlite/steps_of_id_for_writing.sql"))?;
        let words = query.query_map([id.as_str()], rows::word_of_step).and_then(Iterator::collect);
        words.map_err(|why| self.err(why))
    }

    fn add_step(
        &mut self,
        subject: i64,
        step: &Step,
        props: &str,
        by: &By,
        summands: Summands,
        words: &[&Word],
    ) -> Result<(), StoreError> {
        let n = self.last_step + 1;
        let sql = include_str!("../../../queries/sqlite/step_beat.sql");
        let beaten = self.supersede(n, by, words, sql)?;
        let hash = summands.stored(self.number).to_be_bytes();
        let row = (
            n,
            step.id.as_str(),
            subject,
            &step.step,
            step.date.packed(),
            props,
            by.n,
            by.known.map(Date::packed),
            self.number as i64,
            beaten,
            hash,
        );
        self.run(include_str!("../../../queries/sqlite/step_add.sql"), row)?;
        self.last_step = n;
        self.digest.part(Part::Steps).add(summands);
        Ok(())
    }

    /// Marks which of the stored words a new word beats, and says since when it is beaten itself.
    pub(super) fn supersede(
        &self,
        n: i64,
        by: &By,
        words: &[&Word],
        sql: &str,
    ) -> Result<Option<i64>, StoreError> {
        if words.is_empty() {
            return Ok(None);
        }
        let new = Word { n, source: by.n, known: by.known, change: self.number, beaten: None, hash: 0 };
        let mut all: Vec<Word> = words.iter().map(|word| (*word).clone()).chain([new]).collect();
        let since = beaten(&mut all);
        let mut own = None;
        for (word, since) in all.iter().zip(since) {
            if word.n == n {
                own = since;
            } else if word.beaten != since {
                self.run(sql, (word.n, since))?;
            }
        }
        Ok(own)
    }

    /// Makes the change stand in the file.
    pub fn commit(&mut self) -> Result<(), StoreError> {
        // No record comes any more.
        self.entities = Entities::default();
        self.settle()?;
        let known = self.change.known;
        let hash = self.canon.change(self.number, &self.change.who, &self.change.why, known).to_be_bytes();
        let row = (self.number as i64, &self.change.who, &self.change.why, known.map(Date::packed), hash);
        self.run(include_str!("../../../queries/sqlite/change_add.sql"), row)?;
        for (part, sum) in self.digest.0.iter().enumerate() {
            let row = (part as i64, sum.rows as i64, sum.open.to_be_bytes(), sum.whole.to_be_bytes());
            self.run(include_str!("../../../queries/sqlite/digest_write.sql"), row)?;
        }
        super::kept::renew_edition(&self.conn).map_err(|why| self.err(why))?;
        self.conn.execute_batch("COMMIT").map_err(|why| self.err(why))
    }
}

impl Writer for SqliteWriter {
    fn put(&mut self, record: &Record) -> Result<Outcome, StoreError> {
        let outcome = match record {
            Record::Source(source) => self.put_source(source),
            Record::Statement(statement) => self.put_statement(statement),
            Record::Relation(relation) => self.put_relation(relation),
            Record::Step(step) => self.put_step(step),
        }?;
        let tally = &mut self.tally;
        *match outcome {
            Outcome::Added => &mut tally.added,
            Outcome::Updated => &mut tally.updated,
            Outcome::Unchanged => &mut tally.unchanged,
            Outcome::Merged => &mut tally.merged,
        } += 1;
        Ok(outcome)
    }

    fn digest(&self) -> Option<String> {
        Some(self.digest.printed())
    }

    fn tally(&self) -> Tally {
        self.tally
    }

    fn finish(mut self: Box<Self>) -> Result<Tally, StoreError> {
        let Tally { added, updated, merged, .. } = self.tally;
        if added + updated + merged > 0 {
            self.commit()?;
        }
        Ok(self.tally)
    }
}

/// What is said already of a statement's entity.
#[derive(Default)]
struct Facts {
    /// The greatest ordinal of any fact; 0 for a new entity.
    last: i64,
    /// Some fact stands in the statement's table.
    in_table: bool,
    /// The facts of the statement's table.
    words: Vec<Word>,
}

impl Facts {
    /// Whether the statement would say nothing new: the same was said on or before its day, and
    /// nothing else strictly between. (Several rows of one id are a career, so that a fact does
    /// not beat another known on the same day.)
    fn said(&self, canon: &mut Canon, statement: &Statement, by: &By) -> bool {
        let mine = || self.words.iter().filter(|word| word.source == by.n);
        let mut same = |word: &&Word| {
            let text = fact_text(statement, word.known);
            canon.fact(&text, by.teller()).stored(word.change) == word.hash
        };
        let Some(known) = by.known else { return mine().any(|word| same(&word)) };
        let earlier = |word: &&Word| word.known.is_some_and(|was| was <= known);
        let last = mine().filter(earlier).filter(|word| same(word)).filter_map(|word| word.known).max();
        last.is_some_and(|last| {
            mine().all(|word| word.known.is_none_or(|other| other <= last || other >= known))
        })
    }
}

fn fact_text(statement: &Statement, known: Option<Date>) -> FactText<'_> {
    FactText {
        id: statement.id.as_str(),
        kind: statement.kind,
        table: statement.table,
        props: &statement.props,
        known,
    }
}

fn step_text(step: &Step, known: Option<Date>) -> StepText<'_> {
    let Step { id, subject, step, date, props, .. }: &Step = step;
    StepText { id: id.as_str(), subject: subject.as_str(), step, date: *date, props, known }
}
