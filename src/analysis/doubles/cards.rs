//! Everybody's cards as they are kept beside a large store, so that after a small change only those pairs are weighed
//! anew whom it concerns.
//!
//! Who is looked at as whose double follows from all cards ([`Cards::candidates`]); how likely the two are one, from their
//! cards and whom both meet. A pair holds what it held as long as neither changes, which whoever updates has to see to.

use std::collections::BTreeSet;

use super::card::{self, Card, LEAST, candidates};
use crate::model::Entity;

/// People by the number that a store gives them, in order, each with his card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cards(Vec<(u32, Card)>);

/// Two people by number, the lesser first.
pub type Pair = (u32, u32);

impl Cards {
    pub(super) fn of(cards: impl Iterator<Item = (u32, Card)>) -> Self {
        let mut cards: Vec<(u32, Card)> = cards.collect();
        cards.sort_unstable_by_key(|(number, _)| *number);
        Self(cards)
    }

    /// Everybody's as bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (number, card) in &self.0 {
            bytes.extend(number.to_le_bytes());
            card.write(&mut bytes);
        }
        bytes
    }

    /// What [`Cards::bytes`] gave; nothing where these are other bytes.
    pub fn read(mut bytes: &[u8]) -> Option<Self> {
        let mut cards = Vec::new();
        while let Some((number, rest)) = bytes.split_first_chunk() {
            bytes = rest;
            cards.push((u32::from_le_bytes(*number), Card::read(&mut bytes)?));
        }
        bytes.is_empty().then_some(Self(cards))
    }

    fn get(&self, number: u32) -> Option<&Card> {
        let at = self.0.binary_search_by_key(&number, |(own, _)| *own).ok()?;
        self.0.get(at).map(|(_, card)| card)
    }

    /// These cards, with those of people who are new or of whom something else is on record.
    pub fn with<'e>(&self, people: impl Iterator<Item = (u32, &'e Entity)>) -> Self {
        let mut cards = self.clone();
        for (number, entity) in people {
            let card = Card::of_entity(entity);
            match cards.0.binary_search_by_key(&number, |(own, _)| *own) {
                Ok(at) => cards.0.get_mut(at).into_iter().for_each(|known| known.1 = card.clone()),
                Err(at) => cards.0.insert(at, (number, card)),
            }
        }
        cards
    }

    /// Whether somebody has the same card there.
    pub fn is_same(&self, other: &Self, number: u32) -> bool {
        self.get(number) == other.get(number)
    }

    /// Who is looked at as whose double. Cost: a sort of what all cards say.
    pub fn candidates(&self) -> BTreeSet<Pair> {
        let cards: Vec<&Card> = self.0.iter().map(|(_, card)| card).collect();
        let number = |at: u32| self.0.get(at as usize).map(|(number, _)| *number);
        candidates(&cards).into_iter().filter_map(|(a, b)| Some((number(a)?, number(b)?))).collect()
    }

    /// How likely two candidates are one who share so many quiet neighbours and may be tied; nothing where they are
    /// hardly one.
    pub fn weigh(&self, (a, b): Pair, shared: usize, tied: bool) -> Option<f64> {
        let probability = self.get(a)?.probability(self.get(b)?, card::Met { shared, tied });
        (probability >= LEAST).then_some(probability)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_read_as_they_were_written_and_other_bytes_are_none() {
        let card = |props: &[(&str, &'static str)]| {
            Card::of(|key| props.iter().find(|(own, _)| *own == key).map(|(_, value)| *value))
        };
        let all = [
            (7, card(&[("name", "王伟"), ("aliases", "小王;老王"), ("id_number", "110101197003040012")])),
            (3, card(&[("birth_date", "1970-03-04"), ("hometown", "北关")])),
            (9, card(&[])),
        ];
        let cards = Cards::of(all.into_iter());
        let bytes = cards.bytes();
        assert_eq!(Cards::read(&bytes), Some(cards.clone()));
        assert_ne!(Cards::read(&bytes), Some(Cards::default()));
        for end in 1..bytes.len() {
            assert_ne!(Cards::read(&bytes[..end]), Some(cards.clone()), "{end}");
        }
        assert_eq!(Cards::read(&[0xff; 40]), None);
    }
}
