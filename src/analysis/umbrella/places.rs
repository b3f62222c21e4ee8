//! What is on file of each place: who belongs there, and how many records name them, by year.
//!
//! A place is a jurisdiction. Who names one belongs there; else whose agency does, or its parent; else whose
//! gang does. Others (people, accounts and phones, mostly) belong nowhere, and count for the whole file alone.
//! Kept are at most [`MOST_PLACES`], the largest: further ones are judged by the whole file.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::globals::{Globals, Tally, jurisdiction, less};
use crate::model::{Date, Kind, TieType};
use crate::network::{Network, NodeIx};

/// The types of tie that are counted by place.
pub(super) const RECORDS: [TieType; 7] = [
    TieType::Payment,
    TieType::Handled,
    TieType::Call,
    TieType::Inspected,
    TieType::Licensed,
    TieType::Reviewed,
    TieType::About,
];

/// Places that are kept, at most.
pub(super) const MOST_PLACES: usize = 1000;
/// The first year that is told from others; what is earlier, much later or has no day counts under [`UNDATED`].
const FIRST_YEAR: u16 = 1900;
/// How many years are told apart, with [`UNDATED`].
const YEARS: usize = 202;
/// The year of what has none.
pub(super) const UNDATED: u16 = 0;

/// What is on file of one place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Who and what belongs there, by sort (a kind; `official` and `member` of people).
    pub nodes: BTreeMap<String, u64>,
    /// Ends of ties of those that belong there, by type and year of start; 0 where no day is told.
    pub records: BTreeMap<String, BTreeMap<u16, u64>>,
    /// Its officials with kin on file.
    pub kin: Tally,
    /// Its companies with an owner or a director on file.
    pub owned: Tally,
    /// Its cases with somebody who handled them.
    pub handled: Tally,
}

impl Place {
    /// Adds what another part of the same file holds of the place.
    pub(super) fn merge(&mut self, other: &Self) {
        for (sort, count) in &other.nodes {
            *self.nodes.entry(sort.clone()).or_default() += count;
        }
        for (ty, years) in &other.records {
            let own = self.records.entry(ty.clone()).or_default();
            years.iter().for_each(|(year, count)| *own.entry(*year).or_default() += count);
        }
        self.kin.merge(other.kin);
        self.owned.merge(other.owned);
        self.handled.merge(other.handled);
    }
}

impl Place {
    /// Takes away what a part holds that was merged.
    pub(super) fn part_with(&mut self, other: &Self) {
        less(&mut self.nodes, &other.nodes);
        for (ty, years) in &other.records {
            self.records.get_mut(ty).into_iter().for_each(|own| less(own, years));
        }
        self.records.retain(|_, years| !years.is_empty());
        self.kin.part_with(other.kin);
        self.owned.part_with(other.owned);
        self.handled.part_with(other.handled);
    }
}

/// The place that somebody or something belongs to.
pub(super) fn home(network: &Network, node: NodeIx) -> Option<&str> {
    let of_gang = || {
        let gang = network.prop(node, "gang").and_then(|gang| network.node(gang))?;
        network.prop(gang, "jurisdiction")
    };
    jurisdiction(network, node).or_else(of_gang)
}

/// Who is of one sort has about as many records as others of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Official,
    Member,
    Other(Kind),
}

impl Sort {
    /// The sort of an entity of this kind, that names an agency or a gang.
    pub fn of(kind: Kind, agency: bool, gang: bool) -> Self {
        match kind {
            Kind::Person if agency => Self::Official,
            Kind::Person if gang => Self::Member,
            kind => Self::Other(kind),
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Member => "member",
            Self::Other(kind) => kind.code(),
        }
    }

    const COUNT: usize = Kind::ALL.len() + 2;

    fn at(self) -> usize {
        match self {
            Self::Official => 0,
            Self::Member => 1,
            Self::Other(kind) => 2 + Kind::ALL.iter().position(|one| *one == kind).unwrap_or(0),
        }
    }

    fn all() -> impl Iterator<Item = Self> {
        [Self::Official, Self::Member].into_iter().chain(Kind::ALL.iter().map(|kind| Self::Other(*kind)))
    }
}

/// Where one entity belongs.
#[derive(Clone, Copy)]
struct Home {
    /// Among the places kept; `u16::MAX` is none of them.
    place: u16,
    sort: u8,
}

/// Where everybody belongs: a few bytes an entity.
pub(super) struct Homes {
    names: Vec<String>,
    of: Vec<Home>,
}

impl Homes {
    /// Of these entities, in their order, each with its place and its sort.
    pub fn of<'a>(entities: impl Iterator<Item = (Option<&'a str>, Sort)> + Clone) -> Self {
        let mut sizes: BTreeMap<&str, u64> = BTreeMap::new();
        for place in entities.clone().filter_map(|(place, _)| place) {
            *sizes.entry(place).or_default() += 1;
        }
        let mut largest: Vec<(&str, u64)> = sizes.into_iter().collect();
        largest.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        largest.truncate(MOST_PLACES);
        let names: BTreeSet<&str> = largest.into_iter().map(|(name, _)| name).collect();
        let places: BTreeMap<&str, u16> = names.iter().copied().zip(0..).collect();
        let home = |(place, sort): (Option<&str>, Sort)| Home {
            place: place.and_then(|place| places.get(place)).copied().unwrap_or(u16::MAX),
            sort: sort.at() as u8,
        };
        Self { of: entities.map(home).collect(), names: names.iter().map(|&name| name.to_owned()).collect() }
    }

    /// The place of an entity, where it is one of those kept.
    pub fn place(&self, at: usize) -> Option<&str> {
        self.names.get(usize::from(self.of.get(at)?.place)).map(String::as_str)
    }

    /// Begins a count of the ends of ties.
    pub fn ends(&self) -> Ends {
        let size = self.names.len() * RECORDS.len() * YEARS;
        Ends { by_year: vec![0; size], by_sort: vec![0; RECORDS.len() * Sort::COUNT] }
    }
}

/// Ends of ties by place and year, and by sort, under way.
pub(super) struct Ends {
    by_year: Vec<u64>,
    by_sort: Vec<u64>,
}

impl Ends {
    /// Counts both ends of a tie, by their places in the order of the entities.
    pub fn tie(&mut self, homes: &Homes, ends: [usize; 2], ty: TieType, start: Option<Date>) {
        let Some(record) = RECORDS.iter().position(|one| *one == ty) else { return };
        let year = start.and_then(|date| date.year().checked_sub(FIRST_YEAR)).map_or(0, |year| year + 1);
        let year = Some(usize::from(year)).filter(|year| *year < YEARS).unwrap_or(0);
        for home in ends.iter().filter_map(|&end| homes.of.get(end)).filter(|home| home.place != u16::MAX) {
            let cell = (usize::from(home.place) * RECORDS.len() + record) * YEARS + year;
            let sort = record * Sort::COUNT + usize::from(home.sort);
            self.by_year.get_mut(cell).into_iter().for_each(|count| *count += 1);
            self.by_sort.get_mut(sort).into_iter().for_each(|count| *count += 1);
        }
    }

    /// Puts them down to their places.
    pub fn finish(self, homes: &Homes, globals: &mut Globals) {
        let of_places = self.by_year.chunks(RECORDS.len() * YEARS);
        for (name, of_place) in homes.names.iter().zip(of_places) {
            for (ty, years) in RECORDS.iter().zip(of_place.chunks(YEARS)) {
                for (at, count) in years.iter().enumerate().filter(|(_, count)| **count > 0) {
                    let year = if at == 0 { UNDATED } else { FIRST_YEAR + (at - 1) as u16 };
                    let place = globals.places.entry(name.clone()).or_default();
                    *place.records.entry(ty.code().to_owned()).or_default().entry(year).or_default() += count;
                }
            }
        }
        for (ty, sorts) in RECORDS.iter().zip(self.by_sort.chunks(Sort::COUNT)) {
            for (sort, count) in Sort::all().zip(sorts).filter(|(_, count)| **count > 0) {
                *globals.placed.entry(format!("{}/{}", ty.code(), sort.code())).or_default() += count;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Town;
    use super::super::{Globals, globals};
    use super::*;
    use crate::model::Table;

    #[test]
    fn who_belongs_where_and_what_names_them_is_counted_by_year() {
        let mut town = Town::default();
        town.entity("a1", Kind::Agency, Table::Organisations, &[("parent", "a2")]);
        town.entity("a2", Kind::Agency, Table::Organisations, &[("jurisdiction", "east")]);
        town.entity("g1", Kind::Gang, Table::Organisations, &[("jurisdiction", "west")]);
        town.official("o1", "a1").member("m1", "g1").people(&["p1"]);
        town.entity("c1", Kind::Company, Table::Organisations, &[("jurisdiction", "east")]);
        town.add(TieType::Call, "o1", "m1", &[("start", "2019-03")]);
        town.add(TieType::Call, "o1", "p1", &[]);
        town.add(TieType::Inspected, "o1", "c1", &[("start", "1200-01-01")]);
        let found: Globals = globals(&town.network());
        let (east, west) = (&found.places["east"], &found.places["west"]);
        assert_eq!(east.records["call"], BTreeMap::from([(2019, 1), (UNDATED, 1)]));
        assert_eq!(west.records["call"], BTreeMap::from([(2019, 1)]));
        assert_eq!(east.records["inspected"], BTreeMap::from([(UNDATED, 2)]));
        assert_eq!((east.nodes["official"], west.nodes["member"], east.nodes["company"]), (1, 1, 1));
        assert_eq!((found.placed["call/official"], found.placed["call/member"]), (2, 1));
        assert_eq!((east.kin.all, east.owned), (1, Tally { yes: 0, all: 1 }));
    }

    #[test]
    fn only_the_largest_places_are_kept() {
        let many: Vec<String> = (0..MOST_PLACES + 5).map(|at| format!("d{at:04}")).collect();
        let each = many.iter().map(|name| (Some(name.as_str()), Sort::Official));
        let homes = Homes::of(each.chain([(Some("d1003"), Sort::Official), (None, Sort::Member)]));
        assert_eq!(homes.names.len(), MOST_PLACES);
        assert_eq!(
            (homes.place(1003), homes.place(999), homes.place(MOST_PLACES + 6)),
            (Some("d1003"), None, None)
        );
    }
}
