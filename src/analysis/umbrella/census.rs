//! [`Globals`] of a file that is not loaded: counted as its entities and ties pass.
//!
//! First every entity ([`Census`]), then, when all are known ([`Placed`]), every tie ([`Count`]), in as many
//! counts as there are threads.
//! Kept are a few bytes an entity, so that ten million ties need no network. The plain twin is
//! [`super::globals`] over a network that holds everything.

use std::collections::{BTreeMap, HashMap};

use super::globals::{Counted, DECIDED, Decided, Globals, marks_of};
use super::places::{Ends, Homes, Sort};
use crate::model::{Date, Entity, Id, Kind, Layer, Table, Tie, TieType};

/// A word that was kept once; 0 is none.
type Word = u32;

/// What is kept of an entity.
struct Kept {
    kind: Kind,
    official: bool,
    /// A person's agency, and his gang.
    agency: Word,
    gang: Word,
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

/// The mark of somebody whom a tie makes an official; the lower ones are those of [`marks_of`].
const OFFICIAL: u8 = 128;

/// The entities of a file, while they pass.
pub struct Census {
    words: HashMap<String, Word>,
    texts: Vec<String>,
    kept: Vec<Kept>,
    units: HashMap<Word, Unit>,
    /// Agencies of those who have one, by their ids.
    agencies: HashMap<Id, Word>,
}

impl Default for Census {
    fn default() -> Self {
        Self {
            words: HashMap::new(),
            texts: vec![String::new()],
            kept: Vec::new(),
            units: HashMap::new(),
            agencies: HashMap::new(),
        }
    }
}

impl Census {
    /// Notes an entity. Ties name entities by their place in the order of these calls.
    pub fn entity(&mut self, entity: &Entity) {
        let person = entity.kind == Kind::Person;
        let mut word = |name: &str| self.word(entity.prop(name));
        let (agency, place, outcome) = (word("agency"), word("jurisdiction"), word("outcome"));
        let (sector, parent, gang) = (word("sector"), word("parent"), word("gang"));
        if place | sector | parent != 0 {
            let id = self.word(Some(entity.id.as_str()));
            self.units.insert(id, Unit { sector, place, parent });
        }
        if agency != 0 {
            self.agencies.insert(entity.id.clone(), agency);
        }
        let official = person && entity.stands_in(Table::Officials);
        self.kept.push(Kept { kind: entity.kind, official, agency, gang, place, outcome });
    }

    /// When all entities have passed: where each belongs.
    pub fn placed(self) -> Placed {
        let home = |kept: &Kept| (self.text(self.home_of(kept)), kept.sort());
        let homes = Homes::of(self.kept.iter().map(home));
        Placed { census: self, homes }
    }

    /// Where somebody or something belongs: its jurisdiction, else its gang's.
    fn home_of(&self, kept: &Kept) -> Word {
        match self.place_of(kept) {
            0 => self.units.get(&kept.gang).map_or(0, |gang| gang.place),
            place => place,
        }
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

impl Kept {
    fn sort(&self) -> Sort {
        Sort::of(self.kind, self.agency != 0, self.gang != 0)
    }
}

/// The entities of a file, all of them, while its ties are counted.
pub struct Placed {
    census: Census,
    homes: Homes,
}

impl Placed {
    /// Begins a count of ties. Each tie is told to one count.
    pub fn count(&self) -> Count<'_> {
        let marks = vec![0; self.census.kept.len()];
        let (types, ends, years) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Count { all: self, marks, types, ends, years, places: self.homes.ends(), globals: Globals::default() }
    }

    /// The counts, with those of all ties.
    pub fn finish(&self, ties: Vec<Ties>) -> Globals {
        let census = &self.census;
        let mut globals = Globals::default();
        let mut all = vec![0_u8; census.kept.len()];
        for Ties { marks, globals: counted } in ties {
            globals.merge(&counted);
            all.iter_mut().zip(marks).for_each(|(all, marks)| *all |= marks);
        }
        for (at, (kept, marks)) in census.kept.iter().zip(all).enumerate() {
            let official = kept.official || (kept.kind == Kind::Person && marks & OFFICIAL != 0);
            let place = if official { census.place_of(kept) } else { kept.place };
            globals.node(Counted {
                kind: kept.kind,
                official,
                marks: marks & !OFFICIAL,
                place: census.text(place),
                home: self.homes.place(at).map(|name| (name, kept.sort())),
                outcome: census.text(kept.outcome),
            });
        }
        globals
    }
}

/// A count of ties under way.
pub struct Count<'a> {
    all: &'a Placed,
    marks: Vec<u8>,
    types: BTreeMap<TieType, u64>,
    ends: BTreeMap<Layer, u64>,
    years: BTreeMap<(TieType, u16), u64>,
    places: Ends,
    globals: Globals,
}

/// A finished count of ties.
pub struct Ties {
    /// What they say of each entity.
    marks: Vec<u8>,
    globals: Globals,
}

impl Count<'_> {
    /// The types of tie of which [`Count::decided`] must be told as well.
    pub const DECIDED: &'static [TieType] = DECIDED;

    /// Counts a tie between two entities, by where they stand in the order of [`Census::entity`].
    pub fn tie(&mut self, from: usize, to: usize, ty: TieType, layer: Layer, start: Option<Date>) {
        // A tie to oneself has a wrong end: it makes nobody an official, and counts as none.
        if from == to {
            return;
        }
        let own = marks_of(ty);
        let duty = if ty.makes_official() { OFFICIAL } else { 0 };
        for (at, marks) in [(from, own.0 | duty), (to, own.1)] {
            let Some(kept) = self.marks.get_mut(at) else { return };
            *kept |= marks;
        }
        *self.types.entry(ty).or_default() += 1;
        *self.ends.entry(layer).or_default() += 2;
        if let Some(start) = start {
            *self.years.entry((ty, start.year())).or_default() += 1;
        }
        self.places.tie(&self.all.homes, [from, to], ty, start);
    }

    /// Counts what a tie of [`Count::DECIDED`] says was decided, and by whom.
    pub fn decided(&mut self, tie: &Tie) {
        if tie.from == tie.to {
            return;
        }
        let census = &self.all.census;
        let unit = census.agencies.get(&tie.from).and_then(|agency| census.units.get(agency));
        let sector = unit.map_or(0, |unit| unit.sector);
        let said = tie.said();
        self.globals.decided(Decided {
            ty: tie.ty,
            role: tie.role.as_deref(),
            decision: said.and_then(|values| values.decision),
            span: (tie.start, said.and_then(|values| values.end)),
            sector: census.texts.get(sector as usize).map_or("", String::as_str),
        });
    }

    /// The count.
    pub fn finish(self) -> Ties {
        let Self { all, marks, types, ends, years, places, mut globals } = self;
        places.finish(&all.homes, &mut globals);
        globals.ties = types.into_iter().map(|(ty, count)| (ty.code().to_owned(), count)).collect();
        globals.ends = ends.into_iter().map(|(layer, count)| (layer.code().to_owned(), count)).collect();
        let year = |((ty, year), count): ((TieType, u16), u64)| (format!("{}/{year}", ty.code()), count);
        globals.years = years.into_iter().map(year).collect();
        Ties { marks, globals }
    }
}
