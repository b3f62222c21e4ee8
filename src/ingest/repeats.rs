//! Row ids that come again, remembered in little memory.
//!
//! Ten million rows must fit. Of an id 64 bits of a hash are told apart; two ids that share them (one
//! chance in 370,000 over ten million rows) would be taken for one.

use std::collections::HashMap;

use super::ids;
use crate::fingerprints::Fingerprints;
use crate::model::{Nature, Relation};

/// Tells apart events that stand twice in one file without ids.
#[derive(Default)]
pub(super) struct Repeats {
    seen: Fingerprints<6, 6>,
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
    seen: Fingerprints<8, 6>,
}

impl RowIds {
    /// Whether an earlier row of this id has another type or other ends.
    pub fn contradicts(&mut self, relation: &Relation) -> bool {
        let key = ids::short(relation.row.as_str());
        let ty = relation.other_type.as_deref().unwrap_or(relation.ty.code());
        let says = ids::short_of(&[ty, relation.from.as_str(), relation.to.as_str()]) as u16;
        self.seen.insert(key, says.into()).is_some_and(|said| said != u64::from(says))
    }
}
