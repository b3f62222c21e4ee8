//! How near two sides are, set against chance.

use std::collections::BTreeSet;

use super::{Drawn, Draws, Margins, p_value};
use crate::analysis::Watch;
use crate::analysis::share::share;
use crate::network::NodeIx;

/// What is counted of a pair of sides, by nodes that are on neither side where somebody is in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// Pairs, one of each side, who are tied.
    Tied,
    /// Others who are tied to both sides.
    Shared,
    /// Ways of three hops: ties between somebody next to one side and somebody else next to the other.
    Three,
}

impl Statistic {
    /// Every one, in the order of [`Chance`].
    pub const ALL: [Self; 3] = [Self::Tied, Self::Shared, Self::Three];

    /// Its name in outputs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Tied => "tied",
            Self::Shared => "shared",
            Self::Three => "three_hops",
        }
    }
}

/// A number and what chance makes of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Chance {
    /// How many there are.
    pub seen: u64,
    /// How many a draw has on average.
    pub expected: f64,
    /// How often a draw has as many or more; at least 1 / (draws + 1).
    pub p: f64,
}

/// For each pair of sides how many ties, shared others and ways of three hops there are ([`Statistic::ALL`]),
/// and whether that is more than the number of everybody's ties alone would bring. Who is on both sides
/// counts as on the first. `None` where whoever looks on stopped it.
///
/// Cost: for each draw ten tries to swap a tie, over all cores, then a look at the neighbours of each pair's
/// neighbours; 40 bytes a tie and thread.
///
/// ```
/// use parasol::analysis::nulls::{Draws, Margins, pairs_by_chance};
/// use parasol::network::{NodeIx, Projection};
///
/// // 0 and 1 know the same three, of whom nobody knows anybody else; the others are tied in pairs.
/// let mut arcs: Vec<(u32, u32, f64)> = (2..5).flat_map(|at| [(0, at, 0.9), (1, at, 0.9)]).collect();
/// arcs.extend((5..105).step_by(2).map(|at| (at, at + 1, 0.9)));
/// let margins = Margins::of_projection(&Projection::from_arcs(105, &arcs, false)?);
/// let sides = [([NodeIx(0)].to_vec(), [NodeIx(1)].to_vec())];
/// let found = pairs_by_chance(&margins, &sides, &Draws::default(), &Default::default()).unwrap_or_default();
/// let [tied, shared, _] = found[0];
/// assert!(tied.seen == 0 && shared.seen == 3 && shared.expected < 0.5 && shared.p < 0.02);
/// # Ok::<(), parasol::network::ArcsError>(())
/// ```
pub fn pairs_by_chance(
    margins: &Margins,
    pairs: &[(Vec<NodeIx>, Vec<NodeIx>)],
    draws: &Draws,
    watch: &Watch,
) -> Option<Vec<[Chance; 3]>> {
    let as_it_is = margins.as_it_is();
    let mut marks = vec![0; margins.nodes];
    let circles = Circles::new(&as_it_is);
    let seen: Vec<[u64; 3]> = pairs.iter().map(|pair| circles.count(pair, &mut marks)).collect();
    drop(circles);
    let count = watch.over(draws.count as usize);
    let start = || (vec![0_u8; margins.nodes], vec![[(0_u64, 0_u64); 3]; pairs.len()]);
    let sums = share(draws.count as usize, start, |(marks, sums), draw| {
        if count.is_stopped() {
            return;
        }
        let drawn = margins.draw(draws, draw as u64);
        let circles = Circles::new(&drawn);
        for ((pair, seen), sums) in pairs.iter().zip(&seen).zip(sums) {
            for ((here, seen), (sum, as_much)) in circles.count(pair, marks).iter().zip(seen).zip(sums) {
                *sum += here;
                *as_much += u64::from(here >= seen);
            }
        }
        count.one_done();
    });
    if count.is_stopped() {
        return None;
    }
    let mut all = vec![[(0, 0); 3]; pairs.len()];
    for (_, sums) in sums {
        for (all, one) in all.iter_mut().flatten().zip(sums.into_iter().flatten()) {
            *all = (all.0 + one.0, all.1 + one.1);
        }
    }
    let chance = |(&seen, &(sum, as_much)): (&u64, &(u64, u64))| Chance {
        seen,
        expected: sum as f64 / draws.count.max(1) as f64,
        p: p_value(as_much, draws.count),
    };
    let tested = |(seen, sums): (&[u64; 3], &[(u64, u64); 3])| {
        let mut of = seen.iter().zip(sums).map(chance);
        std::array::from_fn(|_| of.next().unwrap_or_default())
    };
    Some(seen.iter().zip(&all).map(tested).collect())
}

/// Everybody's neighbours in a draw, each once, in order.
struct Circles {
    starts: Vec<u32>,
    near: Vec<u32>,
}

/// What a node is to a pair of sides.
const FIRST: u8 = 1;
const SECOND: u8 = 2;
const NEAR_FIRST: u8 = 4;
const NEAR_SECOND: u8 = 8;

impl Circles {
    fn new(drawn: &Drawn<'_>) -> Self {
        let nodes = drawn.margins.nodes;
        let mut ends = vec![0_u32; nodes + 1];
        let ties = || drawn.ties.iter().flatten();
        ties().flatten().for_each(|&node| ends[node as usize + 1] += 1);
        (1..ends.len()).for_each(|at| ends[at] += ends[at - 1]);
        let mut near = vec![0; ends.last().map_or(0, |&end| end as usize)];
        let mut put = |node: u32, other: u32| {
            let slot = &mut ends[node as usize];
            near[*slot as usize] = other;
            *slot += 1;
        };
        for &[a, b] in ties() {
            put(a, b);
            put(b, a);
        }
        // Every slot has moved on to where its node's neighbours end; several layers may repeat one.
        let (mut starts, mut kept, mut first) = (vec![0], 0, 0);
        for &end in &ends[..nodes] {
            let own = &mut near[first..end as usize];
            own.sort_unstable();
            let mut last = None;
            for at in first..end as usize {
                if last != Some(near[at]) {
                    last = Some(near[at]);
                    near[kept] = near[at];
                    kept += 1;
                }
            }
            starts.push(kept as u32);
            first = end as usize;
        }
        near.truncate(kept);
        Self { starts, near }
    }

    fn of(&self, node: u32) -> &[u32] {
        let ends = self.starts.get(node as usize).zip(self.starts.get(node as usize + 1));
        ends.and_then(|(&a, &b)| self.near.get(a as usize..b as usize)).unwrap_or_default()
    }

    /// Ties, shared others, ways of three hops; `marks` is all 0 before and after.
    fn count(&self, (a, b): &(Vec<NodeIx>, Vec<NodeIx>), marks: &mut [u8]) -> [u64; 3] {
        let mut touched = Vec::new();
        let mut mark = |node: u32, what: u8, marks: &mut [u8]| {
            if let Some(known) = marks.get_mut(node as usize) {
                if *known == 0 {
                    touched.push(node);
                }
                *known |= what;
            }
        };
        a.iter().for_each(|node| mark(node.0, FIRST, marks));
        b.iter().filter(|node| !a.contains(node)).for_each(|node| mark(node.0, SECOND, marks));
        let is_side =
            |marks: &[u8], node: u32, what: u8| marks.get(node as usize).is_some_and(|mark| mark & what != 0);
        let second = b.iter().map(|node| node.0).filter(|&node| is_side(marks, node, SECOND));
        let second: BTreeSet<u32> = second.collect();
        let mut tied = 0;
        for &node in &second {
            tied += self.of(node).iter().filter(|&&other| is_side(marks, other, FIRST)).count() as u64;
        }
        for node in a {
            self.of(node.0).iter().for_each(|&other| mark(other, NEAR_FIRST, marks));
        }
        for &node in &second {
            self.of(node).iter().for_each(|&other| mark(other, NEAR_SECOND, marks));
        }
        let between = |node: u32, what: u8| {
            let mark = marks.get(node as usize).copied().unwrap_or(0);
            mark & (FIRST | SECOND) == 0 && mark & what == what
        };
        let (mut shared, mut three) = (0, 0);
        for &node in touched.iter().filter(|&&node| between(node, NEAR_FIRST)) {
            shared += u64::from(between(node, NEAR_SECOND));
            three += self.of(node).iter().filter(|&&other| between(other, NEAR_SECOND)).count() as u64;
        }
        touched.into_iter().for_each(|node| marks[node as usize] = 0);
        [tied, shared, three]
    }
}
