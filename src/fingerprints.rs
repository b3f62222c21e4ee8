//! Ten million keys in little memory: tables that keep fingerprints of their keys.
//!
//! An import remembers every row id and every entity at once, and still has to fit beside a
//! database. A key is known by 56 or 64 bits of a hash; what a clash would do is said where a table
//! is used. The table is cut into 65,536 shards, each of which grows by itself and by a quarter, so
//! that growing never holds everything twice and little stands empty.

use std::hash::Hasher;

/// A hash of texts (SipHash 1-3), each with its length so that no two lists look alike: the same on
/// every machine.
pub(crate) fn hash(parts: &[&[u8]]) -> u64 {
    let mut hasher = siphasher::sip::SipHasher13::new();
    for part in parts {
        hasher.write(&(part.len() as u64).to_le_bytes());
        hasher.write(part);
    }
    hasher.finish()
}

/// Shards: 16 bits of a hash say which, up to 48 others are kept.
const SHARDS: usize = 1 << 16;

/// A map from hashes to small numbers.
///
/// A slot takes `SLOT` bytes: the first `KEY` (at most 6) hold the key, so that `16 + 8 * KEY` bits
/// of a hash are told apart; the others (at most 8) hold the value, of which what does not fit is cut.
/// Memory: about `1.3 * SLOT` bytes a key, and 2 MiB. Any look-up takes a few steps.
#[derive(Debug, Default)]
pub(crate) struct Fingerprints<const SLOT: usize, const KEY: usize> {
    shards: Vec<Shard<SLOT, KEY>>,
    len: usize,
}

impl<const SLOT: usize, const KEY: usize> Fingerprints<SLOT, KEY> {
    /// Keys in the table.
    pub fn len(&self) -> usize {
        self.len
    }

    /// What stands under a hash.
    pub fn get(&self, hash: u64) -> Option<u64> {
        self.shards.get(shard_of(hash))?.get(key_of::<KEY>(hash))
    }

    /// Puts a value under a hash; if there is one already, that one stays and is returned.
    pub fn insert(&mut self, hash: u64, value: u64) -> Option<u64> {
        if self.shards.is_empty() {
            self.shards.resize_with(SHARDS, Shard::default);
        }
        let shard = self.shards.get_mut(shard_of(hash))?;
        let before = shard.insert(key_of::<KEY>(hash), value);
        self.len += usize::from(before.is_none());
        before
    }
}

fn shard_of(hash: u64) -> usize {
    (hash >> 48) as usize
}

/// The part of a hash that is kept, never 0: 0 marks a free slot.
fn key_of<const KEY: usize>(hash: u64) -> u64 {
    let key = (hash << 16) >> (64 - 8 * KEY);
    if key == 0 { 1 } else { key }
}

/// Open addressing; a slot whose key is 0 is free.
#[derive(Debug)]
struct Shard<const SLOT: usize, const KEY: usize> {
    slots: Vec<[u8; SLOT]>,
    used: usize,
}

impl<const SLOT: usize, const KEY: usize> Default for Shard<SLOT, KEY> {
    fn default() -> Self {
        Self { slots: Vec::new(), used: 0 }
    }
}

impl<const SLOT: usize, const KEY: usize> Shard<SLOT, KEY> {
    fn get(&self, key: u64) -> Option<u64> {
        let slot = self.slots.get(self.place(key)?)?;
        (key_in::<SLOT, KEY>(slot) == key).then(|| value_in::<SLOT, KEY>(slot))
    }

    fn insert(&mut self, key: u64, value: u64) -> Option<u64> {
        // A slot always stays free, or a look-up would not end.
        if (self.used + 1) * 8 > self.slots.len() * 7 {
            self.grow();
        }
        let at = self.place(key)?;
        let slot = self.slots.get_mut(at)?;
        if key_in::<SLOT, KEY>(slot) != 0 {
            return Some(value_in::<SLOT, KEY>(slot));
        }
        *slot = filled::<SLOT, KEY>(key, value);
        self.used += 1;
        None
    }

    fn grow(&mut self) {
        let size = self.slots.len() + self.slots.len() / 4 + 4;
        let old = std::mem::replace(&mut self.slots, vec![[0; SLOT]; size]);
        for slot in old {
            let key = key_in::<SLOT, KEY>(&slot);
            if key != 0
                && let Some(free) = self.place(key).and_then(|at| self.slots.get_mut(at))
            {
                *free = slot;
            }
        }
    }

    /// Where a key stands or would stand; `None` only in a shard without slots.
    fn place(&self, key: u64) -> Option<usize> {
        let size = self.slots.len();
        let mut at = ((u128::from(key) * size as u128) >> (8 * KEY)) as usize;
        loop {
            let taken = key_in::<SLOT, KEY>(self.slots.get(at)?);
            if taken == 0 || taken == key {
                return Some(at);
            }
            at = if at + 1 < size { at + 1 } else { 0 };
        }
    }
}

fn key_in<const SLOT: usize, const KEY: usize>(slot: &[u8; SLOT]) -> u64 {
    number(slot.iter().take(KEY))
}

fn value_in<const SLOT: usize, const KEY: usize>(slot: &[u8; SLOT]) -> u64 {
    number(slot.iter().skip(KEY))
}

fn number<'a>(bytes: impl DoubleEndedIterator<Item = &'a u8>) -> u64 {
    bytes.rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn filled<const SLOT: usize, const KEY: usize>(key: u64, value: u64) -> [u8; SLOT] {
    let mut slot = [0; SLOT];
    let bytes = key.to_le_bytes().into_iter().take(KEY).chain(value.to_le_bytes());
    slot.iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
    slot
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn mixed(mut x: u64) -> u64 {
        x = (x ^ (x >> 31)).wrapping_mul(0x7FB5_D329_728E_A185);
        x = (x ^ (x >> 27)).wrapping_mul(0x81DA_DEF4_BC2D_D44D);
        x ^ (x >> 33)
    }

    /// Against a plain map by the bits that are kept; few shards, so that they grow.
    fn agrees<const SLOT: usize, const KEY: usize>(values: u64) {
        let mut table = Fingerprints::<SLOT, KEY>::default();
        let mut plain = BTreeMap::new();
        for k in 0..60_000_u64 {
            let hash = mixed(k - k % 3 / 2) & 0x000F_FFFF_FFFF_FFFF;
            let kept = hash >> (48 - 8 * KEY);
            assert_eq!(table.get(hash), plain.get(&kept).copied());
            assert_eq!(table.insert(hash, k % values), plain.get(&kept).copied());
            plain.entry(kept).or_insert(k % values);
        }
        assert_eq!(table.len(), plain.len());
    }

    #[test]
    fn a_table_agrees_with_a_plain_map() {
        agrees::<8, 6>(1 << 16);
        agrees::<5, 5>(1);
        agrees::<9, 5>(1 << 32);
        agrees::<11, 6>(1 << 40);
    }

    #[test]
    fn every_hash_can_be_a_key() {
        let mut table = Fingerprints::<8, 6>::default();
        for hash in [0, u64::MAX, 1 << 48, 2] {
            assert_eq!(table.get(hash), None);
            assert_eq!(table.insert(hash, 7), None);
            assert_eq!(table.insert(hash, 8), Some(7));
        }
    }
}
