//! Chance that is addressed, not drawn: every number is a hash of a seed, what it is for, which
//! subject it is about, and its place among the subject's numbers. So neither threads nor the order of
//! work show in it.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

/// The numbers of one subject.
#[derive(Clone, Debug)]
pub(super) struct Dice {
    key: u64,
    place: u64,
}

impl Dice {
    /// The numbers of a subject for a purpose.
    pub(super) fn new(seed: u64, purpose: &str, subject: u64) -> Self {
        let mut hash = SipHasher13::new_with_keys(seed, subject);
        hash.write(purpose.as_bytes());
        Self { key: hash.finish(), place: 0 }
    }

    /// The next number: any of 64 bits (the output function of splitmix64: Steele, Lea and Flood 2014).
    pub(super) fn bits(&mut self) -> u64 {
        self.place += 1;
        let mut x = self.key.wrapping_add(self.place.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// The next number under `below`; 0 where that is 0. Biased by less than `below` / 2⁶⁴.
    pub(super) fn below(&mut self, below: usize) -> usize {
        ((u128::from(self.bits()) * below as u128) >> 64) as usize
    }

    /// The next number in [0, 1).
    pub(super) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Puts things in a random order (Fisher and Yates).
    pub(super) fn shuffle<T>(&mut self, things: &mut [T]) {
        for at in (1..things.len()).rev() {
            things.swap(at, self.below(at + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_hang_on_seed_purpose_and_subject_and_fill_their_range() {
        let first = |seed, purpose, subject| Dice::new(seed, purpose, subject).bits();
        assert_eq!(first(1, "a", 2), first(1, "a", 2));
        let all = [first(1, "a", 2), first(2, "a", 2), first(1, "b", 2), first(1, "a", 3)];
        assert!((0..4).all(|at| !all[at + 1..].contains(&all[at])));
        let mut dice = Dice::new(1, "range", 0);
        let mut counts = [0; 7];
        (0..70_000).for_each(|_| counts[dice.below(7)] += 1);
        assert!(counts.iter().all(|count| (9_500..10_500).contains(count)), "{counts:?}");
        assert!((0..1000).map(|_| dice.unit()).all(|unit| (0.0..1.0).contains(&unit)));
        assert_eq!(dice.below(0), 0);
    }

    #[test]
    fn a_shuffle_keeps_everything_and_moves_most() {
        let mut things: Vec<u32> = (0..100).collect();
        Dice::new(1, "shuffle", 0).shuffle(&mut things);
        assert!((0..100).zip(&things).filter(|(at, thing)| at == *thing).count() < 20);
        things.sort_unstable();
        assert!(things.into_iter().eq(0..100));
    }
}
