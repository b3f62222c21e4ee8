//! Harmonic closeness: how near somebody is to everybody.
//!
//! M. Marchiori and V. Latora, *Harmony in the small-world*, Physica A 285 (2000); Y. Rochat,
//! *Closeness centrality extended to unconnected graphs: the harmonic centrality index*, 2009. Walked
//! from many nodes at once, one bit each ([`super::sweep`]); the nearest few are found without walking
//! from everybody ([`nearest`]).

mod nearest;

use super::sweep::{Row, Sweep, Way, together};
use super::{RankError, RankOptions};
use crate::analysis::share::share;
use crate::network::Projection;
pub use nearest::nearest_to_all;

/// The largest network that is walked with eight words a node, 200 bytes a thread (13 MB at most).
const WIDE_NODES: usize = 1 << 16;

/// For each node the sum of 1/d over the others it reaches, d in hops; whom it does not reach adds
/// nothing. Weights do not matter; not normalised.
///
/// Cost: nodes × arcs / 64 in all (/ 512 up to 65,536 nodes), over all cores; 36 bytes a node and thread
/// (204 up to 65,536 nodes).
///
/// ```
/// use parasol::analysis::centrality::closeness;
/// use parasol::network::Projection;
///
/// let line = Projection::from_arcs(4, &[(0, 1, 1.0), (1, 2, 1.0)], false)?;
/// assert_eq!(closeness(&line, &Default::default())?, [1.5, 2.0, 1.5, 0.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn closeness(projection: &Projection, options: &RankOptions) -> Result<Vec<f64>, RankError> {
    if projection.node_count() <= WIDE_NODES {
        of_all::<8>(projection, options)
    } else {
        of_all::<1>(projection, options)
    }
}

/// Closeness with `W` words of lanes a node.
fn of_all<const W: usize>(projection: &Projection, options: &RankOptions) -> Result<Vec<f64>, RankError> {
    let nodes = together(projection);
    let batches: Vec<&[u32]> = nodes.chunks(64 * W).collect();
    let count = options.watch.over(batches.len());
    let start = || (Walks::<W>::new(projection), vec![0_u64; nodes.len()]);
    let unit = unit(nodes.len());
    let sums = share(batches.len(), start, |(walks, sums), batch| {
        if !count.is_stopped() {
            // Whom a node reaches: so the walks go from those it reaches against the arcs, and stop by it.
            walks.from(batches[batch], Way::Back, |node, reached, hops| {
                sums[node as usize] += u64::from(reached.count()) * (unit / u64::from(hops));
            });
            count.one_done();
        }
    });
    if count.is_stopped() {
        return Err(RankError::Stopped);
    }
    let mut total = vec![0_u64; nodes.len()];
    for (_, sums) in sums {
        total.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum);
    }
    Ok(total.into_iter().map(|sum| sum as f64 / unit as f64).collect())
}

/// Sums are kept in whole units, so that their order does not matter: as many to 1 as a sum over all
/// nodes leaves room for (2³² and more up to four billion nodes, 2⁵⁰ for ten thousand), and of those a
/// number that 1 to 16 divide, so that short distances are exact.
fn unit(nodes: usize) -> u64 {
    const DIVIDED: u64 = 720_720;
    let bits = usize::BITS - nodes.leading_zeros();
    let room = 1_u64 << (63 - bits);
    (room / DIVIDED).max(1) * DIVIDED
}

/// One bit a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bits<const W: usize>([u64; W]);

impl<const W: usize> Bits<W> {
    fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    fn with(mut self, lane: usize) -> Self {
        self.0[lane / 64] |= 1 << (lane % 64);
        self
    }

    /// What is in `other` and not in this.
    fn fresh(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|word| other.0[word] & !self.0[word]))
    }
}

impl<const W: usize> Row for Bits<W> {
    const EMPTY: Self = Self([0; W]);

    #[inline]
    fn join(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(other.0) {
            *word |= other;
        }
    }

    #[inline]
    fn is_empty(&self) -> bool {
        self.0.iter().fold(0, |all, word| all | word) == 0
    }
}

/// Walks from up to 64 × `W` nodes at once.
struct Walks<'p, const W: usize> {
    sweep: Sweep<'p, Bits<W>>,
    seen: Vec<Bits<W>>,
    open: Vec<u32>,
}

impl<'p, const W: usize> Walks<'p, W> {
    fn new(projection: &'p Projection) -> Self {
        let seen = vec![Bits::EMPTY; projection.node_count()];
        Self { sweep: Sweep::new(projection), seen, open: Vec::new() }
    }

    /// Tells `visit` of each node which lanes reach it first after how many hops (from 1).
    fn from(&mut self, starts: &[u32], way: Way, mut visit: impl FnMut(u32, &Bits<W>, u32)) {
        self.seen.fill(Bits::EMPTY);
        let mut all = Bits::EMPTY;
        for (lane, &start) in starts.iter().enumerate() {
            let row = Bits::EMPTY.with(lane);
            all.join(&row);
            self.seen[start as usize].join(&row);
            self.sweep.put(start, &row);
        }
        self.open.clear();
        self.open.extend(0..self.seen.len() as u32);
        let mut hops = 0;
        while !self.sweep.nodes.is_empty() {
            hops += 1;
            let seen = &mut self.seen;
            self.open.retain(|&node| seen[node as usize] != all);
            self.sweep.step(way, &self.open, |node, joined| {
                let seen = &mut seen[node as usize];
                let fresh = seen.fresh(joined);
                seen.join(&fresh);
                if !fresh.is_empty() {
                    visit(node, &fresh, hops);
                }
                fresh
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_or_eight_come_to_the_same() {
        let mut dice = crate::analysis::dice::Dice::new(1, "graph", 0);
        for (nodes, ties) in [(1, 0), (70, 60), (600, 900), (600, 2000)] {
            let arcs: Vec<_> =
                (0..ties).map(|_| (dice.below(nodes) as u32, dice.below(nodes) as u32, 1.0)).collect();
            for directed in [false, true] {
                let projection = Projection::from_arcs(nodes, &arcs, directed).unwrap();
                let options = RankOptions::default();
                assert_eq!(of_all::<1>(&projection, &options), of_all::<8>(&projection, &options));
            }
        }
    }

    #[test]
    fn a_long_chain_is_walked_to_its_end() {
        let arcs: Vec<_> = (0..999).map(|at| (at, at + 1, 1.0)).collect();
        let line = Projection::from_arcs(1000, &arcs, false).unwrap();
        let values = closeness(&line, &RankOptions::default()).unwrap();
        let end: f64 = (1..1000).map(|hops| 1.0 / f64::from(hops)).sum();
        assert!((values[0] - end).abs() < 1e-9 && (values[0] - values[999]).abs() < 1e-12);
    }
}
