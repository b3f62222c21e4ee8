//! How fast permits are granted.

use std::collections::BTreeMap;

/// How long permits took: how many took at most so many days, by days.
#[derive(Debug)]
pub(super) struct Paces {
    up_to: Vec<(u32, u64)>,
}

impl Paces {
    /// From how many took how many days.
    pub fn of(counts: &BTreeMap<u32, u64>) -> Self {
        let mut sum = 0;
        let up_to = |(&days, &count): (&u32, &u64)| {
            sum += count;
            (days, sum)
        };
        Self { up_to: counts.iter().map(up_to).collect() }
    }

    /// The share of others' permits that took at most so many days, half of those that took just as many.
    pub fn as_fast(&self, days: u32, his: &Self) -> f64 {
        let (every, own) = (self.counts(days), his.counts(days));
        let [all, under, equal] = std::array::from_fn(|at| every[at].saturating_sub(own[at]));
        (under as f64 + 0.5 * equal as f64 + 0.5) / (all as f64 + 1.0)
    }

    /// How many permits there are, how many took fewer days, and how many just as many.
    fn counts(&self, days: u32) -> [u64; 3] {
        let before =
            |at: usize| at.checked_sub(1).and_then(|at| self.up_to.get(at)).map_or(0, |(_, sum)| *sum);
        let at = self.up_to.partition_point(|(other, _)| *other < days);
        let is_there = self.up_to.get(at).is_some_and(|(other, _)| *other == days);
        let upto = before(at + usize::from(is_there));
        [before(self.up_to.len()), before(at), upto - before(at)]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn so_many_are_faster_as_are_counted_one_by_one(
            counts in proptest::collection::btree_map(0..30_u32, 1..9_u64, 0..12),
            own in proptest::collection::btree_map(0..30_u32, 1..4_u64, 0..6),
            days in 0..32_u32,
        ) {
            let all = |is: &dyn Fn(u32) -> bool| {
                let sum = |of: &BTreeMap<u32, u64>| of.iter().filter(|(days, _)| is(**days)).map(|(_, n)| n).sum::<u64>();
                sum(&counts).saturating_sub(sum(&own)) as f64
            };
            let plain = (all(&|at| at < days) + 0.5 * all(&|at| at == days) + 0.5) / (all(&|_| true) + 1.0);
            prop_assert_eq!(Paces::of(&counts).as_fast(days, &Paces::of(&own)), plain);
        }
    }
}
