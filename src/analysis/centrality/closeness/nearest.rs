//! The few nodes that are nearest to everybody, without walking from all.
//!
//! Each node has a bound that its closeness cannot be over: first by degrees, then, for those that are
//! still in question, by a walk of two hops. The nodes with the greatest bounds are walked from, 64 at a
//! time, until the least of the best found is over all bounds that are left (after E. Bergamini et al.,
//! *Computing top-k closeness centrality faster in unweighted graphs*, ALENEX 2016).

use rayon::prelude::*;

use super::super::sweep::Way;
use super::{Bits, Walks, unit};
use super::{RankError, RankOptions};
use crate::network::{NodeIx, Projection};

/// How many nodes are walked from at once.
const LANES: usize = 64;
/// How many nodes are looked at more closely at once.
const CLOSER: usize = 256;

/// The `top` nodes of `among` that have the greatest harmonic closeness, with it, greatest first, then in
/// node order; the values are those of [`super::closeness`] to the last bit.
///
/// Cost: a look at each arc, some walks of two hops, and as a rule one or two walks over the whole network
/// for 64 nodes at once; where all are about as near (a ring) as much as for everybody. 40 bytes a node.
///
/// ```
/// use parasol::analysis::centrality::nearest_to_all;
/// use parasol::network::{NodeIx, Projection};
///
/// let line = Projection::from_arcs(4, &[(0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0)], false)?;
/// let everybody: Vec<NodeIx> = line.nodes().collect();
/// let best = nearest_to_all(&line, &everybody, 1, &Default::default())?;
/// assert_eq!(best, [(NodeIx(1), 2.5)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn nearest_to_all(
    projection: &Projection,
    among: &[NodeIx],
    top: usize,
    options: &RankOptions,
) -> Result<Vec<(NodeIx, f64)>, RankError> {
    let bounds = Bounds::new(projection);
    let mut waiting: Vec<(f64, NodeIx)> =
        among.par_iter().map(|&node| (bounds.by_degrees(node), node)).collect();
    waiting.sort_unstable_by(by_value);
    let mut waiting = waiting.into_iter().peekable();
    let mut best: Vec<(f64, NodeIx)> = Vec::new();
    let mut in_question = Vec::new();
    let mut walks = None;
    let count = options.watch.over(among.len().div_ceil(LANES));
    while top > 0 && !count.is_stopped() {
        let least = if best.len() < top { f64::NEG_INFINITY } else { best[top - 1].0 };
        in_question.retain(|&(bound, _)| bound >= least);
        // Bounds by degrees are loose: a closer look is cheaper than a walk, until a walk is full.
        while in_question.len() < LANES {
            let next = std::iter::from_fn(|| waiting.next_if(|&(bound, _)| bound >= least));
            let closer: Vec<NodeIx> = next.take(CLOSER).map(|(_, node)| node).collect();
            if closer.is_empty() {
                break;
            }
            in_question.extend(bounds.by_two_hops(&closer).into_iter().filter(|&(bound, _)| bound >= least));
        }
        if in_question.is_empty() {
            break;
        }
        in_question.sort_unstable_by(by_value);
        let chosen = in_question.drain(..in_question.len().min(LANES)).map(|(_, node)| node);
        let chosen: Vec<NodeIx> = chosen.collect();
        let walks = walks.get_or_insert_with(|| Walks::<1>::new(projection));
        best.extend(exact(walks, &chosen, projection.node_count()).into_iter().zip(chosen));
        best.sort_unstable_by(by_value);
        best.truncate(top);
        count.one_done();
    }
    if count.is_stopped() {
        return Err(RankError::Stopped);
    }
    Ok(best.into_iter().map(|(value, node)| (node, value)).collect())
}

/// Greatest first, then in node order.
fn by_value(a: &(f64, NodeIx), b: &(f64, NodeIx)) -> std::cmp::Ordering {
    b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))
}

/// The closeness of up to 64 nodes.
fn exact(walks: &mut Walks<'_, 1>, nodes: &[NodeIx], all: usize) -> Vec<f64> {
    let starts: Vec<u32> = nodes.iter().map(|node| node.0).collect();
    let unit = unit(all);
    let mut sums = vec![0_u64; starts.len()];
    let (mut tally, mut level) = (Tally::default(), 0);
    let mut close = |tally: &mut Tally, hops: u32| {
        for (lane, sum) in sums.iter_mut().enumerate() {
            *sum += tally.count(lane) * (unit / u64::from(hops.max(1)));
        }
        *tally = Tally::default();
    };
    walks.from(&starts, Way::Forth, |_, Bits([reached]), hops| {
        if hops != level {
            close(&mut tally, level);
            level = hops;
        }
        tally.add(*reached);
    });
    close(&mut tally, level);
    sums.into_iter().map(|sum| sum as f64 / unit as f64).collect()
}

/// How often each of 64 bits was set, as a number a bit, one binary digit a word.
#[derive(Default)]
struct Tally(Vec<u64>);

impl Tally {
    fn add(&mut self, word: u64) {
        let mut carry = word;
        for digit in &mut self.0 {
            if carry == 0 {
                return;
            }
            (*digit, carry) = (*digit ^ carry, *digit & carry);
        }
        if carry != 0 {
            self.0.push(carry);
        }
    }

    fn count(&self, lane: usize) -> u64 {
        self.0.iter().enumerate().map(|(place, digit)| (digit >> lane & 1) << place).sum()
    }
}

/// What a node's closeness cannot be over.
struct Bounds<'p> {
    projection: &'p Projection,
    /// How many others each node can reach at most: those of its component, whichever way arcs lead.
    others: Vec<u32>,
}

impl<'p> Bounds<'p> {
    fn new(projection: &'p Projection) -> Self {
        let component = crate::analysis::groups::components(projection);
        let mut sizes = vec![0_u32; projection.node_count()];
        component.iter().for_each(|&label| sizes[label as usize] += 1);
        Self { projection, others: component.iter().map(|&label| sizes[label as usize] - 1).collect() }
    }

    /// So many nodes at one hop, at most so many at two and at three, and the rest at four.
    fn bound(&self, node: NodeIx, one: usize, two: usize, three: usize) -> f64 {
        let mut left = self.others[node.at()] as usize;
        let mut bound = 0.0;
        for (hops, many) in [(1.0, one), (2.0, two), (3.0, three)] {
            let many = many.min(left);
            left -= many;
            bound += many as f64 / hops;
        }
        // A hair over, so that rounding in the exact sums cannot pass it.
        (bound + left as f64 / 4.0) * (1.0 + 1e-12)
    }

    fn onward(&self, node: u32) -> usize {
        let out = self.projection.neighbours(NodeIx(node)).len();
        if self.projection.is_directed() { out } else { out.saturating_sub(1) }
    }

    fn by_degrees(&self, node: NodeIx) -> f64 {
        let near = self.projection.neighbours(node);
        let two = near.iter().map(|&near| self.onward(near)).sum();
        self.bound(node, near.len(), two, usize::MAX)
    }

    /// Bounds that know how many there are at two hops.
    fn by_two_hops(&self, nodes: &[NodeIx]) -> Vec<(f64, NodeIx)> {
        let start = || vec![u32::MAX; self.projection.node_count()];
        let chunk = nodes.len().div_ceil(rayon::current_num_threads()).max(1);
        let of = |seen: &mut Vec<u32>, chunk: &[NodeIx]| -> Vec<(f64, NodeIx)> {
            chunk.iter().map(|&node| (self.look(node, seen), node)).collect()
        };
        nodes.par_chunks(chunk).flat_map_iter(|chunk| of(&mut start(), chunk)).collect()
    }

    fn look(&self, node: NodeIx, seen: &mut [u32]) -> f64 {
        let near = self.projection.neighbours(node);
        seen[node.at()] = node.0;
        near.iter().for_each(|&near| seen[near as usize] = node.0);
        let (mut two, mut three) = (0, 0);
        for &further in near.iter().flat_map(|&near| self.projection.neighbours(NodeIx(near))) {
            if std::mem::replace(&mut seen[further as usize], node.0) != node.0 {
                two += 1;
                three += self.onward(further);
            }
        }
        self.bound(node, near.len(), two, three)
    }
}

#[cfg(test)]
mod tests {
    use super::super::closeness;
    use super::*;

    #[test]
    fn the_nearest_are_the_first_of_all() {
        let mut dice = crate::analysis::dice::Dice::new(1, "graph", 0);
        for (nodes, ties) in [(2, 1), (30, 0), (90, 80), (200, 250), (300, 900)] {
            let hub = |dice: &mut crate::analysis::dice::Dice| {
                let below = dice.below(nodes) + 1;
                dice.below(below) as u32
            };
            let arcs: Vec<_> = (0..ties).map(|_| (dice.below(nodes) as u32, hub(&mut dice), 1.0)).collect();
            for directed in [false, true] {
                let projection = Projection::from_arcs(nodes, &arcs, directed).unwrap();
                let options = RankOptions::default();
                let values = closeness(&projection, &options).unwrap();
                let among: Vec<NodeIx> = projection.nodes().filter(|node| node.0 % 3 != 1).collect();
                let mut all: Vec<(NodeIx, f64)> =
                    among.iter().map(|&node| (node, values[node.at()])).collect();
                all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                for top in [0, 1, 70, 1000] {
                    let found = nearest_to_all(&projection, &among, top, &options).unwrap();
                    assert_eq!(found, all[..top.min(all.len())], "{nodes} {ties} {directed} {top}");
                }
            }
        }
    }

    #[test]
    fn a_tally_counts_each_bit() {
        let mut tally = Tally::default();
        (0..1000_u64).for_each(|at| tally.add(1 | u64::from(at % 3 == 0) << 5 | u64::from(at == 7) << 63));
        assert_eq!([0, 5, 63, 2].map(|lane| tally.count(lane)), [1000, 334, 1, 0]);
    }
}
