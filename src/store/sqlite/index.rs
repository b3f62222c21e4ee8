//! All names of a store in memory: what is searched again and again.
//!
//! A city's people share their names, so each different name stands once, with its syllables; the entities
//! that have it follow in id order. A search looks at every different name (columns of numbers and one block
//! of text, in milliseconds) and tells who may match, best first: whether somebody does is decided on the
//! entity as the reader sees it (`search`).

use std::collections::HashMap;

use super::names::{are_first_letters, is_spoken, readings};
use super::view::SqliteView;
use crate::model::Id;
use crate::store::StoreError;

/// Every name of a store, whoever may see it, for [`crate::store::View::find_among`]. Of one content alone; may be kept as
/// bytes beside the store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The different names as they are compared, one behind the other, and where each ends.
    keys: String,
    ends: Vec<u32>,
    /// The syllables of each by their place in `syllables`, and where each name's end: none of a name that is
    /// not Chinese.
    spoken: Vec<u32>,
    spoken_ends: Vec<u32>,
    /// The different syllables, with `/` between the readings of one.
    syllables: Vec<String>,
    /// Who has a name and which, in the order of their ids.
    entities: Vec<u32>,
    own: Vec<u32>,
}

/// How well a name may match: the grade of the best hit it can make, as `search` grades them.
pub(super) mod grade {
    pub const WHOLE: u8 = 1;
    pub const PART: u8 = 3;
    pub const READ: u8 = 4;
    pub const INITIALS: u8 = 5;
    pub(super) const NONE: u8 = u8::MAX;
}

/// What a syllable may be of the letters that are looked for.
mod may {
    use super::super::names::{begins, is_begun_by, may_begin};

    /// They are its beginning, or all of it.
    pub const BE_ALL: u8 = 1;
    /// It is how they begin.
    pub const BEGIN: u8 = 2;
    /// It has their first letter.
    pub const HAVE_THE_INITIAL: u8 = 4;

    pub fn of(syllable: &str, letters: &str, initial: char) -> u8 {
        let [all, begin, first] =
            [is_begun_by(syllable, letters), may_begin(syllable, letters), begins(syllable, initial)];
        [(all, BE_ALL), (begin, BEGIN), (first, HAVE_THE_INITIAL)]
            .iter()
            .fold(0, |may, (is, what)| if *is { may | what } else { may })
    }
}

/// Who may match, looked for as far as somebody asks: what many have is found at once.
pub(super) struct Candidates<'n> {
    names: &'n Names,
    /// How well each name may match.
    grades: Vec<u8>,
}

impl Candidates<'_> {
    /// The grades that some name has, best first.
    pub fn grades(&self) -> impl Iterator<Item = u8> + use<> {
        let mut there = [false; grade::INITIALS as usize + 1];
        for grade in &self.grades {
            there.get_mut(usize::from(*grade)).into_iter().for_each(|there| *there = true);
        }
        (0_u8..).zip(there).filter_map(|(grade, there)| there.then_some(grade))
    }

    /// The numbers of the entities whose best hit may be of this grade, by id.
    pub fn of(&self, best: u8) -> impl Iterator<Item = u32> {
        let of_grade = move |&(_, name): &(usize, &u32)| self.grade(*name) == best;
        let found = self.names.own.iter().enumerate().filter(of_grade);
        found.filter_map(move |(at, _)| self.names.entities.get(at).copied().filter(|_| self.is_best(at)))
    }

    fn grade(&self, name: u32) -> u8 {
        self.grades.get(name as usize).copied().unwrap_or(grade::NONE)
    }

    /// Whether no other name of the same entity, which stand side by side, is better than this one, or as good and before it.
    fn is_best(&self, at: usize) -> bool {
        let (entities, own) = (&self.names.entities, &self.names.own);
        let grade = |at: usize| own.get(at).map_or(grade::NONE, |&name| self.grade(name));
        let same = |other: &usize| entities.get(*other) == entities.get(at);
        let mut before = (0..at).rev().take_while(same);
        let mut after = (at + 1..entities.len()).take_while(same);
        before.all(|other| grade(other) > grade(at)) && after.all(|other| grade(other) >= grade(at))
    }
}

impl SqliteView {
    /// Every name. Cost: a pass over the names and one over the ids.
    pub(super) fn all_names(&self) -> Result<Names, StoreError> {
        let small = |n: i64| super::rows::entity_number(n).ok_or_else(|| self.misnumbered());
        let mut ranks: Vec<u32> = Vec::new();
        let mut rank = 0;
        self.each_row(include_str!("../../../queries/sqlite/entities_by_id.sql"), [], |row| {
            let n = small(row.get(0).map_err(|why| self.err(why))?)? as usize;
            ranks.resize(ranks.len().max(n + 1), u32::MAX);
            ranks.get_mut(n).into_iter().for_each(|own| *own = rank);
            rank += 1;
            Ok(())
        })?;
        let mut gathered = Gathered::default();
        self.each_row(include_str!("../../../queries/sqlite/names_all.sql"), [], |row| {
            let read = || Ok((row.get_ref(0)?.as_str()?, row.get(1)?, row.get_ref(2)?.as_str_or_null()?));
            let (key, entity, reading) = read().map_err(|why| self.err(why))?;
            let entity = small(entity)?;
            let rank = ranks.get(entity as usize).copied().unwrap_or(u32::MAX);
            let added = gathered.add(key, || reading.map(str::to_owned), (rank, entity));
            added.ok_or_else(|| self.damaged("names are too long"))
        })?;
        Ok(gathered.finish())
    }
}

/// Names while they come, in the order in which they are compared.
#[derive(Default)]
struct Gathered {
    names: Names,
    /// Where each syllable stands.
    places: HashMap<String, u32>,
    /// The rank of an entity by its id, the name, the entity.
    had: Vec<(u32, u32, u32)>,
}

impl Gathered {
    /// Adds a name of an entity, given by the rank of its id and its number; `None` past 4 GiB.
    fn add(
        &mut self,
        key: &str,
        reading: impl FnOnce() -> Option<String>,
        (rank, entity): (u32, u32),
    ) -> Option<()> {
        if self.names.ends.is_empty() || self.names.last() != key {
            self.names.add(key, reading().as_deref(), &mut self.places)?;
        }
        self.had.push((rank, self.names.ends.len() as u32 - 1, entity));
        Some(())
    }

    fn finish(self) -> Names {
        let Self { mut names, mut had, .. } = self;
        had.sort_unstable();
        (names.own, names.entities) = had.into_iter().map(|(_, name, entity)| (name, entity)).unzip();
        names
    }
}

impl Names {
    /// The names of entities, folded, by number; each of whom stands among the ids. `None` past 4 GiB.
    pub(in crate::store) fn of(mut ids: Vec<(Id, u32)>, mut called: Vec<(String, u32)>) -> Option<Self> {
        ids.sort_unstable();
        let ranks: HashMap<u32, u32> = ids.iter().zip(0..).map(|((_, n), rank)| (*n, rank)).collect();
        called.sort_unstable();
        called.dedup();
        let mut gathered = Gathered::default();
        for (key, n) in called {
            let rank = ranks.get(&n).copied().unwrap_or(u32::MAX);
            gathered.add(&key, || readings(&key), (rank, n))?;
        }
        Some(gathered.finish())
    }

    /// How many names entities have.
    pub fn count(&self) -> usize {
        self.own.len()
    }

    /// Adds a name that is not there; `None` past 4 GiB.
    fn add(&mut self, key: &str, reading: Option<&str>, places: &mut HashMap<String, u32>) -> Option<()> {
        self.keys.push_str(key);
        self.ends.push(u32::try_from(self.keys.len()).ok()?);
        for syllable in reading.into_iter().flat_map(|reading| reading.split(' ')) {
            let place = places.get(syllable).copied().unwrap_or_else(|| {
                let place = self.syllables.len() as u32;
                places.insert(syllable.to_owned(), place);
                self.syllables.push(syllable.to_owned());
                place
            });
            self.spoken.push(place);
        }
        self.spoken_ends.push(u32::try_from(self.spoken.len()).ok()?);
        Some(())
    }

    /// The name added last.
    fn last(&self) -> &str {
        let (start, end) = self.ends.len().checked_sub(1).map_or((0, 0), |at| span(&self.ends, at));
        self.keys.get(start..end).unwrap_or("")
    }

    /// Who may match.
    pub(super) fn candidates(&self, key: &str, letters: Option<&str>) -> Candidates<'_> {
        Candidates { names: self, grades: self.grades(key, letters) }
    }

    /// How well each name may match.
    fn grades(&self, key: &str, letters: Option<&str>) -> Vec<u8> {
        let mut grades = vec![grade::NONE; self.ends.len()];
        self.with_part(key, |name, whole| {
            let best = if whole { grade::WHOLE } else { grade::PART };
            grades.get_mut(name).into_iter().for_each(|grade| *grade = best);
        });
        let Some((letters, initial)) = letters.and_then(|text| Some((text, text.chars().next()?))) else {
            return grades;
        };
        // Nearly all names are told apart by what their syllables may stand for.
        let may: Vec<u8> =
            self.syllables.iter().map(|syllable| may::of(syllable, letters, initial)).collect();
        let may = |syllable: &u32| may.get(*syllable as usize).copied().unwrap_or_default();
        let mut said: Vec<&str> = Vec::new();
        let mut start = 0;
        for (own, &end) in grades.iter_mut().zip(&self.spoken_ends) {
            let spoken = self.spoken.get(start..end as usize).unwrap_or_default();
            start = end as usize;
            if *own != grade::NONE {
                continue;
            }
            let any = spoken.iter().fold(0, |any, syllable| any | may(syllable));
            if any & may::BE_ALL != 0 {
                *own = grade::READ;
                continue;
            }
            let begun = any & may::BEGIN != 0;
            let has_initial = spoken.first().is_some_and(|first| may(first) & may::HAVE_THE_INITIAL != 0);
            if !begun && !has_initial {
                continue;
            }
            said.clear();
            said.extend(spoken.iter().filter_map(|&at| self.syllables.get(at as usize)).map(String::as_str));
            if begun && is_spoken(&said, letters) {
                *own = grade::READ;
            } else if are_first_letters(said.iter().copied(), letters) {
                *own = grade::INITIALS;
            }
        }
        grades
    }

    /// Tells of each name that a text is part of, and whether it is the whole of it.
    fn with_part(&self, text: &str, mut each: impl FnMut(usize, bool)) {
        let (mut from, finder) = (0, memchr::memmem::Finder::new(text));
        while let Some(found) = self.keys.as_bytes().get(from..).and_then(|rest| finder.find(rest)) {
            let start = from + found;
            let name = self.ends.partition_point(|&end| end as usize <= start);
            let (first, end) = span(&self.ends, name);
            if start + text.len() <= end {
                each(name, text.len() == end - first);
                from = end;
            } else {
                // Two names that stand side by side make no third.
                from = start
                    + self.keys.get(start..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
            }
        }
    }

    /// The names as bytes, for [`Names::from_bytes`] of the same program.
    pub fn to_bytes(&self) -> Vec<u8> {
        let syllables = self.syllables.join(" ");
        let mut bytes = Vec::new();
        for text in [&self.keys, &syllables] {
            bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
        for column in [&self.ends, &self.spoken, &self.spoken_ends, &self.entities, &self.own] {
            bytes.extend_from_slice(&(column.len() as u64 * 4).to_le_bytes());
            column.iter().for_each(|number| bytes.extend_from_slice(&number.to_le_bytes()));
        }
        bytes
    }

    /// The names that were made these bytes; `None` of others.
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let mut next = || {
            let (length, rest) = bytes.split_at_checked(8)?;
            let length = usize::try_from(u64::from_le_bytes(length.try_into().ok()?)).ok()?;
            let (part, rest) = rest.split_at_checked(length)?;
            bytes = rest;
            Some(part)
        };
        let text = |part: &[u8]| String::from_utf8(part.to_vec()).ok();
        let column = |part: &[u8]| -> Vec<u32> {
            part.chunks_exact(4).filter_map(|cell| cell.try_into().ok().map(u32::from_le_bytes)).collect()
        };
        let (keys, syllables) = (text(next()?)?, text(next()?)?);
        let [ends, spoken, spoken_ends, entities, own] =
            [next()?, next()?, next()?, next()?, next()?].map(column);
        let syllables: Vec<String> =
            syllables.split(' ').filter(|s| !s.is_empty()).map(str::to_owned).collect();
        let fits = ends.len() == spoken_ends.len() && entities.len() == own.len() && bytes.is_empty();
        fits.then_some(Self { keys, ends, spoken, spoken_ends, syllables, entities, own })
    }
}

/// Where a part of a column begins and ends, given where each ends.
fn span(ends: &[u32], at: usize) -> (usize, usize) {
    let end = |at: usize| ends.get(at).map_or(0, |&end| end as usize);
    (at.checked_sub(1).map_or(0, end), end(at))
}
