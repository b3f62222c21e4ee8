//! The entities of a bundle by id, and the names they go by, in little memory.
//!
//! Two million entities must leave room for a store beside them: an entity takes the letters of its
//! id and 32 bytes, a name 12 bytes and none of its letters.

use std::hash::{BuildHasher, RandomState};

use super::ids;
use super::names;
use crate::model::Kind;

/// A place in few bytes: the part and the line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Which part.
    pub part: u16,
    /// Its line.
    pub line: u32,
}

impl Place {
    /// A line of a part; what is out of range is the last there is.
    pub fn of(part: usize, line: u64) -> Self {
        Self { part: u16::try_from(part).unwrap_or(u16::MAX), line: u32::try_from(line).unwrap_or(u32::MAX) }
    }
}

/// What is known of an entity.
#[derive(Debug)]
pub(super) struct Entry {
    /// Where it was met first.
    pub place: Place,
    /// Rows that are sound so far.
    pub sound: u32,
    /// What it is.
    pub kind: Kind,
    /// It stands in `officials`.
    pub official: bool,
    /// The first of its tables in the order of handing out.
    pub rank: u8,
}

/// No entry.
const FREE: u32 = u32::MAX;

/// Entities by id: a list, and a table of places in it. The ids stand in one text, one behind the other.
pub(super) struct Register {
    ids: String,
    /// Where each id ends, and what is known of it.
    list: Vec<(u64, Entry)>,
    table: Vec<u32>,
    hasher: RandomState,
}

impl Register {
    /// Knows nobody.
    pub fn new() -> Self {
        Self { ids: String::new(), list: Vec::new(), table: vec![FREE; 64], hasher: RandomState::new() }
    }

    /// The number of an entity.
    pub fn number(&self, id: &str) -> Option<u32> {
        self.table.get(self.slot(id)).copied().filter(|number| *number != FREE)
    }

    /// An entity by id.
    pub fn find(&self, id: &str) -> Option<&Entry> {
        self.get(self.number(id)?)
    }

    /// An entity by number.
    pub fn get(&self, number: u32) -> Option<&Entry> {
        self.list.get(number as usize).map(|(_, entry)| entry)
    }

    /// The id of an entity.
    pub fn id(&self, number: u32) -> &str {
        let end = |at: usize| self.list.get(at).map_or(0, |(end, _)| *end as usize);
        let start = (number as usize).checked_sub(1).map_or(0, end);
        self.ids.get(start..end(number as usize)).unwrap_or_default()
    }

    /// An entity by number, to change it.
    pub fn get_mut(&mut self, number: u32) -> Option<&mut Entry> {
        self.list.get_mut(number as usize).map(|(_, entry)| entry)
    }

    /// The entity with this id, added if it is new.
    pub fn enter(&mut self, id: &str, entry: Entry) -> u32 {
        if let Some(number) = self.number(id) {
            return number;
        }
        if self.list.len() * 3 >= self.table.len() * 2 {
            self.grow();
        }
        let number = u32::try_from(self.list.len()).unwrap_or(FREE - 1);
        let slot = self.slot(id);
        if let Some(free) = self.table.get_mut(slot) {
            *free = number;
        }
        self.ids.push_str(id);
        self.list.push((self.ids.len() as u64, entry));
        number
    }

    /// Where the id stands in the table, or would.
    fn slot(&self, id: &str) -> usize {
        let mask = self.table.len() - 1;
        let mut slot = self.hasher.hash_one(id) as usize & mask;
        while let Some(&number) = self.table.get(slot).filter(|number| **number != FREE) {
            if self.id(number) == id {
                break;
            }
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        let size = self.table.len() * 2;
        self.table = Vec::new();
        let mut table = vec![FREE; size];
        for number in 0..self.list.len() as u32 {
            let mut slot = self.hasher.hash_one(self.id(number)) as usize & (size - 1);
            while table.get(slot).is_some_and(|&taken| taken != FREE) {
                slot = (slot + 1) & (size - 1);
            }
            if let Some(free) = table.get_mut(slot) {
                *free = number;
            }
        }
        self.table = table;
    }
}

/// Names and who has them: hashes in order, once all are in.
#[derive(Default)]
pub(super) struct Names {
    list: Vec<([u32; 2], u32)>,
}

impl Names {
    /// Adds a name of an entity.
    pub fn add(&mut self, name: &str, number: u32) {
        self.list.push((key(name), number));
    }

    /// All names are in.
    pub fn settle(&mut self) {
        self.list.sort_unstable();
        self.list.dedup();
        self.list.shrink_to_fit();
    }

    /// The entities that have a name.
    pub fn of(&self, name: &str) -> impl Iterator<Item = u32> + '_ {
        let key = key(name);
        let from = self.list.partition_point(|(other, _)| *other < key);
        self.list.iter().skip(from).take_while(move |(other, _)| *other == key).map(|(_, number)| *number)
    }
}

fn key(name: &str) -> [u32; 2] {
    let hash = ids::short(&names::folded(name));
    [(hash >> 32) as u32, hash as u32]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(line: u32) -> Entry {
        let place = Place { part: 0, line };
        Entry { place, sound: 1, kind: Kind::Person, official: false, rank: 0 }
    }

    #[test]
    fn everybody_is_found_by_id_and_entered_once() {
        let mut register = Register::new();
        for round in 0..2 {
            for k in 0..5_000 {
                assert_eq!(register.enter(&format!("p{k}"), entry(k)), k, "{round}");
            }
        }
        assert_eq!(register.number("p4999"), Some(4999));
        assert_eq!(register.find("p17").map(|entry| entry.place.line), Some(17));
        assert_eq!((register.id(0), register.id(4999), register.id(5000)), ("p0", "p4999", ""));
        assert!(register.find("q").is_none());
    }

    #[test]
    fn names_lead_to_all_who_have_them() {
        let mut names = Names::default();
        for (name, number) in [("Chen", 3), ("chen ", 1), ("Li", 2), ("Chen", 3)] {
            names.add(name, number);
        }
        names.settle();
        assert_eq!(names.of("CHEN").collect::<Vec<_>>(), [1, 3]);
        assert_eq!(names.of("Wu").count(), 0);
    }
}
