//! Row ids that come again, remembered in little memory.
//!
//! Ten million rows must fit: of an id only 64 bits of a hash are kept. Two ids that share them
//! (one chance in 370,000 over ten million rows) would be taken for one.

use std::collections::{HashMap, HashSet};

use super::ids;
use crate::model::{Nature, Relation};

/// The maps are cut into shards, so that growing one does not hold everything twice.
const SHARDS: usize = 256;

/// Tells apart events that stand twice in one file without ids.
#[derive(Default)]
pub(super) struct Repeats {
    seen: Vec<HashSet<u64>>,
    again: HashMap<u64, u32>,
}

impl Repeats {
    /// Gives the second and later of equal events the ids `…-2`, `…-3`; states keep theirs.
    pub fn tell_apart(&mut self, relation: &mut Relation) {
        if relation.ty.nature() == Nature::State {
            return;
        }
        let key = ids::short(relation.row.as_str());
        self.seen.resize_with(SHARDS, HashSet::new);
        if self.seen.get_mut(shard(key)).is_none_or(|seen| seen.insert(key)) {
            return;
        }
        let nth = self.again.entry(key).or_insert(1);
        *nth += 1;
        relation.row = ids::numbered(relation.row.as_str(), *nth).into();
    }
}

/// What the rows with ids of their own say: type and ends.
#[derive(Default)]
pub(super) struct RowIds {
    seen: Vec<HashMap<[u32; 2], u32>>,
}

impl RowIds {
    /// Whether an earlier row of this id has another type or other ends.
    pub fn contradicts(&mut self, relation: &Relation) -> bool {
        let key = ids::short(relation.row.as_str());
        let ty = relation.other_type.as_deref().unwrap_or(relation.ty.code());
        let says = ids::short_of(&[ty, relation.from.as_str(), relation.to.as_str()]) as u32;
        self.seen.resize_with(SHARDS, HashMap::new);
        let halves = [(key >> 32) as u32, key as u32];
        self.seen.get_mut(shard(key)).is_some_and(|seen| *seen.entry(halves).or_insert(says) != says)
    }
}

fn shard(key: u64) -> usize {
    (key >> 56) as usize % SHARDS
}
