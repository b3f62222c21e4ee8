//! Ids: a letter and a number that a permutation gives, so that they say nothing of who was made
//! first, or why.

use std::fmt;

use super::chance::{Permutation, Seed};
use super::world::Part;

/// Anything that a row can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Person(u32),
    /// The second record of a person.
    Double(u32),
    Agency(u32),
    Gang(u32),
    Company(u32),
    Case(u32),
    Lead(u32),
    /// The account of a person, or of a company after all persons.
    Account(u32),
    Phone(u32),
    Event(u32),
    Source(u32),
}

/// Gives ids.
pub(super) struct Ids {
    people: u32,
    parts: Vec<Part>,
    /// Persons and doubles, organisations, cases, leads, objects, sources.
    kinds: [Permutation; 6],
    rows: Permutation,
}

/// Half the bits of a number in an id: six hexadecimal digits, 16.7 million of a kind.
const HALF: u32 = 12;

/// The most people that ids reach for: each may stand twice, and have an account and a phone.
pub(super) const MOST_PEOPLE: u32 = 1 << 22;

impl Ids {
    pub fn new(seed: Seed, parts: &[Part]) -> Self {
        let kind = |purpose| Permutation::new(seed, purpose, HALF);
        Self {
            people: parts.len() as u32,
            parts: parts.to_vec(),
            kinds: ["person", "organisation", "case", "lead", "object", "source"].map(kind),
            rows: Permutation::new(seed, "row", 16),
        }
    }

    /// The letter and the number of something.
    pub fn of(&self, node: Node) -> Name {
        let [people, organisations, cases, leads, objects, sources] = self.kinds;
        let part = |person: u32| match self.parts[person as usize] {
            Part::Official => 'o',
            Part::Listed => 'm',
            Part::Nobody | Part::Unlisted => 'p',
        };
        // Agencies, gangs and companies are dealt out of one pack, and so are objects.
        let (letter, number) = match node {
            Node::Person(at) => (part(at), people.of(at)),
            Node::Double(at) => ('p', people.of(self.people + at)),
            Node::Agency(at) => ('a', organisations.of(3 * at)),
            Node::Gang(at) => ('g', organisations.of(3 * at + 1)),
            Node::Company(at) => ('c', organisations.of(3 * at + 2)),
            Node::Case(at) => ('k', cases.of(at)),
            Node::Lead(at) => ('l', leads.of(at)),
            Node::Account(at) => ('b', objects.of(3 * at)),
            Node::Phone(at) => ('t', objects.of(3 * at + 1)),
            Node::Event(at) => ('e', objects.of(3 * at + 2)),
            Node::Source(at) => ('s', sources.of(at)),
        };
        Name { letter, number }
    }

    /// The number of a row, and its key in the table.
    pub fn row(&self, at: u32) -> u32 {
        self.rows.of(at)
    }
}

/// An id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    letter: char,
    number: u32,
}

impl Name {
    /// Where its row stands in its table.
    pub fn key(self) -> u32 {
        self.number << (32 - 2 * HALF)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:06x}", self.letter, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_things_have_one_id() {
        let ids = Ids::new(Seed::new(1), &[Part::Nobody; 500]);
        let kinds: [fn(u32) -> Node; 11] = [
            Node::Person,
            Node::Double,
            Node::Agency,
            Node::Gang,
            Node::Company,
            Node::Case,
            Node::Lead,
            Node::Account,
            Node::Phone,
            Node::Event,
            Node::Source,
        ];
        let mut all = std::collections::BTreeSet::new();
        for kind in kinds {
            (0..500).for_each(|at| assert!(all.insert(ids.of(kind(at)).to_string())));
        }
        const { assert!(3 * (MOST_PEOPLE + MOST_PEOPLE / 16) + 2 < 1 << (2 * HALF)) };
    }
}
