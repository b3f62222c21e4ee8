//! How often two are connected when every tie is there or not by chance.
//!
//! G. S. Fishman, *A Monte Carlo sampling plan for estimating network reliability*, Operations Research 34
//! (1986), in its plain form, with the exact binomial interval of C. J. Clopper and E. S. Pearson, *The use
//! of confidence or fiducial limits*, Biometrika 26 (1934).

use crate::analysis::dice::Dice;
use crate::analysis::{Watch, intervals, share};
use crate::network::{NodeIx, Projection};

/// How many worlds are drawn.
pub(super) const DRAWS: usize = 2_000;
/// Worlds drawn by a thread at a time.
const AT_ONCE: usize = 16;

/// The 95 % interval of the chance that a way holds from one node to another, from [`DRAWS`] draws; none
/// where it was stopped. Whether a tie holds in a draw is a hash of seed, draw and tie.
///
/// Cost: in each draw a walk from both ends until they meet; 8 bytes a node and thread.
pub(super) fn drawn(
    projection: &Projection,
    from: NodeIx,
    to: NodeIx,
    seed: u64,
    watch: &Watch,
) -> Option<(f64, f64)> {
    let count = watch.over(DRAWS);
    let met = share::map(
        DRAWS,
        AT_ONCE,
        || World::new(projection),
        |world, draw| {
            let met = !count.is_stopped() && world.meet(from, to, seed, draw as u64);
            count.one_done();
            met
        },
    );
    let met = met.into_iter().filter(|met| *met).count();
    (!count.is_stopped()).then(|| intervals::exact(met as f64, DRAWS as u64).into())
}

/// One draw at a time.
struct World<'p> {
    projection: &'p Projection,
    /// The draw and the end by which each node was reached.
    reached: Vec<u64>,
    ends: [Vec<u32>; 2],
}

impl<'p> World<'p> {
    fn new(projection: &'p Projection) -> Self {
        Self { projection, reached: vec![u64::MAX; projection.node_count()], ends: [Vec::new(), Vec::new()] }
    }

    /// Whether the ends meet in a draw: always the side with fewer open nodes goes on.
    fn meet(&mut self, from: NodeIx, to: NodeIx, seed: u64, draw: u64) -> bool {
        for (side, end) in [from, to].into_iter().enumerate() {
            self.ends[side].clear();
            self.ends[side].push(end.0);
            self.reached[end.at()] = 2 * draw + side as u64;
        }
        loop {
            let side = usize::from(self.ends[1].len() < self.ends[0].len());
            let Some(node) = self.ends[side].pop() else { return false };
            if self.go_on(NodeIx(node), side, seed, draw) {
                return true;
            }
        }
    }

    /// Goes over the ties of a node that hold; whether it came to where the other side is.
    fn go_on(&mut self, node: NodeIx, side: usize, seed: u64, draw: u64) -> bool {
        let forth = side == 0 || !self.projection.is_directed();
        let (others, places) = match forth {
            true => (self.projection.neighbours(node), None),
            false => (self.projection.sources(node), Some(self.projection.places_to(node))),
        };
        let first = self.projection.places(node).start;
        let (mine, theirs) = (2 * draw + side as u64, 2 * draw + 1 - side as u64);
        for (at, &other) in others.iter().enumerate() {
            let known = self.reached[other as usize];
            if known == mine {
                continue;
            }
            let place = places.map_or(first + at, |places| places[at] as usize);
            let weight = self.projection.all_weights()[place];
            // A tie is the same tie from either end.
            let (a, b) = match self.projection.is_directed() {
                true if side == 1 => (u64::from(other), u64::from(node.0)),
                true => (u64::from(node.0), u64::from(other)),
                false => (u64::from(node.0.min(other)), u64::from(node.0.max(other))),
            };
            if Dice::new(seed ^ draw.rotate_left(32), "world", a << 32 | b).unit() >= weight {
                continue;
            }
            if known == theirs {
                return true;
            }
            self.reached[other as usize] = mine;
            self.ends[side].push(other);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_hang_on_the_seed_and_not_on_threads() {
        let arcs: Vec<_> = (0..40).map(|at| (at * 7 % 20, at * 11 % 20, 0.4)).collect();
        for directed in [false, true] {
            let projection = Projection::from_arcs(20, &arcs, directed).unwrap();
            let of = |threads, seed| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                pool.install(|| drawn(&projection, NodeIx(0), NodeIx(7), seed, &Watch::default()).unwrap())
            };
            assert_eq!(of(1, 1), of(3, 1));
        }
    }
}
