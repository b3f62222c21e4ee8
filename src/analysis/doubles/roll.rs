//! Likely doubles of a file that is not loaded: found as its entities and ties pass.
//!
//! First every entity ([`Roll`]), then every tie ([`Meetings`], as many as there are threads). Most
//! candidates fall away by what is on their cards alone; of the rest the neighbours are kept. The plain
//! twin is [`super::positions`].

use std::collections::BTreeSet;

use super::card::{self, Card, LEAST, candidates, is_quiet};
use super::cards::Cards;
use crate::model::{Entity, Kind, TieType};

/// Everybody's card.
#[derive(Default)]
pub struct Roll {
    kinds: Vec<Kind>,
    /// People, by place, with their cards.
    people: Vec<(u32, Card)>,
}

/// Two places of people who are likely one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likely {
    /// One.
    pub a: usize,
    /// The other, further on.
    pub b: usize,
    /// How likely.
    pub probability: f64,
}

impl Roll {
    /// Notes an entity. Ties name entities by their place in the order of these calls.
    pub fn entity(&mut self, entity: &Entity) {
        if entity.kind == Kind::Person {
            self.people.push((self.kinds.len() as u32, Card::of_entity(entity)));
        }
        self.kinds.push(entity.kind);
    }

    /// Everybody's card, where each is known by a number of the store's: by the places of [`Roll::entity`].
    pub fn cards(&self, number: impl Fn(usize) -> Option<u32>) -> Cards {
        let card = |(place, card): &(u32, Card)| Some((number(*place as usize)?, card.clone()));
        Cards::of(self.people.iter().filter_map(card))
    }

    /// Finds the candidates: now their ties may pass.
    pub fn call(self) -> Called {
        let known: Vec<&Card> = self.people.iter().map(|(_, card)| card).collect();
        let pairs = candidates(&known);
        drop(known);
        let mut wanted = vec![false; self.kinds.len()];
        for &(a, b) in &pairs {
            for at in [a, b] {
                let place = self.people.get(at as usize).map_or(0, |(place, _)| *place);
                wanted.get_mut(place as usize).into_iter().for_each(|flag| *flag = true);
            }
        }
        Called { roll: self, pairs, wanted }
    }
}

/// The candidates, while ties pass.
pub struct Called {
    roll: Roll,
    /// Places among the people.
    pairs: Vec<(u32, u32)>,
    /// Whose neighbours are kept.
    wanted: Vec<bool>,
}

/// What ties say of the candidates.
pub struct Meetings<'a> {
    wanted: &'a [bool],
    met: Met,
}

/// What was kept of the ties that passed.
#[derive(Default)]
pub struct Met {
    /// How many ties each has, those to oneself left out.
    ties: Vec<u32>,
    /// Neighbours of those wanted.
    near: Vec<(u32, u32)>,
    /// Ends of ties that say that they are two.
    tied: BTreeSet<(u32, u32)>,
}

impl Meetings<'_> {
    /// Notes a tie between two entities.
    pub fn tie(&mut self, from: usize, to: usize, ty: TieType) {
        if from == to {
            return;
        }
        let is_wanted = |at: usize| self.wanted.get(at).copied().unwrap_or(false);
        for (at, other) in [(from, to), (to, from)] {
            if is_wanted(at) {
                self.met.near.push((at as u32, other as u32));
            }
            self.met.ties.get_mut(at).into_iter().for_each(|ties| *ties += 1);
        }
        if is_wanted(from) && is_wanted(to) && ty != TieType::Same {
            self.met.tied.insert((from.min(to) as u32, from.max(to) as u32));
        }
    }

    /// What was noted.
    pub fn finish(self) -> Met {
        self.met
    }
}

impl Met {
    fn merge(&mut self, other: Self) {
        if self.ties.is_empty() {
            return *self = other;
        }
        self.ties.iter_mut().zip(other.ties).for_each(|(ties, others)| *ties += others);
        self.near.extend(other.near);
        self.tied.extend(other.tied);
    }

    /// Neighbours that say something: each once, sorted.
    fn keep_quiet(&mut self, kinds: &[Kind]) {
        let ties = &self.ties;
        let quiet = |&(_, other): &(u32, u32)| {
            let of = kinds.get(other as usize).zip(ties.get(other as usize));
            of.is_some_and(|(kind, ties)| is_quiet(*kind, *ties as usize))
        };
        self.near.retain(quiet);
        self.near.sort_unstable();
        self.near.dedup();
    }

    fn shared(&self, a: u32, b: u32) -> usize {
        let near = |node: u32| {
            let first = self.near.partition_point(|pair| pair.0 < node);
            let last = self.near.partition_point(|pair| pair.0 <= node);
            self.near.get(first..last).unwrap_or_default()
        };
        let others = near(b);
        let both = near(a).iter().filter(|(_, other)| others.binary_search(&(b, *other)).is_ok());
        both.count()
    }
}

impl Called {
    /// Everybody's card, as [`Roll::cards`] gives them.
    pub fn cards(&self, number: impl Fn(usize) -> Option<u32>) -> Cards {
        self.roll.cards(number)
    }

    /// Begins to note ties. Each tie is told once.
    pub fn meetings(&self) -> Meetings<'_> {
        let met = Met { ties: vec![0; self.wanted.len()], ..Met::default() };
        Meetings { wanted: &self.wanted, met }
    }

    /// Those who are likely one, by place, sorted, when all ties were noted.
    pub fn finish(&self, noted: Vec<Met>) -> Vec<Likely> {
        let mut met = Met::default();
        noted.into_iter().for_each(|other| met.merge(other));
        met.keep_quiet(&self.roll.kinds);
        self.pairs.iter().filter_map(|&(a, b)| self.weigh(a as usize, b as usize, &met)).collect()
    }

    fn weigh(&self, a: usize, b: usize, met: &Met) -> Option<Likely> {
        let ((a, x), (b, y)) = (self.roll.people.get(a)?, self.roll.people.get(b)?);
        let met = card::Met { shared: met.shared(*a, *b), tied: met.tied.contains(&(*a, *b)) };
        let probability = x.probability(y, met);
        (probability >= LEAST).then_some(Likely { a: *a as usize, b: *b as usize, probability })
    }
}
