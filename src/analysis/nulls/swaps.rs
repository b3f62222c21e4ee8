//! Swaps of ends between two ties.

use crate::analysis::dice::Dice;

/// How many swaps are tried for each tie.
pub const MIX: usize = 10;

/// Ties after [`MIX`] swaps a tie were tried; they must be simple (no loops, none twice). Keys are as short
/// as the nodes allow: what is looked up at random should stay near the processor.
pub(super) fn mixed(ties: &[[u32; 2]], two_mode: bool, dice: &mut Dice) -> Vec<[u32; 2]> {
    let is_small = ties.iter().flatten().all(|&node| node < 1 << 16);
    if is_small { mixed_by::<u32>(ties, two_mode, dice) } else { mixed_by::<u64>(ties, two_mode, dice) }
}

fn mixed_by<K: Key>(ties: &[[u32; 2]], two_mode: bool, dice: &mut Dice) -> Vec<[u32; 2]> {
    let mut known = Known::for_many(ties.len());
    ties.iter().for_each(|&tie| known.add(K::of(tie)));
    let mut swaps = Swaps { ties: ties.to_vec(), two_mode, known };
    // A swap that is refused counts: only so are all networks as likely.
    for _ in 0..ties.len() * MIX {
        swaps.swap(dice);
    }
    swaps.ties
}

/// Ties whose ends are swapped.
struct Swaps<K> {
    ties: Vec<[u32; 2]>,
    two_mode: bool,
    known: Known<K>,
}

impl<K: Key> Swaps<K> {
    fn swap(&mut self, dice: &mut Dice) {
        let (one, other) = (dice.below(self.ties.len()), dice.below(self.ties.len()));
        let [a, b] = self.ties[one];
        let [mut c, mut d] = self.ties[other];
        // Between nodes of one kind a tie has no first end.
        if !self.two_mode && dice.bits() & 1 == 1 {
            (c, d) = (d, c);
        }
        // A tie with itself, or two that share an end, would stay as they are or make a loop.
        if one == other || a == c || b == d || a == d || b == c {
            return;
        }
        if !self.known.add_both(K::of([a, d]), K::of([c, b])) {
            return;
        }
        self.known.remove(K::of([a, b]));
        self.known.remove(K::of([c, d]));
        self.ties[one] = [a, d];
        self.ties[other] = [c, b];
    }
}

/// A tie whichever end comes first, as a number.
trait Key: Copy + Eq {
    /// No tie: it would be a loop.
    const EMPTY: Self;
    fn of(tie: [u32; 2]) -> Self;
    fn number(self) -> u64;
}

impl Key for u64 {
    const EMPTY: Self = 0;
    fn of([a, b]: [u32; 2]) -> Self {
        Self::from(a.min(b)) << 32 | Self::from(a.max(b))
    }
    fn number(self) -> u64 {
        self
    }
}

/// For nodes under 2¹⁶.
impl Key for u32 {
    const EMPTY: Self = 0;
    fn of([a, b]: [u32; 2]) -> Self {
        a.min(b) << 16 | a.max(b)
    }
    fn number(self) -> u64 {
        u64::from(self)
    }
}

/// A set of ties: open addressing, at most half full, without tombstones (D. E. Knuth, *The Art of Computer
/// Programming* 3, 6.4, algorithm R).
struct Known<K> {
    slots: Vec<K>,
    shift: u32,
}

impl<K: Key> Known<K> {
    fn for_many(ties: usize) -> Self {
        let slots = (2 * ties + 4).next_power_of_two();
        Self { slots: vec![K::EMPTY; slots], shift: 64 - slots.trailing_zeros() }
    }

    #[inline]
    fn home(&self, key: K) -> usize {
        (key.number().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize
    }

    #[inline]
    fn next(&self, slot: usize) -> usize {
        (slot + 1) & (self.slots.len() - 1)
    }

    /// Where a key is, or the empty slot where it would be.
    #[inline]
    fn slot(&self, key: K) -> usize {
        let mut slot = self.home(key);
        while self.slots[slot] != K::EMPTY && self.slots[slot] != key {
            slot = self.next(slot);
        }
        slot
    }

    /// Adds two different keys if neither is there.
    #[inline]
    fn add_both(&mut self, one: K, other: K) -> bool {
        let (slot, next) = (self.slot(one), self.slot(other));
        let is_new = self.slots[slot] == K::EMPTY && self.slots[next] == K::EMPTY;
        if is_new {
            self.slots[slot] = one;
            // The first may have taken the place of the second.
            if next == slot { self.add(other) } else { self.slots[next] = other }
        }
        is_new
    }

    fn add(&mut self, key: K) {
        let slot = self.slot(key);
        self.slots[slot] = key;
    }

    fn remove(&mut self, key: K) {
        let mut hole = self.slot(key);
        let mut at = hole;
        loop {
            at = self.next(at);
            let moved = self.slots[at];
            if moved == K::EMPTY {
                break;
            }
            // Whoever sits past the hole and would be found before it moves in.
            let (from_home, from_hole) = (at.wrapping_sub(self.home(moved)), at.wrapping_sub(hole));
            let all = self.slots.len() - 1;
            if from_home & all >= from_hole & all {
                self.slots[hole] = moved;
                hole = at;
            }
        }
        self.slots[hole] = K::EMPTY;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// The same swaps on a plain set.
    fn plain(ties: &[[u32; 2]], two_mode: bool, dice: &mut Dice) -> Vec<[u32; 2]> {
        let mut ties = ties.to_vec();
        for _ in 0..ties.len() * MIX {
            let (one, other) = (dice.below(ties.len()), dice.below(ties.len()));
            let ([a, b], mut second) = (ties[one], ties[other]);
            if !two_mode && dice.bits() % 2 == 1 {
                second.reverse();
            }
            let [c, d] = second;
            let known: BTreeSet<BTreeSet<u32>> = ties.iter().map(|tie| BTreeSet::from(*tie)).collect();
            let new = [BTreeSet::from([a, d]), BTreeSet::from([c, b])];
            let is_simple = new.iter().all(|tie| tie.len() == 2 && !known.contains(tie)) && new[0] != new[1];
            if one != other && is_simple {
                ties[one] = [a, d];
                ties[other] = [c, b];
            }
        }
        ties
    }

    fn simple(ties: Vec<[u32; 2]>, two_mode: bool) -> Vec<[u32; 2]> {
        let mut once = BTreeSet::new();
        let ties = ties.into_iter().map(|[a, b]| if two_mode { [a, b + 10] } else { [a, b] });
        ties.filter(|&[a, b]| a != b && once.insert([a.min(b), a.max(b)])).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn swaps_are_those_of_a_plain_set_and_keep_margins(
            ties in proptest::collection::vec([0_u32..10, 0_u32..10], 0..20), two_mode: bool, seed: u64,
        ) {
            let ties = simple(ties, two_mode);
            let mixed = mixed(&ties, two_mode, &mut Dice::new(seed, "test", 0));
            let wide = mixed_by::<u64>(&ties, two_mode, &mut Dice::new(seed, "test", 0));
            prop_assert_eq!(&mixed, &wide);
            prop_assert_eq!(&mixed, &plain(&ties, two_mode, &mut Dice::new(seed, "test", 0)));
            let degree = |ties: &[[u32; 2]], side: Option<usize>| {
                let mut many = [0; 20];
                let ends = ties.iter().flat_map(|tie| (0..2).map(move |at| (at, tie[at])));
                ends.filter(|(at, _)| side.is_none_or(|side| side == *at)).for_each(|(_, end)| many[end as usize] += 1);
                many
            };
            prop_assert_eq!(degree(&mixed, None), degree(&ties, None));
            if two_mode {
                prop_assert_eq!(degree(&mixed, Some(0)), degree(&ties, Some(0)));
            }
            prop_assert_eq!(simple(mixed.clone(), false).len(), ties.len(), "simple as before");
        }
    }

    #[test]
    fn all_networks_with_the_same_margins_are_as_likely() {
        // A path of five: degrees 1, 2, 2, 2, 1. By hand there are seven simple networks: six paths through
        // the three in the middle (0 and 4 at the ends), and a triangle of the three with 0 and 4 tied.
        let ties = [[0, 1], [1, 2], [2, 3], [3, 4]];
        let mut counts = std::collections::BTreeMap::new();
        for draw in 0..14_000 {
            let drawn = mixed(&ties, false, &mut Dice::new(1, "uniform", draw));
            let mut keys: Vec<u64> = drawn.into_iter().map(u64::of).collect();
            keys.sort_unstable();
            *counts.entry(keys).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 7);
        let off: f64 = counts.values().map(|&count| f64::from(count - 2000_i32).powi(2) / 2000.0).sum();
        // χ² with six degrees of freedom passes 22.5 once in a thousand.
        assert!(off < 22.5, "{off} {counts:?}");
    }
}
