//! Brandes' walk from eight sources at once.
//!
//! Forwards a row holds, for each source, how many shortest paths lead to the node. Backwards it holds
//! `(1 + d) / p` of the nodes of one level, `p` being the paths that lead to a node and `d` how much of
//! what lies behind hangs on it: then a node's `d` is `p` times the plain sum of the rows behind it.

use super::super::sweep::{Row, Sweep, Way};
use super::Sums;
use crate::network::Projection;

/// How many sources are walked from at once.
pub(super) const LANES: usize = 8;
/// The level of what was not reached.
const UNSEEN: u8 = u8::MAX;
/// More paths than this are left to the walk that can scale them.
const MANY: f64 = 1e150;

type Numbers = [f64; LANES];

impl Row for Numbers {
    const EMPTY: Self = [0.0; LANES];

    #[inline]
    fn join(&mut self, other: &Self) {
        for (value, other) in self.iter_mut().zip(other) {
            *value += other;
        }
    }

    #[inline]
    fn is_empty(&self) -> bool {
        // No value is negative.
        self.iter().sum::<f64>() == 0.0
    }
}

pub(super) struct Wide<'p> {
    sweep: Sweep<'p, Numbers>,
    level: Vec<[u8; LANES]>,
    paths: Vec<Numbers>,
    /// The nodes of each level, one level after the other.
    order: Vec<u32>,
    /// Where each level starts in `order`.
    starts: Vec<usize>,
    open: Vec<u32>,
}

impl<'p> Wide<'p> {
    pub(super) fn new(projection: &'p Projection) -> Self {
        let nodes = projection.node_count();
        Self {
            sweep: Sweep::new(projection),
            level: vec![[UNSEEN; LANES]; nodes],
            paths: vec![Numbers::EMPTY; nodes],
            order: Vec::new(),
            starts: Vec::new(),
            open: Vec::new(),
        }
    }

    /// Adds to `sums` what hangs on each node in the walks from at most [`LANES`] sources. Adds nothing
    /// and says `false` where the walks are too long or the paths too many.
    pub(super) fn from(&mut self, sources: &[u32], sums: &mut Sums) -> bool {
        let whole = self.out(sources);
        if whole {
            self.back(sums);
        }
        self.level.fill([UNSEEN; LANES]);
        self.sweep.clear();
        self.order.clear();
        self.starts.clear();
        whole
    }

    fn out(&mut self, sources: &[u32]) -> bool {
        for (lane, &source) in sources.iter().enumerate() {
            let mut row = Numbers::EMPTY;
            row[lane] = 1.0;
            self.sweep.put(source, &row);
            self.level[source as usize][lane] = 0;
        }
        // Lanes without a source are seen from the start, so that nobody waits for them.
        let idle = |level: &mut [u8; LANES]| level[sources.len()..].fill(0);
        self.level.iter_mut().for_each(idle);
        self.open.clear();
        self.open.extend(0..self.level.len() as u32);
        let mut most = 0.0_f64;
        for here in 1..UNSEEN {
            self.starts.push(self.order.len());
            self.order.extend(&self.sweep.nodes);
            let (level, paths) = (&mut self.level, &mut self.paths);
            self.open.retain(|&node| level[node as usize].contains(&UNSEEN));
            self.sweep.step(Way::Forth, &self.open, |node, joined| {
                let (level, paths) = (&mut level[node as usize], &mut paths[node as usize]);
                let mut fresh = Numbers::EMPTY;
                for lane in 0..LANES {
                    if level[lane] == UNSEEN && joined[lane] > 0.0 {
                        level[lane] = here;
                        paths[lane] = joined[lane];
                        fresh[lane] = joined[lane];
                        most = most.max(joined[lane]);
                    }
                }
                fresh
            });
            if self.sweep.nodes.is_empty() {
                return most <= MANY;
            }
        }
        false
    }

    fn back(&mut self, sums: &mut Sums) {
        let (level, paths) = (&self.level, &self.paths);
        for here in (1..self.starts.len()).rev() {
            let of_level = |at: usize| {
                let end = self.starts.get(at + 1).copied().unwrap_or(self.order.len());
                &self.order[self.starts[at]..end]
            };
            if here + 1 == self.starts.len() {
                for &node in of_level(here) {
                    let of = |lane: usize| {
                        let is_here = usize::from(level[node as usize][lane]) == here;
                        if is_here { 1.0 / paths[node as usize][lane] } else { 0.0 }
                    };
                    self.sweep.put(node, &std::array::from_fn(of));
                }
            }
            if here == 1 {
                // What comes before are the sources themselves, and ends do not count.
                break;
            }
            let before = here as u8 - 1;
            self.sweep.step_of_all(Way::Back, of_level(here - 1), |node, joined| {
                let (level, paths) = (&level[node as usize], &paths[node as usize]);
                let (mut row, mut hangs) = (Numbers::EMPTY, 0.0);
                for lane in 0..LANES {
                    if level[lane] == before {
                        hangs += paths[lane] * joined[lane];
                        row[lane] = 1.0 / paths[lane] + joined[lane];
                    }
                }
                if hangs > 0.0 {
                    sums.add(node, hangs);
                }
                row
            });
        }
    }
}
