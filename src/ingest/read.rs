//! The order of the work: gather what there is, then hand out checked records and rejected rows.

use std::collections::BTreeMap;

use super::IngestError;
use super::bundle::{Bundle, Part};
use super::check::Check;
use super::columns::{Col, ENTITY_TABLES};
use super::directory::{Directory, of};
use super::entity;
use super::identity::Identities;
use super::ids;
use super::layout::Layout;
use super::notice::{Notes, Notice, NoticeKind};
use super::parts::{self, Event, Flow};
use super::reason::{Origin, Rejected, Why};
use super::register::Place;
use super::relation::{self, RelationRow};
use super::relay;
use super::repeats::{Repeats, RowIds, StepIds, Written};
use super::row::RawRow;
use super::world::Known;
use crate::model::{Id, Record, Relation, Table, TieType};

/// Whoever takes the records could not: his error, to be handed on.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct SinkError(#[from] pub Box<dyn std::error::Error + Send + Sync>);

/// Takes what comes out of an import, in order.
pub trait Sink {
    /// A checked record. Whatever it names was handed out before, or is in the store. For a record
    /// that the program writes itself (a post, a membership) the place is that of the row it is from.
    fn record(&mut self, origin: &Origin, record: Record) -> Result<(), SinkError>;

    /// A row that was not taken.
    fn rejected(&mut self, rejected: Rejected) -> Result<(), SinkError>;

    /// Something that somebody should know; all notices come at the end.
    fn notice(&mut self, notice: Notice);

    /// How far the work is. An error breaks the import off.
    fn progress(&mut self, done_bytes: u64, total_bytes: u64) -> Result<(), SinkError>;
}

/// Rows of one table by what became of them: `read` is always `sound` and `rejected` together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Count {
    /// Rows under the header that are not blank.
    pub read: u64,
    /// Rows that became records.
    pub sound: u64,
    /// Rows that did not.
    pub rejected: u64,
}

impl Count {
    /// The same without so many of the rejected rows.
    pub fn without_rejected(self, rows: u64) -> Self {
        Self { read: self.read.saturating_sub(rows), rejected: self.rejected.saturating_sub(rows), ..self }
    }
}

/// What an import read.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Rows by table.
    pub tables: BTreeMap<Table, Count>,
    /// Ties that the program wrote itself (posts, memberships, suspects, whom leads are about).
    pub written: u64,
    /// Files and sheets that were refused as a whole, or from some line on.
    pub refused: u64,
}

impl Summary {
    /// Rows over all tables.
    pub fn total(&self) -> Count {
        self.tables.values().fold(Count::default(), |sum, count| Count {
            read: sum.read + count.read,
            sound: sum.sound + count.sound,
            rejected: sum.rejected + count.rejected,
        })
    }

    /// Whether anything was rejected or refused: exit code 4.
    pub fn has_rejects(&self) -> bool {
        self.refused > 0 || self.total().rejected > 0
    }
}

impl Bundle {
    /// Reads everything: records in an order in which each finds what it names, rejected rows with
    /// all their reasons, and at the end the notices.
    ///
    /// Rows are read and checked on a thread of their own; the sink is called on the caller's.
    pub fn read(&self, known: &dyn Known, sink: &mut dyn Sink) -> Result<Summary, IngestError> {
        relay::relay(sink, |sink| self.read_here(known, sink))
    }

    fn read_here(&self, known: &dyn Known, sink: &mut dyn Sink) -> Result<Summary, IngestError> {
        let total = total_bytes(&self.parts);
        let mut done = 0;
        let mut last = 0;
        let directory = Directory::build(&self.parts, known, &mut |at| {
            // Each table counts from 0.
            done += if at >= last { at - last } else { at };
            last = at;
            Ok(sink.progress(done.min(total), total)?)
        })?;
        let mut notes = Notes::default();
        self.note(&mut notes);
        let reader = Reader {
            parts: &self.parts,
            directory,
            sink,
            notes,
            summary: Summary::default(),
            deferred: Vec::new(),
            written: Written::default(),
            steps: StepIds::default(),
            relations: RowIds::default(),
            identities: Identities::default(),
            done: total.saturating_sub(remaining(&self.parts)),
            total,
        };
        reader.run()
    }
}

/// Tables of entities are read twice.
fn total_bytes(parts: &[Part]) -> u64 {
    let once = |part: &&Part| matches!(part.table, Table::Relations | Table::Steps);
    parts.iter().map(|part| if once(&part) { part.bytes } else { 2 * part.bytes }).sum()
}

/// What is left after the first pass.
fn remaining(parts: &[Part]) -> u64 {
    parts.iter().map(|part| part.bytes).sum()
}

struct Reader<'a> {
    parts: &'a [Part],
    directory: Directory<'a>,
    sink: &'a mut dyn Sink,
    notes: Notes,
    summary: Summary,
    /// Ties that name an entity not handed out yet.
    deferred: Vec<(Origin, Relation)>,
    /// Row ids that the program wrote, with the roles they stand for.
    written: Written,
    /// Ids of steps, with what they happened to.
    steps: StepIds,
    relations: RowIds,
    identities: Identities,
    done: u64,
    total: u64,
}

impl Reader<'_> {
    fn run(mut self) -> Result<Summary, IngestError> {
        self.table(Table::Sources)?;
        ENTITY_TABLES.iter().try_for_each(|&table| self.table(table))?;
        self.write_deferred()?;
        self.table(Table::Relations)?;
        // No other table has rows of relations.
        self.relations = RowIds::default();
        self.table(Table::Steps)?;
        self.write_deferred()?;
        for notice in std::mem::take(&mut self.notes).into_notices() {
            self.sink.notice(notice);
        }
        Ok(self.summary)
    }

    /// Hands over the ties whose other end stood in a later table.
    fn write_deferred(&mut self) -> Result<(), IngestError> {
        for (origin, tie) in std::mem::take(&mut self.deferred) {
            self.sink.record(&origin, Record::Relation(tie))?;
        }
        Ok(())
    }

    fn table(&mut self, table: Table) -> Result<(), IngestError> {
        of(self.parts, table).into_iter().try_for_each(|at| self.part(at))
    }

    fn part(&mut self, at: usize) -> Result<(), IngestError> {
        let Some(part) = self.parts.get(at) else { return Ok(()) };
        let mut state = PartState { at, nth: 0, events: Repeats::default() };
        let start = self.done;
        let mut reached = 0;
        // Progress and rows both want the sink; progress is told from the rows' side.
        let seen = std::cell::Cell::new(0);
        parts::read(
            part,
            &mut |bytes| {
                seen.set(bytes);
                Ok(())
            },
            &mut |event| {
                if seen.get() != reached {
                    reached = seen.get();
                    self.sink.progress((start + reached).min(self.total), self.total)?;
                }
                self.event(part, &mut state, event)
            },
        )?;
        self.done = start + part.bytes;
        Ok(self.sink.progress(self.done.min(self.total), self.total)?)
    }

    fn event(&mut self, part: &Part, state: &mut PartState, event: Event<'_>) -> Result<Flow, IngestError> {
        let origin = |line: u64| Origin { file: part.label.clone(), line };
        match event {
            Event::Header(layout) => self.header(layout, part),
            Event::Row(layout, row) => self.row(layout, row, state, &origin(row.line))?,
            Event::HeaderAgain(line) => self.notes.add(NoticeKind::HeaderAgain, "", &origin(line), false),
            Event::Merged(line) => self.notes.add(NoticeKind::MergedCells, "", &origin(line), false),
            Event::Empty => self.notes.add_whole(NoticeKind::EmptyFile, &part.label),
            Event::Refused(line, reasons) => {
                self.summary.refused += 1;
                let (origin, row) = (origin(line), Vec::new());
                self.sink.rejected(Rejected {
                    origin,
                    table: part.table,
                    id: None,
                    reasons,
                    row,
                    sealed: false,
                    beside_sealed: false,
                })?;
            }
        }
        Ok(Flow::On)
    }

    fn header(&mut self, layout: &Layout, part: &Part) {
        self.summary.tables.entry(layout.table).or_default();
        for (_, name) in &layout.extra {
            if !layout.doubled.contains(name) {
                self.notes.add_whole(NoticeKind::UnknownColumn, &format!("{} ({})", name, part.label));
            }
        }
        for name in &layout.doubled {
            self.notes.add_whole(NoticeKind::DuplicateColumn, &format!("{} ({})", name, part.label));
        }
        if layout.at(Col::Id).is_none() && layout.table != Table::Relations {
            let origin = Origin { file: part.label.clone(), line: layout.line };
            self.notes.add(NoticeKind::DerivedIds, "", &origin, false);
        }
    }

    fn row(
        &mut self,
        layout: &Layout,
        row: &RawRow,
        state: &mut PartState,
        origin: &Origin,
    ) -> Result<(), IngestError> {
        let nth = state.nth;
        state.nth += 1;
        let derived = match layout.at(Col::Id) {
            None => self.directory.derived(state.at, nth).cloned(),
            Some(_) => None,
        };
        let stand_in = Id::from("?");
        let check = Check::new(layout, row, origin, &self.directory, &mut self.notes);
        // A row without an id of its own that got none is one that its check rejects.
        let given = derived.as_ref().or_else(|| layout.at(Col::Id).is_none().then_some(&stand_in));
        let outcome = match layout.table {
            Table::Sources => entity::source(check, given).map(|mut source| {
                source.protected |= self.directory.protects(&source.id);
                (Record::Source(source), Vec::new())
            }),
            Table::Relations => match relation::relation(check) {
                Ok(found) => return self.relation(layout, row, state, origin, found),
                Err(check) => Err(check),
            },
            Table::Steps => match entity::step(check) {
                Ok((step, tie)) => return self.step(layout, row, state.at, origin, step, tie),
                Err(check) => Err(check),
            },
            _ => entity::entity(check, given).map(|row| {
                let ties = row.ties();
                (Record::Statement(row.statement), ties)
            }),
        };
        match outcome.map_err(Check::rejected) {
            Ok((record, ties)) => {
                self.count(layout.table, true);
                if let Record::Statement(statement) = &record {
                    let again = self.directory.comes_again(&statement.id);
                    if self.identities.changes(statement, again, || self.directory.identities(&statement.id))
                    {
                        let sealed = self.directory.are_sealed(&statement.sources);
                        self.notes.add(NoticeKind::IdentityChanged, "", origin, sealed);
                    }
                }
                self.sink.record(origin, record)?;
                ties.into_iter().try_for_each(|tie| self.tie(layout.table, origin, tie))
            }
            Err(rejected) => self.reject(layout.table, rejected),
        }
    }

    fn relation(
        &mut self,
        layout: &Layout,
        row: &RawRow,
        state: &mut PartState,
        origin: &Origin,
        found: RelationRow,
    ) -> Result<(), IngestError> {
        let mut relation = found.relation;
        if found.derived {
            state.events.tell_apart(&mut relation);
        } else if self.relations.contradicts(&relation) {
            return self.reject_for(layout, row, origin, &relation.row, Why::DuplicateId { at: None });
        }
        self.count(layout.table, true);
        Ok(self.sink.record(origin, Record::Relation(relation))?)
    }

    /// Rejects a row for its id, after all else in it was found sound.
    fn reject_for(
        &mut self,
        layout: &Layout,
        row: &RawRow,
        origin: &Origin,
        id: &Id,
        why: Why,
    ) -> Result<(), IngestError> {
        let mut scratch = Notes::default();
        let mut check = Check::new(layout, row, origin, &self.directory, &mut scratch);
        check.wrong(Col::Id, id.as_str(), why);
        let rejected = check.rejected();
        self.reject(layout.table, rejected)
    }

    fn step(
        &mut self,
        layout: &Layout,
        row: &RawRow,
        part: usize,
        origin: &Origin,
        step: crate::model::Step,
        tie: Option<Relation>,
    ) -> Result<(), IngestError> {
        if let Some(place) = self.steps.contradicts(&step, Place::of(part, row.line)) {
            let why = Why::DuplicateId { at: Some(self.directory.origin(place)) };
            return self.reject_for(layout, row, origin, &step.id, why);
        }
        self.count(layout.table, true);
        self.sink.record(origin, Record::Step(step))?;
        tie.map_or(Ok(()), |tie| self.tie(layout.table, origin, tie))
    }

    /// A tie that the program writes itself. Two posts at one agency since one day are two ties.
    fn tie(&mut self, table: Table, origin: &Origin, mut tie: Relation) -> Result<(), IngestError> {
        let nth = self.written.nth(&tie);
        if nth > 0 {
            tie.row = Id::from(ids::numbered(tie.row.as_str(), nth.saturating_add(1)));
        }
        self.summary.written += 1;
        let ready = |id: &Id| self.directory.stands_before(id, table);
        let to_own = matches!(tie.ty, TieType::Suspect | TieType::Reviewed);
        let other = if to_own { &tie.from } else { &tie.to };
        if ready(other) {
            self.sink.record(origin, Record::Relation(tie))?;
        } else {
            self.deferred.push((origin.clone(), tie));
        }
        Ok(())
    }

    fn reject(&mut self, table: Table, rejected: Rejected) -> Result<(), IngestError> {
        self.count(table, false);
        Ok(self.sink.rejected(rejected)?)
    }

    fn count(&mut self, table: Table, sound: bool) {
        let count = self.summary.tables.entry(table).or_default();
        count.read += 1;
        count.sound += u64::from(sound);
        count.rejected += u64::from(!sound);
    }
}

struct PartState {
    at: usize,
    nth: usize,
    events: Repeats,
}
