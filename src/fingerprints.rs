//! Ten million keys in little memory: tables that keep fingerprints of their keys.
//!
//! An import remembers every row id and every entity at once, and still has to fit beside a
//! database. A key is known by 56 or 64 bits of a hash; what a clash would do is said where a table
//! is used. A table is one piece of memory that grows by an eighth where it stands, so that growing never holds
//! anything twice, little stands empty, and no holes are left behind.

use std::collections::BTreeMap;
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
/// Slots of each shard of a new table.
const FIRST_WIDTH: usize = 4;

/// A map from hashes to small numbers.
///
/// A slot takes `SLOT` bytes: the first `KEY` (at most 6) hold the key, so that `16 + 8 * KEY` bits
/// of a hash are told apart; the others (at most 8) hold the value, of which what does not fit is cut.
/// Memory: about `1.2 * SLOT` bytes a key, at most `1.3`, in one piece, and 128 KiB. Any look-up takes a few dozen steps
/// beside one another.
#[derive(Debug)]
pub(crate) struct Fingerprints<const SLOT: usize, const KEY: usize> {
    /// The shards, one behind the other, each of `width` slots.
    slots: Vec<[u8; SLOT]>,
    width: usize,
    /// Slots taken of each shard.
    used: Vec<u16>,
    /// What found no room in its shard, by the bits that are kept: few in a large table.
    over: BTreeMap<u64, u64>,
    len: usize,
}

impl<const SLOT: usize, const KEY: usize> Default for Fingerprints<SLOT, KEY> {
    fn default() -> Self {
        Self { slots: Vec::new(), width: 0, used: Vec::new(), over: BTreeMap::new(), len: 0 }
    }
}

impl<const SLOT: usize, const KEY: usize> Fingerprints<SLOT, KEY> {
    /// Keys in the table.
    pub fn len(&self) -> usize {
        self.len
    }

    /// What stands under a hash.
    pub fn get(&self, hash: u64) -> Option<u64> {
        let key = key_of::<KEY>(hash);
        let shard = self.shard(shard_of(hash))?;
        let slot = shard.get(place::<SLOT, KEY>(shard, key)?)?;
        if key_in::<SLOT, KEY>(slot) == key {
            return Some(value_in::<SLOT, KEY>(slot));
        }
        if self.over.is_empty() { None } else { self.over.get(&kept_of::<KEY>(hash)).copied() }
    }

    /// Puts a value under a hash; if there is one already, that one stays and is returned.
    pub fn insert(&mut self, hash: u64, value: u64) -> Option<u64> {
        if let Some(there) = self.get(hash) {
            return Some(there);
        }
        if self.is_full() {
            self.widen();
        }
        self.add(shard_of(hash), key_of::<KEY>(hash), value);
        self.len += 1;
        None
    }

    /// Nearly all slots are taken.
    fn is_full(&self) -> bool {
        (self.len + 1) * 8 > self.slots.len() * 7
    }

    /// Puts in a key that is not there.
    fn add(&mut self, shard: usize, key: u64, value: u64) {
        let filled = filled::<SLOT, KEY>(key, value);
        let width = self.width;
        // A slot always stays free, or a look-up would not end.
        let room = self.used.get(shard).is_some_and(|&used| usize::from(used) + 1 < width);
        let slots = self.slots.get_mut(shard * width..(shard + 1) * width).filter(|_| room);
        let free = slots.and_then(|slots| {
            let at = place::<SLOT, KEY>(slots, key)?;
            slots.get_mut(at)
        });
        match (free, self.used.get_mut(shard)) {
            (Some(free), Some(used)) => {
                *free = filled;
                *used += 1;
            }
            _ => drop(self.over.insert((shard as u64) << (8 * KEY) | key, value_in::<SLOT, KEY>(&filled))),
        }
    }

    /// Gives every shard an eighth more slots, in place: the last moves first, so that none is written over.
    fn widen(&mut self) {
        let (was, width) = (self.width, (self.width + self.width / 8 + 1).max(FIRST_WIDTH));
        let more = SHARDS * width - self.slots.len();
        self.slots.reserve_exact(more);
        self.slots.resize(SHARDS * width, [0; SLOT]);
        self.used.resize(SHARDS, 0);
        self.width = width;
        let mut taken: Vec<[u8; SLOT]> = Vec::with_capacity(was);
        for shard in (0..SHARDS).rev() {
            let (old, new) = (shard * was..(shard + 1) * was, shard * width..(shard + 1) * width);
            taken.extend(
                self.slots.get(old).into_iter().flatten().filter(|slot| key_in::<SLOT, KEY>(slot) != 0),
            );
            self.slots.get_mut(new).into_iter().for_each(|slots| slots.fill([0; SLOT]));
            self.used.get_mut(shard).into_iter().for_each(|used| *used = 0);
            for slot in taken.drain(..) {
                self.add(shard, key_in::<SLOT, KEY>(&slot), value_in::<SLOT, KEY>(&slot));
            }
        }
        for (kept, value) in std::mem::take(&mut self.over) {
            let key = kept & (u64::MAX >> (64 - 8 * KEY));
            self.add((kept >> (8 * KEY)) as usize, key, value);
        }
    }

    fn shard(&self, shard: usize) -> Option<&[[u8; SLOT]]> {
        self.slots.get(shard * self.width..(shard + 1) * self.width)
    }
}

fn shard_of(hash: u64) -> usize {
    (hash >> 48) as usize
}

/// The part of a hash that is kept beside its shard, never 0: 0 marks a free slot.
fn key_of<const KEY: usize>(hash: u64) -> u64 {
    let key = (hash << 16) >> (64 - 8 * KEY);
    if key == 0 { 1 } else { key }
}

/// All that is told apart of a hash.
fn kept_of<const KEY: usize>(hash: u64) -> u64 {
    (shard_of(hash) as u64) << (8 * KEY) | key_of::<KEY>(hash)
}

/// Where a key stands in its shard or would stand, by open addressing; a slot whose key is 0 is free. `None` only in
/// a shard without slots.
fn place<const SLOT: usize, const KEY: usize>(slots: &[[u8; SLOT]], key: u64) -> Option<usize> {
    let mut at = ((u128::from(key) * slots.len() as u128) >> (8 * KEY)) as usize;
    loop {
        let taken = key_in::<SLOT, KEY>(slots.get(at)?);
        if taken == 0 || taken == key {
            return Some(at);
        }
        at = if at + 1 < slots.len() { at + 1 } else { 0 };
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
    fn keys_of_one_shard_stand_beside_it_until_there_is_room() {
        let mut table = Fingerprints::<8, 6>::default();
        let hash = |k: u64| 7 << 48 | mixed(k) >> 16;
        for k in 0..2_000 {
            assert_eq!(table.insert(hash(k), k), None);
        }
        assert!(!table.over.is_empty());
        for k in 0..2_000 {
            assert_eq!(table.get(hash(k)), Some(k));
            assert_eq!(table.insert(hash(k), 1), Some(k));
        }
        for k in 0..3_000_000 {
            table.insert(mixed(k + 10_000), k & 0xFFFF);
        }
        assert!((0..2_000).all(|k| table.get(hash(k)) == Some(k)), "nothing is lost when the table grows");
        assert_eq!(table.len(), 3_002_000);
        assert!(table.slots.len() * 3 < table.len() * 4, "little stands empty");
        assert!(table.over.len() * 25 < table.len(), "{} found no room", table.over.len());
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
