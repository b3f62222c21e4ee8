//! One consistent, cut view: everything that is read goes through here.
//!
//! What is sealed, and what was not known on the day, is dropped as its row is read. Each row's
//! hash is checked against its text, and a whole read against the digest, so that rot ends in
//! [`StoreError::Damaged`] and not in a wrong answer. Nothing here touches the vault.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{CachedStatement, Connection, Row};

use super::canon::{self, Canon, Digest, FactText, Part, StepText, Sum, Summands, Teller};
use super::index::Names;
use super::sources::{SeenSources, SourceSeen, Sources};
use super::ties::Ends;
use super::words::{is_current, is_known};
use super::{connect, layout, rows};
use crate::model::view::{Fact, SourceCard};
use crate::model::{
    Access, Date, Day, Entity, Id, Kind, Level, Props, Reliability, Table, Tie, TieType, Voice,
};
use crate::store::{
    ClaimOf, Frontier, Handle, Hit, Info, Link, Passed, Profile, RowHistory, StepView, StoreError, Surveyed,
    TieFilter, TiePart, View,
};

/// A view of a SQLite store.
pub(in crate::store) struct SqliteView {
    pub(in crate::store) conn: Connection,
    pub(in crate::store) path: PathBuf,
    pub(in crate::store) level: Level,
    pub(in crate::store) as_of: Option<Day>,
    pub(in crate::store) digest: Digest,
    pub(in crate::store) canon: RefCell<Canon>,
    /// The ends of all ties, once they are asked for.
    pub(in crate::store) ends: OnceCell<Ends>,
    /// The entities that are shown, once all ties are surveyed.
    shown: OnceCell<Option<HashSet<i64>>>,
    sources: Arc<Sources>,
}

impl SqliteView {
    /// A view of a file whose sources nobody else reads: of what a server's store is answered from.
    #[cfg(any(feature = "neo4j", test))]
    pub fn open(path: &Path, access: &Access) -> Result<Self, StoreError> {
        Self::over(connect::reader(path)?, path, access)
    }

    /// A view of a store's file; its sources are read once for all views of the same content.
    pub(super) fn open_with(path: &Path, access: &Access, seen: &SeenSources) -> Result<Self, StoreError> {
        let mut view = Self::without_sources(connect::reader(path)?, path, access)?;
        // An edition that cannot be read is told by whoever asks for it.
        view.sources = match view.drawn_edition() {
            Ok(edition) => seen.of(&edition, &view.conn),
            Err(_) => Sources::of(&view.conn).map(Arc::new),
        }
        .map_err(connect::at(path))?;
        Ok(view)
    }

    /// The same over tables that are open already.
    #[cfg(any(feature = "neo4j", test))]
    pub fn over(conn: Connection, path: &Path, access: &Access) -> Result<Self, StoreError> {
        let mut view = Self::without_sources(conn, path, access)?;
        view.sources = Sources::of(&view.conn).map(Arc::new).map_err(connect::at(path))?;
        Ok(view)
    }

    fn without_sources(conn: Connection, path: &Path, access: &Access) -> Result<Self, StoreError> {
        let digest = rows::digest(&conn).map_err(connect::at(path))?;
        let as_of = access.as_of.map(crate::model::Date::last);
        let level = access.level;
        let (path, canon, sources) = (path.to_owned(), RefCell::default(), Arc::default());
        let (ends, shown) = (OnceCell::new(), OnceCell::new());
        Ok(Self { conn, path, level, as_of, digest, canon, ends, shown, sources })
    }

    pub(in crate::store) fn err(&self, why: rusqlite::Error) -> StoreError {
        connect::at(&self.path)(why)
    }

    pub(in crate::store) fn damaged(&self, reason: impl Into<String>) -> StoreError {
        StoreError::Damaged { path: self.path.clone(), reason: reason.into() }
    }

    /// An entity is numbered as none is.
    pub(super) fn misnumbered(&self) -> StoreError {
        self.damaged("an entity's number is out of range")
    }

    pub(in crate::store) fn statement(&self, sql: &str) -> Result<CachedStatement<'_>, StoreError> {
        self.conn.prepare_cached(sql).map_err(|why| self.err(why))
    }

    /// Hands out every row of a query.
    pub(in crate::store) fn each_row(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        mut each: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut query = self.statement(sql)?;
        let mut found = query.query(params).map_err(|why| self.err(why))?;
        while let Some(row) = found.next().map_err(|why| self.err(why))? {
            each(row)?;
        }
        Ok(())
    }

    /// What is read now is not come back to.
    fn passes(&self) -> Result<(), StoreError> {
        let set = self.conn.pragma_update(None, "cache_size", -layout::PASS_CACHE_KIB);
        set.map_err(|why| self.err(why))
    }

    fn source(&self, n: Option<i64>) -> Option<&SourceSeen> {
        self.sources.get(n)
    }

    pub(in crate::store) fn is_sealed(&self, source: Option<i64>) -> bool {
        self.source(source).is_some_and(|source| source.sealed)
    }

    pub(in crate::store) fn is_protected(&self, source: Option<i64>) -> bool {
        self.source(source).is_some_and(|source| matches!(source.voice, Voice::Protected(_)))
    }

    pub(in crate::store) fn voice(&self, source: Option<i64>) -> Voice {
        self.source(source).map_or(Voice::Nobody, |source| source.voice.clone())
    }

    pub(in crate::store) fn reliability(&self, source: Option<i64>) -> Reliability {
        self.source(source).map_or(Reliability::F, |source| source.reliability)
    }

    pub(in crate::store) fn teller(&self, source: Option<i64>) -> Teller<'_> {
        match self.source(source).map(|source| &source.voice) {
            None | Some(Voice::Nobody) => Teller::Nobody,
            Some(Voice::Source(id)) => Teller::Open(id.as_str()),
            Some(Voice::Protected(_)) => Teller::Protected(""),
        }
    }

    /// Whether some entities may be cut from this view.
    pub(in crate::store) fn may_hide_entities(&self) -> bool {
        self.sources.any_sealed() || self.as_of.is_some()
    }

    /// The numbers of the entities that some fact shows to this reader; `None` if it is all.
    pub(in crate::store) fn shown(&self) -> Result<Option<HashSet<i64>>, StoreError> {
        if !self.may_hide_entities() {
            return Ok(None);
        }
        let mut shown = HashSet::new();
        self.each_row(include_str!("../../../queries/sqlite/facts_known.sql"), [], |row| {
            self.note_shown(row, &mut shown)
        })?;
        Ok(Some(shown))
    }

    /// The same, made once: whoever surveys ties asks again for every few handles.
    pub(in crate::store) fn shown_once(&self) -> Result<Option<&HashSet<i64>>, StoreError> {
        if let Some(shown) = self.shown.get() {
            return Ok(shown.as_ref());
        }
        let shown = self.shown()?;
        Ok(self.shown.get_or_init(|| shown).as_ref())
    }

    /// The same, of these entities only.
    pub(in crate::store) fn shown_of(
        &self,
        entities: &BTreeSet<i64>,
    ) -> Result<Option<HashSet<i64>>, StoreError> {
        if !self.may_hide_entities() {
            return Ok(None);
        }
        let mut shown = HashSet::new();
        let sql = include_str!("../../../queries/sqlite/facts_known_of.sql");
        self.each_row(sql, [numbers(entities)], |row| self.note_shown(row, &mut shown))?;
        Ok(Some(shown))
    }

    fn note_shown(&self, row: &Row<'_>, shown: &mut HashSet<i64>) -> Result<(), StoreError> {
        let read = || Ok((row.get(0)?, row.get(1)?, rows::date(row, 2)?));
        let (entity, source, known) = read().map_err(|why| self.err(why))?;
        if self.tells(source, known) {
            shown.insert(entity);
        }
        Ok(())
    }

    /// Checks a row's stored hash against its text.
    pub(in crate::store) fn check_row(
        &self,
        computed: Summands,
        stored: u128,
        change: u64,
    ) -> Result<(), StoreError> {
        if canon::open_summand(stored, change) == computed.open {
            return Ok(());
        }
        Err(self.damaged("a row does not fit its own hash"))
    }

    /// Checks a table that was read whole against the digest.
    pub(in crate::store) fn check_part(&self, part: Part, read: Sum) -> Result<(), StoreError> {
        let kept = self.digest.get(part);
        if (kept.rows, kept.open) == (read.rows, read.open) {
            return Ok(());
        }
        Err(self.damaged("rows are missing or too many: a table does not fit the digest"))
    }

    /// What only those who work the case may see is taken out.
    pub(in crate::store) fn cut(&self, mut props: Props) -> Props {
        if self.level < Level::Case {
            props.remove("id_number");
            props.remove("number");
        }
        props
    }

    /// Reads entities from rows that stand together, in the query's order.
    pub(in crate::store) fn entities_from(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        each: &mut dyn FnMut(i64, Entity),
    ) -> Result<Sum, StoreError> {
        let mut sum = Sum::default();
        let mut open: Option<(i64, Entity)> = None;
        self.each_row(sql, params, |row| {
            let (n, id, kind) = (|| Ok((row.get(0)?, row.get_ref(1)?.as_str()?, row.get(2)?)))()
                .and_then(|(n, id, kind)| Ok((n, id, rows::word(Kind::ALL, kind)?)))
                .map_err(|why| self.err(why))?;
            if open.as_ref().is_none_or(|(number, _)| *number != n) {
                hand_out(open.take(), each);
                open = Some((n, Entity { id: Id::from(id), kind, facts: Vec::new() }));
            }
            if let Some((_, entity)) = &mut open {
                self.add_fact(row, entity, &mut sum)?;
            }
            Ok(())
        })?;
        hand_out(open, each);
        Ok(sum)
    }

    fn add_fact(&self, row: &Row<'_>, entity: &mut Entity, sum: &mut Sum) -> Result<(), StoreError> {
        let read = || {
            let table = rows::word(Table::ALL, row.get(3)?)?;
            Ok((
                table,
                rows::props(row, 4)?,
                row.get(5)?,
                rows::date(row, 6)?,
                row.get::<_, i64>(7)?,
                rows::sum(row, 8)?,
            ))
        };
        let (table, props, source, known, change, hash) = read().map_err(|why| self.err(why))?;
        let change = change as u64;
        let text = FactText { id: entity.id.as_str(), kind: entity.kind, table, props: &props, known };
        let summands = self.canon.borrow_mut().fact(&text, self.teller(source));
        self.check_row(summands, hash, change)?;
        sum.add(summands);
        self.show(entity, source, (table, props, known, change));
        Ok(())
    }

    /// Adds to an entity what a source says of it, as far as this reader may see it.
    pub(in crate::store) fn show(
        &self,
        entity: &mut Entity,
        source: Option<i64>,
        (table, props, known, change): (Table, Props, Option<Date>, u64),
    ) {
        if self.tells(source, known) {
            let (props, voice) = (self.cut(props), self.voice(source));
            entity.facts.push(Fact { table, props, voice, known, change });
        }
    }

    fn step_from(&self, row: &Row<'_>, sum: &mut Sum) -> Result<Option<(i64, StepView)>, StoreError> {
        let read = || {
            let id: String = row.get(1)?;
            let subject: String = row.get(3)?;
            let date = rows::date(row, 5)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
            let (props, known) = (rows::props(row, 6)?, rows::date(row, 8)?);
            let source: Option<i64> = row.get(7)?;
            let change = row.get::<_, i64>(9)? as u64;
            let beaten: Option<i64> = row.get(10)?;
            let fact = Fact { table: Table::Steps, props, voice: self.voice(source), known, change };
            let step = StepView { id: id.into(), subject: subject.into(), step: row.get(4)?, date, fact };
            Ok((row.get::<_, i64>(2)?, step, source, beaten, rows::sum(row, 11)?))
        };
        let (subject, mut step, source, beaten, hash) = read().map_err(|why| self.err(why))?;
        let text = StepText {
            id: step.id.as_str(),
            subject: step.subject.as_str(),
            step: &step.step,
            date: step.date,
            props: &step.fact.props,
            known: step.fact.known,
        };
        let summands = self.canon.borrow_mut().step(&text, self.teller(source));
        self.check_row(summands, hash, step.fact.change)?;
        sum.add(summands);
        step.fact.props = self.cut(std::mem::take(&mut step.fact.props));
        let shown = is_current(step.fact.known, beaten, self.as_of) && !self.is_sealed(source);
        Ok(shown.then_some((subject, step)))
    }
}

/// Hands out an entity of which something is shown, its facts in order.
pub(in crate::store) fn hand_out(entity: Option<(i64, Entity)>, each: &mut dyn FnMut(i64, Entity)) {
    let Some((n, mut entity)) = entity.filter(|(_, entity)| !entity.facts.is_empty()) else { return };
    entity.facts.sort_by(|a, b| {
        (a.known, a.change, a.table, &a.props, &a.voice)
            .cmp(&(b.known, b.change, b.table, &b.props, &b.voice))
    });
    each(n, entity);
}

/// Ids as one list parameter.
pub(in crate::store) fn list(ids: &[Id]) -> String {
    serde_json::to_string(&canon::sorted(ids)).unwrap_or_default()
}

/// Types as one list parameter.
pub(in crate::store) fn type_numbers(types: &[TieType]) -> String {
    numbers(&types.iter().map(|ty| *ty as i64).collect())
}

/// Numbers as one list parameter.
pub(in crate::store) fn numbers(numbers: &BTreeSet<i64>) -> String {
    serde_json::to_string(numbers).unwrap_or_default()
}

impl View for SqliteView {
    fn entities(&self, each: &mut dyn FnMut(Entity)) -> Result<(), StoreError> {
        let sql = include_str!("../../../queries/sqlite/entities_with_facts.sql");
        let sum = self.entities_from(sql, [], &mut |_, entity| each(entity))?;
        self.check_part(Part::Facts, sum)
    }

    fn each_entity(&self, each: &mut dyn FnMut(Handle, Entity)) -> Result<(), StoreError> {
        self.passes()?;
        let sql = include_str!("../../../queries/sqlite/entities_as_stored.sql");
        // A number out of range would be damage that the sum below finds as well.
        let sum = self.entities_from(sql, [], &mut |n, entity| {
            if let Some(n) = rows::entity_number(n) {
                each(Handle(n), entity);
            }
        })?;
        self.check_part(Part::Facts, sum)
    }

    fn survey(
        &self,
        from: Range<Handle>,
        full: &[TieType],
        each: &mut dyn FnMut(Surveyed),
    ) -> Result<(), StoreError> {
        self.passes()?;
        self.ties_in_brief(&from, full, each)
    }

    fn handles(&self, ids: &[Id]) -> Result<Vec<(Id, Handle)>, StoreError> {
        self.handles_of(ids)
    }

    fn kinds(&self, handles: &[Handle]) -> Result<Vec<Kind>, StoreError> {
        self.kinds_of(handles)
    }

    fn officials(&self, handles: &[Handle]) -> Result<Vec<bool>, StoreError> {
        self.officials_of(handles)
    }

    fn links(
        &self,
        handles: &[Handle],
        types: &[TieType],
        each: &mut dyn FnMut(Link),
    ) -> Result<(), StoreError> {
        self.links_of(handles, types, each)
    }

    fn ties_of_claims(
        &self,
        claims: &[(ClaimOf, Handle)],
        ids: &BTreeMap<Handle, Id>,
    ) -> Result<Vec<Tie>, StoreError> {
        self.ties_numbered(&claims.iter().map(|(claim, _)| claim.claim as i64).collect(), ids)
    }

    fn entities_told_by(&self, voice: &Voice) -> Result<Vec<Entity>, StoreError> {
        let mut handles = BTreeSet::new();
        for n in self.sources.with_voice(voice) {
            let sql = include_str!("../../../queries/sqlite/entities_told_by.sql");
            self.each_row(sql, [n], |row| {
                let entity: i64 = row.get(0).map_err(|why| self.err(why))?;
                handles.extend(u32::try_from(entity).map(Handle));
                Ok(())
            })?;
        }
        let found =
            self.entities_with_handles(&Vec::from_iter(handles))?.into_iter().map(|(_, entity)| entity);
        // What was said may be nobody's to know on this day, or by this reader.
        Ok(found.filter(|entity| entity.facts.iter().any(|fact| fact.voice == *voice)).collect())
    }

    fn entities_at(&self, handles: &[Handle]) -> Result<Vec<(Handle, Entity)>, StoreError> {
        self.entities_with_handles(handles)
    }

    fn cases_of(&self, gang: &Id) -> Result<Vec<Id>, StoreError> {
        self.all_cases_of(gang)
    }

    fn kept(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.kept_value(name)
    }

    fn digest(&self) -> String {
        self.digest.printed()
    }

    fn edition(&self) -> Result<String, StoreError> {
        self.drawn_edition()
    }

    fn tie_parts(&self) -> Result<Vec<TiePart>, StoreError> {
        self.cut_ties(super::parts::AT_ONCE)
    }

    fn ties_of_part(
        &self,
        part: &TiePart,
        each: &mut dyn FnMut(crate::model::Tie),
    ) -> Result<Passed, StoreError> {
        self.part_of_ties(part, each)
    }

    fn check_passed(&self, all: Passed) -> Result<(), StoreError> {
        self.check_all_passed(all)
    }

    fn steps(&self, subjects: &[Id]) -> Result<Vec<StepView>, StoreError> {
        let mut steps = Vec::new();
        let mut sum = Sum::default();
        let mut keep = |row: &Row<'_>| {
            steps.extend(self.step_from(row, &mut sum)?);
            Ok(())
        };
        if subjects.is_empty() {
            self.each_row(include_str!("../../../queries/sqlite/steps.sql"), [], &mut keep)?;
            self.check_part(Part::Steps, sum)?;
        } else {
            self.each_row(include_str!("../../../queries/sqlite/steps_of.sql"), [list(subjects)], &mut keep)?;
        }
        let shown = self.shown_of(&steps.iter().map(|(subject, _)| *subject).collect())?;
        let shown = |n: &i64| shown.as_ref().is_none_or(|shown| shown.contains(n));
        let mut steps: Vec<StepView> =
            steps.into_iter().filter(|(subject, _)| shown(subject)).map(|(_, step)| step).collect();
        steps.sort_by(|a, b| {
            let key = |s: &StepView| (s.subject.clone(), s.date, s.id.clone(), s.fact.known, s.fact.change);
            key(a).cmp(&key(b)).then_with(|| a.fact.voice.cmp(&b.fact.voice))
        });
        Ok(steps)
    }

    fn sources(&self) -> Result<Vec<SourceCard>, StoreError> {
        let cards = self.sources.cards(&self.conn).map_err(|why| self.err(why))?;
        let known = |card: &SourceCard| card.date.is_none() || is_known(card.date, self.as_of);
        let mut cards: Vec<SourceCard> = cards.into_iter().filter(known).collect();
        cards.sort_by(|a, b| a.voice.cmp(&b.voice));
        Ok(cards)
    }

    fn entities_of(&self, ids: &[Id]) -> Result<Vec<Entity>, StoreError> {
        let mut entities = Vec::new();
        let sql = include_str!("../../../queries/sqlite/entities_of.sql");
        self.entities_from(sql, [list(ids)], &mut |_, entity| entities.push(entity))?;
        Ok(entities)
    }

    fn ties_of(&self, nodes: &[Id], filter: &TieFilter) -> Result<Frontier, StoreError> {
        self.frontier(nodes, filter)
    }

    fn profiles(&self, ids: &[Id]) -> Result<Vec<Profile>, StoreError> {
        self.profiles_of(ids)
    }

    fn row(&self, id: &Id) -> Result<Option<RowHistory>, StoreError> {
        self.history(id)
    }

    fn named(&self, name: &str) -> Result<Vec<(Id, Kind)>, StoreError> {
        self.exactly_named(name)
    }

    fn names(&self) -> Result<Names, StoreError> {
        self.all_names()
    }

    fn find_among(&self, names: &Names, text: &str, limit: usize) -> Result<Vec<Hit>, StoreError> {
        self.search(names, text, limit)
    }

    fn info(&self) -> Result<Info, StoreError> {
        self.count_all(layout::LAYOUT)
    }

    fn withheld(&self) -> Result<u64, StoreError> {
        if self.level == Level::Handler { Ok(0) } else { self.count_withheld() }
    }
}
