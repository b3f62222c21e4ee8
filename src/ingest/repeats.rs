//! Row ids that come again, remembered in little memory.
//!
//! Ten million rows must fit: eight bytes a row. Of an id 64 bits of a hash are told apart; two ids
//! that share them (one chance in 370,000 over ten million rows) would be taken for one.

use std::collections::HashMap;

use super::ids;
use crate::model::{Nature, Relation};

/// Tells apart events that stand twice in one file without ids.
#[derive(Default)]
pub(super) struct Repeats {
    seen: Seen,
    again: HashMap<u64, u32>,
}

impl Repeats {
    /// Gives the second and later of equal events the ids `…-2`, `…-3`; states keep theirs.
    pub fn tell_apart(&mut self, relation: &mut Relation) {
        if relation.ty.nature() == Nature::State {
            return;
        }
        let key = ids::short(relation.row.as_str());
        if self.seen.insert(key, 0).is_none() {
            return;
        }
        let nth = self.again.entry(key).or_insert(1);
        *nth += 1;
        relation.row = ids::numbered(relation.row.as_str(), *nth).into();
    }
}

/// What the rows with ids of their own say: type and ends, in 16 bits of a hash.
#[derive(Default)]
pub(super) struct RowIds {
    seen: Seen,
}

impl RowIds {
    /// Whether an earlier row of this id has another type or other ends.
    pub fn contradicts(&mut self, relation: &Relation) -> bool {
        let key = ids::short(relation.row.as_str());
        let ty = relation.other_type.as_deref().unwrap_or(relation.ty.code());
        let says = ids::short_of(&[ty, relation.from.as_str(), relation.to.as_str()]) as u16;
        self.seen.insert(key, says).is_some_and(|said| said != says)
    }
}

/// Parts of the table: 16 bits of a key say which, the other 48 are kept.
const SHARDS: usize = 1 << 16;

/// A map from hashes to 16 bits. Each shard grows by itself and by a quarter, so that growing never
/// holds everything twice.
#[derive(Default)]
struct Seen {
    shards: Vec<Shard>,
}

impl Seen {
    /// Adds a key with what it says; what it said before, if it was there.
    fn insert(&mut self, key: u64, says: u16) -> Option<u16> {
        if self.shards.is_empty() {
            self.shards.resize_with(SHARDS, Shard::default);
        }
        let shard = self.shards.get_mut((key >> 48) as usize)?;
        shard.insert(key << 16 | u64::from(says))
    }
}

/// Open addressing over words of 48 bits of key and 16 bits of what it says; 0 is free.
#[derive(Default)]
struct Shard {
    words: Vec<u64>,
    used: u32,
}

impl Shard {
    fn insert(&mut self, word: u64) -> Option<u16> {
        // The one word that would look free stands under a neighbouring key.
        let word = if word == 0 { 1 << 16 } else { word };
        if self.used as usize * 8 >= self.words.len() * 7 {
            self.grow();
        }
        let found = place(&mut self.words, word)?;
        if *found != 0 {
            return Some(*found as u16);
        }
        *found = word;
        self.used += 1;
        None
    }

    fn grow(&mut self) {
        let size = self.words.len() + self.words.len() / 4 + 8;
        let old = std::mem::replace(&mut self.words, vec![0; size]);
        for word in old.into_iter().filter(|word| *word != 0) {
            if let Some(free) = place(&mut self.words, word) {
                *free = word;
            }
        }
    }
}

/// Where a word's key stands or would stand; there is always room.
fn place(words: &mut [u64], word: u64) -> Option<&mut u64> {
    let size = words.len();
    let key = word >> 16;
    let mut at = (((u128::from(key) << 16) * size as u128) >> 64) as usize;
    while words.get(at).is_some_and(|&taken| taken != 0 && taken >> 16 != key) {
        at = if at + 1 < size { at + 1 } else { 0 };
    }
    words.get_mut(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn the_table_agrees_with_a_plain_map() {
        let (mut seen, mut plain) = (Seen::default(), BTreeMap::new());
        for k in 0..60_000_u64 {
            // Few shards, so that they grow, and every third key again.
            let key = ids::short(&(k - k % 3 / 2).to_string()) & 0x000F_FFFF_FFFF_FFFF;
            let says = (k % 7) as u16;
            let before = plain.get(&key).copied();
            plain.entry(key).or_insert(says);
            assert_eq!(seen.insert(key, says), before);
        }
        assert_eq!(seen.insert(0, 0), None);
        assert_eq!(seen.insert(0, 0), Some(0));
    }
}
