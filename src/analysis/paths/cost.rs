//! What ways cost: whole numbers, so that sums do not depend on their order, equal ways are equal, and a
//! way costs the same read backwards.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::end::End;
use crate::network::{NodeIx, Projection};

/// How many of the last bits count hops.
const HOP_BITS: u32 = 12;
/// How many hops can be told apart; a longer way counts 4,096 of them as one unit of −ln s.
pub(super) const HOPS: u32 = 1 << HOP_BITS;

/// Fewer arcs are looked at sooner than threads are woken for them.
const FEW: usize = 10_000;

/// The sum of −ln s in units of 2⁻³⁶, then how many hops there are: both in one number, so that of ways
/// of one strength the one with fewer hops is less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost(u64);

impl Cost {
    /// More than any way costs.
    pub(super) const NEVER: Self = Self(u64::MAX);
    /// No bound: all ways cost no more.
    pub(super) const ANY: Self = Self(u64::MAX - 1);

    /// The least that anything costs.
    pub(super) const LEAST: Self = Self(1);

    /// What one arc costs.
    pub(super) fn of(strength: f64) -> Self {
        let units = libm::round(-libm::log(strength).min(0.0) * (1_u64 << 36) as f64) as u64;
        Self((units << HOP_BITS) + 1)
    }

    /// What it costs that only this share comes through, in (0, 1]: no hop.
    pub(super) fn of_share(share: f64) -> Self {
        Self((Self::of(share.clamp(f64::MIN_POSITIVE, 1.0)).0 >> HOP_BITS) << HOP_BITS)
    }

    /// What ways of at least this reliability cost at most, to nine digits, however many hops they have.
    pub(super) fn at_most(reliability: f64) -> Self {
        let units = Self::of(reliability.clamp(f64::MIN_POSITIVE, 1.0)).0 >> HOP_BITS;
        Self((units + 64) << HOP_BITS)
    }

    #[inline]
    pub(super) fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// So often.
    pub(super) fn times(self, times: u32) -> Self {
        Self(self.0.saturating_mul(u64::from(times)))
    }

    /// One of so many parts.
    pub(super) fn share(self, parts: u64) -> Self {
        Self(self.0 / parts.max(1))
    }

    /// What is left without another.
    pub(super) fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// What a hop costs in the mean of some ways, as a toll: no hop.
    pub(super) fn a_hop(ways: impl Iterator<Item = Self>) -> Self {
        let (mut units, mut hops) = (0_u128, 0_u128);
        for way in ways {
            units += u128::from(way.0 >> HOP_BITS);
            hops += u128::from(way.hops());
        }
        Self(u64::try_from(units / hops.max(1)).unwrap_or(u64::MAX >> HOP_BITS) << HOP_BITS)
    }

    /// How many hops, where there are fewer than [`HOPS`].
    pub(super) fn hops(self) -> u32 {
        (self.0 % u64::from(HOPS)) as u32
    }
}

/// What each arc of a projection costs: made once for many searches. 8 bytes an arc, and 16 a node for each
/// search that was ever under way beside others.
#[derive(Debug)]
pub struct Costs<'p> {
    pub(super) projection: &'p Projection,
    of: Vec<Cost>,
    /// Both ends of searches that are done, for the next: to make them anew takes longer than many a search.
    idle: Mutex<Vec<[End; 2]>>,
}

impl<'p> Costs<'p> {
    /// The costs of all arcs. Cost: a logarithm an arc, of many arcs over all cores.
    pub fn new(projection: &'p Projection) -> Self {
        let weights = projection.all_weights();
        let of = if weights.len() < FEW {
            weights.iter().map(|&weight| Cost::of(weight)).collect()
        } else {
            weights.par_iter().map(|&weight| Cost::of(weight)).collect()
        };
        Self { projection, of, idle: Mutex::default() }
    }

    /// Both ends of a search, which nothing has touched yet.
    pub(super) fn ends(&self) -> [End; 2] {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let nodes = self.projection.node_count();
        idle.unwrap_or_else(|| [End::new(nodes), End::new(nodes)])
    }

    /// Takes back the ends of a search that is done.
    pub(super) fn done(&self, mut ends: [End; 2]) {
        ends.iter_mut().for_each(End::clear);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(ends);
    }

    /// Visits the arcs that lead from a node, or else to it: the node at the other end, and what it costs.
    #[inline]
    pub(super) fn each(&self, leaving: bool, node: u32, mut visit: impl FnMut(u32, Cost)) {
        let node = NodeIx(node);
        if leaving || !self.projection.is_directed() {
            let costs = &self.of[self.projection.places(node)];
            for (&other, &cost) in self.projection.neighbours(node).iter().zip(costs) {
                visit(other, cost);
            }
        } else {
            for (&other, &place) in self.projection.sources(node).iter().zip(self.projection.places_to(node))
            {
                visit(other, self.of[place as usize]);
            }
        }
    }

    /// What the arc from one node to another costs.
    pub(super) fn between(&self, from: u32, to: u32) -> Option<Cost> {
        self.projection.place(NodeIx(from), NodeIx(to)).map(|place| self.of[place])
    }
}
