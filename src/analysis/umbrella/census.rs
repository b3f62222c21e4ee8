//! [`Globals`] of a file that is not loaded: counted as its entities and ties pass.
//!
//! First every entity, then every tie. Kept are a few bytes an entity, so that ten million ties need
//! no network. The plain twin is [`super::globals`] over a network that holds everything.

use std::collections::{BTreeMap, HashMap};

use super::globals::{Counted, DECIDED, Decided, Globals, marks_of};
use crate::model::{Date, Entity, Id, Kind, Layer, Table, Tie, TieType};

/// A word that was kept once; 0 is none.
type Word = u32;

/// What is kept of an entity.
struct Kept {
    kind: Kind,
    official: bool,
    marks: u8,
    /// A person's agency.
    agency: Word,
    /// The jurisdiction it names.
    place: Word,
    outcome: Word,
}

/// What an agency gives its officials.
struct Unit {
    sector: Word,
    place: Word,
    parent: Word,
}

/// Counts under way. See the module's documentation.
pub struct Census {
    words: HashMap<String, Word>,
    texts: Vec<String>,
    kept: Vec<Kept>,
    units: HashMap<Word, Unit>,
    /// Agencies of those who have one, by their ids.
    agencies: HashMap<Id, Word>,
    types: BTreeMap<TieType, u64>,
    ends: BTreeMap<Layer, u64>,
    years: BTreeMap<(TieType, u16), u64>,
    globals: Globals,
}

impl Default for Census {
    fn default() -> Self {
        Self {
            words: HashMap::new(),
            texts: vec![String::new()],
            kept: Vec::new(),
            units: HashMap::new(),
            agencies: HashMap::new(),
            types: BTreeMap::new(),
            ends: BTreeMap::new(),
            years: BTreeMap::new(),
            globals: Globals::default(),
        }
    }
}

impl Census {
    /// The types of tie of which [`Census::decided`] must be told as well.
    pub const DECIDED: &'static [TieType] = DECIDED;

    /// Notes an entity. Ties name entities by their place in the order of these calls.
    pub fn entity(&mut self, entity: &Entity) {
        let person = entity.kind == Kind::Person;
        let mut word = |name: &str| self.word(entity.prop(name));
        let (agency, place, outcome) = (word("agency"), word("jurisdiction"), word("outcome"));
        let (sector, parent) = (word("sector"), word("parent"));
        if place | sector | parent != 0 {
            let id = self.word(Some(entity.id.as_str()));
            self.units.insert(id, Unit { sector, place, parent });
        }
        if agency != 0 {
            self.agencies.insert(entity.id.clone(), agency);
        }
        let official = person && entity.stands_in(Table::Officials);
        self.kept.push(Kept { kind: entity.kind, official, marks: 0, agency, place, outcome });
    }

    /// Counts a tie between two entities.
    pub fn tie(&mut self, from: usize, to: usize, ty: TieType, layer: Layer, start: Option<Date>) {
        let own = marks_of(ty);
        let duty = ty.makes_official();
        for (at, marks, official) in [(from, own.0, duty), (to, own.1, false)] {
            let Some(kept) = self.kept.get_mut(at) else { return };
            kept.official |= official && kept.kind == Kind::Person;
            kept.marks |= if from == to { 0 } else { marks };
        }
        if from == to {
            return;
        }
        *self.types.entry(ty).or_default() += 1;
        *self.ends.entry(layer).or_default() += 2;
        if let Some(start) = start {
            *self.years.entry((ty, start.year())).or_default() += 1;
        }
    }

    /// Counts what a tie of [`Census::DECIDED`] says was decided, and by whom.
    pub fn decided(&mut self, tie: &Tie) {
        if tie.from == tie.to {
            return;
        }
        let unit = self.agencies.get(&tie.from).and_then(|agency| self.units.get(agency));
        let sector = unit.map_or(0, |unit| unit.sector);
        let said = tie.said();
        self.globals.decided(Decided {
            ty: tie.ty,
            role: tie.role.as_deref(),
            decision: said.and_then(|values| values.decision),
            span: (tie.start, said.and_then(|values| values.end)),
            sector: self.texts.get(sector as usize).map_or("", String::as_str),
        });
    }

    /// The counts.
    pub fn finish(mut self) -> Globals {
        let mut globals = std::mem::take(&mut self.globals);
        let code = |(ty, count): (&TieType, &u64)| (ty.code().to_owned(), *count);
        globals.ties = self.types.iter().map(code).collect();
        globals.ends = self.ends.iter().map(|(layer, count)| (layer.code().to_owned(), *count)).collect();
        globals.years =
            self.years.iter().map(|((ty, year), count)| (format!("{}/{year}", ty.code()), *count)).collect();
        for kept in &self.kept {
            let place = if kept.official { self.place_of(kept) } else { kept.place };
            globals.node(Counted {
                kind: kept.kind,
                official: kept.official,
                marks: kept.marks,
                place: self.text(place),
                outcome: self.text(kept.outcome),
            });
        }
        globals
    }

    /// An official's jurisdiction: his own, else his agency's, else its parent's.
    fn place_of(&self, official: &Kept) -> Word {
        let agency = self.units.get(&official.agency);
        let parent = agency.and_then(|agency| self.units.get(&agency.parent));
        let all = [Some(official.place), agency.map(|unit| unit.place), parent.map(|unit| unit.place)];
        all.into_iter().flatten().find(|place| *place != 0).unwrap_or(0)
    }

    fn word(&mut self, text: Option<&str>) -> Word {
        let Some(text) = text else { return 0 };
        if let Some(&word) = self.words.get(text) {
            return word;
        }
        let word = self.texts.len() as Word;
        self.texts.push(text.to_owned());
        self.words.insert(text.to_owned(), word);
        word
    }

    fn text(&self, word: Word) -> Option<&str> {
        (word != 0).then(|| self.texts.get(word as usize).map(String::as_str)).flatten()
    }
}
