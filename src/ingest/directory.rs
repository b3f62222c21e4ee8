//! Everything that rows may refer to, gathered before the first record is handed out.
//!
//! A first pass over the tables of sources and entities notes ids, kinds, names and what each row
//! itself refers to; rows whose references do not hold are then struck out until nothing changes,
//! so that a reference to a rejected row is rejected as well. Only ids, kinds and hashes of names
//! are kept: memory grows with the number of entities, not with what is said of them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use super::IngestError;
use super::bundle::Part;
use super::check::{Check, takes};
use super::columns::{Col, ENTITY_TABLES};
use super::entity::{self, EntityRow};
use super::ids;
use super::layout::Layout;
use super::names;
use super::notice::Notes;
use super::parts::{self, Event, Flow};
use super::reason::{Origin, Why, kind_word};
use super::register::{Entry, Names, Place, Register};
use super::row::RawRow;
use super::value;
use super::world::{Found, Known, Remembered, World};
use crate::model::tie_type::End;
use crate::model::{Fence, Fenced, Id, Kind, Props, Table};

#[derive(Debug)]
struct SourceEntry {
    place: Place,
    fence: Fence,
    sound: bool,
}

/// The references of sound rows to entities, until it is clear that they hold. They stand in one text: as texts of
/// their own they would leave holes behind that nothing else fills.
#[derive(Default)]
struct Waiting {
    text: String,
    /// Where each reference ends in the text, and what it may be.
    names: Vec<(usize, &'static [End])>,
    rows: Vec<WaitingRow>,
}

/// A row, by its entity, with its references.
struct WaitingRow {
    number: u32,
    names: Range<usize>,
}

impl Waiting {
    fn add(&mut self, number: u32, names: &[(String, &'static [End])]) {
        let first = self.names.len();
        for (name, expected) in names {
            self.text.push_str(name);
            self.names.push((self.text.len(), *expected));
        }
        if !names.is_empty() {
            self.rows.push(WaitingRow { number, names: first..self.names.len() });
        }
    }

    fn names_of(&self, row: &WaitingRow) -> impl Iterator<Item = (&str, &'static [End])> {
        row.names.clone().filter_map(|at| {
            let (end, expected) = *self.names.get(at)?;
            let start = at.checked_sub(1).map_or(Some(0), |before| Some(self.names.get(before)?.0))?;
            Some((self.text.get(start..end)?, expected))
        })
    }
}

/// The directory.
pub(super) struct Directory<'k> {
    known: Remembered<'k>,
    labels: Vec<Arc<str>>,
    sources: HashMap<Id, SourceEntry>,
    titles: BTreeMap<String, Vec<Id>>,
    /// Names, folded, of sources of which something is kept from readers: of the bundle and of the store.
    fenced: HashMap<String, Fenced>,
    entities: Register,
    names: Names,
    /// Ids (or names, in tables without ids) of rows that were rejected for themselves.
    lost: HashMap<String, Place>,
    /// The ids of the rows of tables without ids, by part.
    derived: BTreeMap<usize, Vec<Option<Id>>>,
    /// Whether card numbers matter: some table of people has no ids.
    joins: bool,
    by_card: HashMap<String, Id>,
    /// The card numbers behind each derived id.
    cards: HashMap<Id, BTreeSet<String>>,
    waiting: Waiting,
}

impl<'k> Directory<'k> {
    /// Reads the tables of sources and entities.
    pub fn build(
        parts: &[Part],
        known: &'k dyn Known,
        progress: &mut dyn FnMut(u64) -> Result<(), IngestError>,
    ) -> Result<Self, IngestError> {
        let mut directory = Self {
            known: Remembered::new(known),
            labels: parts.iter().map(|part| Arc::clone(&part.label)).collect(),
            sources: HashMap::new(),
            titles: BTreeMap::new(),
            fenced: HashMap::new(),
            entities: Register::new(),
            names: Names::default(),
            lost: HashMap::new(),
            derived: BTreeMap::new(),
            joins: false,
            by_card: HashMap::new(),
            cards: HashMap::new(),
            waiting: Waiting::default(),
        };
        directory.known.fenced().into_iter().for_each(|kept| directory.keep(kept));
        // Where two rows give one id two kinds, the first in the contract's order of tables stands.
        let tables =
            Table::ALL.iter().copied().filter(|table| !matches!(table, Table::Relations | Table::Steps));
        let order: Vec<usize> = tables.flat_map(|table| of(parts, table)).collect();
        // Sources first, since every row may name one; then tables with ids, so that equal card numbers
        // join the others to them.
        let (mut with, mut without) = (Vec::new(), Vec::new());
        for at in order {
            let first = |part: &Part| Ok(part.table == Table::Sources || has_ids(part)?);
            let first: Result<bool, IngestError> = parts.get(at).map_or(Ok(true), first);
            if first? { with.push(at) } else { without.push(at) }
        }
        directory.joins = !without.is_empty();
        for at in with.into_iter().chain(without) {
            directory.gather(parts, at, progress)?;
        }
        directory.names.settle();
        directory.strike();
        directory.by_card = HashMap::new();
        directory.cards = HashMap::new();
        Ok(directory)
    }

    /// Takes in one table.
    fn gather(
        &mut self,
        parts: &[Part],
        at: usize,
        progress: &mut dyn FnMut(u64) -> Result<(), IngestError>,
    ) -> Result<(), IngestError> {
        let Some(part) = parts.get(at) else { return Ok(()) };
        parts::read(part, progress, &mut |event| {
            if let Event::Row(layout, row) = event {
                self.take(at, layout, row);
            }
            Ok(Flow::On)
        })
    }

    fn take(&mut self, part: usize, layout: &Layout, row: &RawRow) {
        let place = Place::of(part, row.line);
        if layout.table == Table::Sources {
            self.take_source(part, place, layout, row);
        } else {
            self.take_entity(part, place, layout, row);
        }
    }

    fn take_source(&mut self, part: usize, place: Place, layout: &Layout, row: &RawRow) {
        let origin = self.origin(place);
        let mut notes = Notes::default();
        let derived = {
            let check = Check::new(layout, row, &origin, &*self, &mut notes);
            layout.at(Col::Id).is_none().then(|| entity::source_id(&check))
        };
        let check = Check::new(layout, row, &origin, &*self, &mut notes);
        let sound = entity::source(check, derived.as_ref()).is_ok();
        let id = derived.clone().unwrap_or_else(|| Id::from(layout.get(row, Col::Id)));
        if layout.at(Col::Id).is_none() {
            self.derived.entry(part).or_default().push(derived);
        }
        let title = layout.get(row, Col::Title);
        let titled = self.titles.entry(title.to_owned()).or_default();
        if !titled.contains(&id) {
            titled.push(id.clone());
        }
        // What the store keeps of it stays kept, until a sound row opens what is sealed.
        let (own, known) = (entity::fence(layout, row), self.known.source(id.as_str()).unwrap_or_default());
        let fence = own.or(Fence { sealed: known.sealed && !sound, ..known });
        if known.sealed && sound {
            self.fenced
                .values_mut()
                .filter(|kept| kept.id == id)
                .for_each(|kept| kept.fence.sealed = own.sealed);
        }
        for name in [id.as_str(), title].into_iter().filter(|name| fence.is_any() && !name.is_empty()) {
            self.keep(Fenced { name: name.to_owned(), id: id.clone(), fence });
        }
        let entry = self.sources.entry(id).or_insert(SourceEntry { place, fence, sound });
        entry.fence = entry.fence.or(fence);
        entry.sound |= sound;
    }

    fn keep(&mut self, kept: Fenced) {
        let name = names::folded(&kept.name).into_owned();
        let fence = kept.fence;
        let entry = self.fenced.entry(name).or_insert(kept);
        entry.fence = entry.fence.or(fence);
    }

    fn take_entity(&mut self, part: usize, place: Place, layout: &Layout, row: &RawRow) {
        let origin = self.origin(place);
        let mut notes = Notes::default();
        let draft = Draft { directory: &*self, names: RefCell::new(Vec::new()) };
        let without = layout.at(Col::Id).is_none();
        let key = without.then(|| entity::derived_id(&Check::new(layout, row, &origin, &draft, &mut notes)));
        // Whether a row is sound does not depend on which id it gets.
        let stand_in = key.as_deref().map(Id::from);
        let check = Check::new(layout, row, &origin, &draft, &mut notes);
        let result = entity::entity(check, stand_in.as_ref()).map_err(|_| ());
        let names = draft.names.into_inner();
        let mut given = None;
        match result {
            Ok(mut checked) => {
                if let Some(key) = key {
                    checked.statement.id = self.assign(&key, &checked, layout, row);
                    given = Some(checked.statement.id.clone());
                } else if self.joins
                    && checked.statement.kind == Kind::Person
                    && let Some(card) = card_of(layout, row)
                {
                    self.by_card.entry(card).or_insert_with(|| checked.statement.id.clone());
                }
                self.register(place, &checked, &names);
            }
            Err(()) => {
                let col = if !without { Col::Id } else { Col::Name };
                let name = layout.get(row, col);
                if !name.is_empty() {
                    self.lost.entry(name.to_owned()).or_insert(place);
                }
            }
        }
        if without {
            self.derived.entry(part).or_default().push(given);
        }
    }

    /// The id of a row of a table without ids: an equal card number joins it to whoever has it, a
    /// different one parts it from its namesake.
    fn assign(&mut self, key: &str, row: &EntityRow, layout: &Layout, raw: &RawRow) -> Id {
        let card = card_of(layout, raw);
        if let Some(id) = card.as_ref().and_then(|card| self.by_card.get(card)) {
            return id.clone();
        }
        let mut k = 1;
        loop {
            let id = Id::from(ids::numbered(key, k));
            if self.is_same(&id, card.as_deref(), row.statement.kind) {
                self.note_card(&id, card);
                return id;
            }
            k += 1;
        }
    }

    fn is_same(&mut self, id: &Id, card: Option<&str>, kind: Kind) -> bool {
        let known = &self.known;
        let cards = self.cards.entry(id.clone()).or_insert_with(|| {
            known.id_numbers(id).iter().map(|number| value::card_key(&value::card(number).0)).collect()
        });
        kind != Kind::Person || card.is_none_or(|card| cards.is_empty() || cards.contains(card))
    }

    fn note_card(&mut self, id: &Id, card: Option<String>) {
        if let Some(card) = card {
            self.cards.entry(id.clone()).or_default().insert(card.clone());
            self.by_card.entry(card).or_insert_with(|| id.clone());
        }
    }

    fn register(&mut self, place: Place, row: &EntityRow, names: &[(String, &'static [End])]) {
        let statement = &row.statement;
        let rank = rank(statement.table);
        let official = statement.table == Table::Officials;
        let entry = Entry { place, sound: 0, kind: statement.kind, official, rank };
        let number = self.entities.enter(statement.id.as_str(), entry);
        let Some(entry) = self.entities.get_mut(number).filter(|entry| entry.kind == statement.kind) else {
            return;
        };
        entry.sound += 1;
        entry.official |= official;
        entry.rank = entry.rank.min(rank);
        for name in row.called() {
            self.names.add(name, number);
        }
        self.waiting.add(number, names);
    }

    /// Strikes out rows whose references do not hold, until nothing changes.
    fn strike(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting);
        loop {
            let rows = std::mem::take(&mut waiting.rows);
            let holds = |row: &WaitingRow| {
                waiting.names_of(row).all(|(name, expected)| self.entity(name, expected).is_ok())
            };
            let (held, fallen): (Vec<_>, Vec<_>) = rows.into_iter().partition(holds);
            if fallen.is_empty() {
                return;
            }
            waiting.rows = held;
            for row in fallen {
                if let Some(entry) = self.entities.get_mut(row.number) {
                    entry.sound = entry.sound.saturating_sub(1);
                }
            }
        }
    }

    /// The id that was derived for the `nth` row of a table without ids.
    pub fn derived(&self, part: usize, nth: usize) -> Option<&Id> {
        self.derived.get(&part)?.get(nth)?.as_ref()
    }

    /// Whether any source by this id is protected.
    pub fn protects(&self, id: &Id) -> bool {
        self.sources.get(id).is_some_and(|source| source.fence.protected)
    }

    /// Whether nobody but sealed sources is among these.
    pub fn are_sealed(&self, sources: &[Id]) -> bool {
        !sources.is_empty() && sources.iter().all(|id| self.fence(id.as_str()).sealed)
    }

    /// Whether an entity's first record is handed out before the records of a table.
    pub fn stands_before(&self, id: &Id, table: Table) -> bool {
        self.entities.find(id.as_str()).is_none_or(|entry| entry.rank < rank(table))
    }

    /// Whether more than one sound row is about an entity.
    pub fn comes_again(&self, id: &Id) -> bool {
        self.entities.find(id.as_str()).is_none_or(|entry| entry.sound > 1)
    }

    /// What the store says of somebody that tells people apart.
    pub fn identities(&self, id: &Id) -> Vec<Props> {
        self.known.identities(id)
    }

    /// A place as reports tell it.
    pub fn origin(&self, place: Place) -> Origin {
        let file = self.labels.get(usize::from(place.part)).cloned().unwrap_or_else(|| Arc::from(""));
        Origin { file, line: u64::from(place.line) }
    }

    fn by_name(&self, text: &str) -> Vec<(Id, Kind)> {
        let own = |number| Some((Id::from(self.entities.id(number)), self.entities.get(number)?.kind));
        let mut found: Vec<(Id, Kind)> = self.names.of(text).filter_map(own).collect();
        found.extend(self.known.named(text));
        found.sort();
        found.dedup();
        found
    }

    /// An entity of the bundle, unless all its rows are rejected and the store has none either.
    fn own(&self, id: &str, entry: &Entry) -> Result<Found, Why> {
        if entry.sound == 0 && self.known.kind_of(id).is_none() {
            return Err(Why::RejectedReference { at: self.origin(entry.place) });
        }
        Ok(Found { id: Id::from(id), kind: Some(entry.kind), official: Some(entry.official) })
    }

    fn found(&self, id: &Id, kind: Kind) -> Result<Found, Why> {
        match self.entities.find(id.as_str()) {
            Some(entry) => self.own(id.as_str(), entry),
            None => Ok(Found { id: id.clone(), kind: Some(kind), official: None }),
        }
    }
}

impl World for Directory<'_> {
    fn entity(&self, text: &str, expected: &'static [End]) -> Result<Found, Why> {
        if let Some(entry) = self.entities.find(text) {
            return self.own(text, entry);
        }
        if let Some(kind) = self.known.kind_of(text) {
            return self.found(&Id::from(text), kind);
        }
        let named = self.by_name(text);
        let fitting: Vec<&(Id, Kind)> = named.iter().filter(|(_, kind)| takes(expected, *kind)).collect();
        match (named.as_slice(), fitting.as_slice()) {
            ([(id, kind)], _) | (_, [(id, kind)]) => self.found(id, *kind),
            ([], _) => Err(match self.lost.get(text) {
                Some(place) => Why::RejectedReference { at: self.origin(*place) },
                None => Why::UnknownReference,
            }),
            (several, _) => {
                let place = |id: &Id| self.entities.find(id.as_str()).map(|entry| self.origin(entry.place));
                Err(Why::AmbiguousName {
                    who: several.iter().map(|(id, _)| (id.clone(), place(id))).collect(),
                })
            }
        }
    }

    fn source(&self, text: &str) -> Result<Id, Why> {
        let titled = self.titles.get(text).map(Vec::as_slice).unwrap_or_default();
        let (id, entry) = match (self.sources.get_key_value(text), titled) {
            (Some(found), _) => found,
            (None, [id]) => match self.sources.get_key_value(id) {
                Some(found) => found,
                None => return Err(Why::UnknownReference),
            },
            (None, []) => {
                return self.known.source(text).map(|_| Id::from(text)).ok_or(Why::UnknownReference);
            }
            (None, several) => {
                let open = several.iter().filter(|id| !self.protects(id));
                let place = |id: &Id| self.sources.get(id).map(|source| self.origin(source.place));
                return Err(Why::AmbiguousName { who: open.map(|id| (id.clone(), place(id))).collect() });
            }
        };
        if entry.sound {
            Ok(id.clone())
        } else {
            Err(Why::RejectedReference { at: self.origin(entry.place) })
        }
    }

    fn fence(&self, text: &str) -> Fence {
        if let Some(source) = self.sources.get(text) {
            return source.fence;
        }
        let Some(kept) = self.fenced.get(&*names::folded(text)) else { return Fence::default() };
        // Of the store it is remembered that it was named.
        self.known.source(kept.id.as_str());
        kept.fence
    }

    fn any_sealed(&self) -> bool {
        self.fenced.values().any(|kept| kept.fence.sealed)
    }

    fn clash(&self, id: &str, kind: Kind) -> Option<Why> {
        let clash = |was: String, at: Option<Origin>| Why::KindClash { was, new: kind_word(kind), at };
        if let Some(source) = self.sources.get(id) {
            return Some(clash("source".to_owned(), Some(self.origin(source.place))));
        }
        if let Some(entry) = self.entities.find(id) {
            // Of the store was asked when the entity was met first.
            let other = entry.kind != kind;
            return other.then(|| clash(kind_word(entry.kind), Some(self.origin(entry.place))));
        }
        let was = self.known.kind_of(id).filter(|was| *was != kind)?;
        Some(clash(kind_word(was), None))
    }

    fn taken(&self, id: &str) -> Option<(String, Origin)> {
        if let Some(entry) = self.entities.find(id) {
            return Some((kind_word(entry.kind), self.origin(entry.place)));
        }
        let source = self.sources.get(id)?;
        Some(("source".to_owned(), self.origin(source.place)))
    }
}

/// The world while entities are still being gathered: every reference to one may hold yet.
struct Draft<'a, 'k> {
    directory: &'a Directory<'k>,
    names: RefCell<Vec<(String, &'static [End])>>,
}

impl World for Draft<'_, '_> {
    fn entity(&self, text: &str, expected: &'static [End]) -> Result<Found, Why> {
        self.names.borrow_mut().push((text.to_owned(), expected));
        Ok(Found { id: Id::from(text), kind: None, official: None })
    }

    fn source(&self, text: &str) -> Result<Id, Why> {
        self.directory.source(text)
    }

    fn fence(&self, text: &str) -> Fence {
        self.directory.fence(text)
    }

    fn any_sealed(&self) -> bool {
        self.directory.any_sealed()
    }

    fn clash(&self, id: &str, kind: Kind) -> Option<Why> {
        self.directory.clash(id, kind)
    }

    fn taken(&self, id: &str) -> Option<(String, Origin)> {
        self.directory.taken(id)
    }
}

/// The parts that hold a table, in the order given.
pub(super) fn of(parts: &[Part], table: Table) -> Vec<usize> {
    parts.iter().enumerate().filter(|(_, part)| part.table == table).map(|(at, _)| at).collect()
}

fn rank(table: Table) -> u8 {
    ENTITY_TABLES.iter().position(|&other| other == table).map_or(u8::MAX, |at| at as u8)
}

/// Whether a table has an `id` column; one without a header has nothing to derive ids for.
fn has_ids(part: &Part) -> Result<bool, IngestError> {
    let mut has = true;
    parts::read(part, &mut |_| Ok(()), &mut |event| {
        Ok(match event {
            Event::Header(layout) => {
                has = layout.at(Col::Id).is_some();
                Flow::Stop
            }
            Event::Merged(_) => Flow::On,
            _ => Flow::Stop,
        })
    })?;
    Ok(has)
}

/// The card number by which people are joined and parted, unless a workbook cut it.
fn card_of(layout: &Layout, row: &RawRow) -> Option<String> {
    let at = layout.at(Col::IdNumber)?;
    let (number, _) = value::card(row.cell(at));
    (!number.is_empty() && !row.cut_numbers.contains(&at)).then(|| value::card_key(&number))
}
