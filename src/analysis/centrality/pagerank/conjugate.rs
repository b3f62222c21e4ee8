//! PageRank's equations by conjugate gradients, where ties lead both ways.
//!
//! With `z` what a node hands on for a unit of weight, `D` the weights of all ways on and `A` the weights
//! of the ties, `(D − damping A) z = (1 − damping) restart`, which is symmetric and positive, so that
//! conjugate gradients scaled by `D` come near in a fraction of the rounds (M. Hestenes and E. Stiefel
//! 1952; the condition is at most `(1 + damping) / (1 − damping)`). What is left over, added up without
//! signs, is what one round of the plain method would move.
//!
//! In a large network the rounds look up half as precise numbers; what is left over is then taken again
//! with precise ones and solved for in turn (iterative refinement, J. H. Wilkinson 1963), so that the
//! answer is as near as asked.

use rayon::prelude::*;

use super::{AT_ONCE, Entry, ROUNDS, pulled, ways_on};
use super::{RankError, RankOptions};
use crate::network::Projection;

/// Networks of more nodes look up half as precise numbers.
const LARGE: usize = 1 << 19;

/// The ranks, but for a factor.
pub(super) fn solve(
    projection: &Projection,
    options: &RankOptions,
    restart: Vec<f64>,
) -> Result<Vec<f64>, RankError> {
    let large = projection.node_count() > LARGE;
    solve_by(projection, options, restart, large)
}

/// [`solve`], by half as precise numbers or not.
fn solve_by(
    projection: &Projection,
    options: &RankOptions,
    restart: Vec<f64>,
    large: bool,
) -> Result<Vec<f64>, RankError> {
    let ways_on = ways_on(projection);
    // Begins with what nobody has handed on yet.
    let mut ranks: Vec<f64> = restart.par_iter().zip(&ways_on).map(|(restart, out)| restart / out).collect();
    let system = System { projection, options, ways_on: &ways_on };
    let mut left = restart;
    left.par_iter_mut().for_each(|left| *left *= 1.0 - options.damping);
    system.take_off(&ranks, &mut left);
    let mut rounds = 0;
    if large {
        while sum_of(&left, |left| left.abs()) >= options.rest {
            // Two turns that go as far each are as near as asked, without asking too much of either.
            let whole = sum_of(&left, |left| left.abs());
            let part = (whole * options.rest).sqrt().max(options.rest) * 0.5;
            let mut more = vec![0.0; ranks.len()];
            let mut still = left.clone();
            system.settle::<f32>(&mut more, &mut still, part.max(whole * 1e-6), &mut rounds)?;
            drop(still);
            ranks.par_iter_mut().zip(&more).for_each(|(rank, more)| *rank += more);
            system.take_off(&more, &mut left);
        }
    } else {
        system.settle::<f64>(&mut ranks, &mut left, options.rest, &mut rounds)?;
    }
    ranks.par_iter_mut().zip(&ways_on).for_each(|(rank, out)| *rank *= out);
    Ok(ranks)
}

struct System<'s> {
    projection: &'s Projection,
    options: &'s RankOptions,
    ways_on: &'s [f64],
}

impl System<'_> {
    /// What the equations make of a node's entry and its neighbours'.
    #[inline]
    fn times<E: Entry>(&self, node: usize, own: f64, entries: &[E]) -> f64 {
        self.ways_on[node] * own - self.options.damping * pulled(self.projection, node, entries)
    }

    /// Takes what the equations make of `entries` off what is left over.
    fn take_off(&self, entries: &[f64], left: &mut [f64]) {
        let part = |(part, left): (usize, &mut [f64])| {
            for (node, left) in (part * AT_ONCE..).zip(left) {
                *left -= self.times(node, entries[node], entries);
            }
        };
        left.par_chunks_mut(AT_ONCE).enumerate().for_each(part);
    }

    /// Brings `found` nearer until less than `rest` is left over.
    fn settle<E: Entry>(
        &self,
        found: &mut [f64],
        left: &mut [f64],
        rest: f64,
        rounds: &mut usize,
    ) -> Result<(), RankError> {
        let watch = self.options.watch.over(40);
        let nodes = found.len();
        let scaled = |(left, out): (&f64, &f64)| left / out;
        let mut towards: Vec<f64> = left.par_iter().zip(self.ways_on).map(scaled).collect();
        let mut table: Vec<E> = towards.par_iter().map(|&value| E::of(value)).collect();
        let mut image = vec![0.0; nodes];
        let (mut still, mut energy) = (sum_of(left, |left| left.abs()), self.energy(left));
        loop {
            if energy == 0.0 || still < rest {
                return Ok(());
            }
            *rounds += 1;
            if *rounds > ROUNDS {
                return Err(RankError::Unsettled(ROUNDS));
            }
            let along = self.image(&towards, &table, &mut image);
            let step = energy / along;
            let next;
            (still, next) = self.forward(step, (&towards, &image), found, left);
            let turn = next / energy;
            energy = next;
            let aim = |((towards, entry), (left, out)): ((&mut f64, &mut E), (&f64, &f64))| {
                *towards = left / out + turn * *towards;
                *entry = E::of(*towards);
            };
            let places = towards.par_iter_mut().zip(table.par_iter_mut());
            places.zip(left.par_iter().zip(self.ways_on)).with_min_len(AT_ONCE).for_each(aim);
            watch.one_done();
            if watch.is_stopped() {
                return Err(RankError::Stopped);
            }
        }
    }

    /// The image of a direction, and how much of it lies along the direction.
    fn image<E: Entry>(&self, towards: &[f64], table: &[E], image: &mut [f64]) -> f64 {
        let part = |(part, image): (usize, &mut [f64])| {
            let mut along = 0.0;
            for (node, image) in (part * AT_ONCE..).zip(image) {
                *image = self.times(node, towards[node], table);
                along += *image * towards[node];
            }
            along
        };
        let parts: Vec<f64> = image.par_chunks_mut(AT_ONCE).enumerate().map(part).collect();
        parts.iter().sum()
    }

    /// One step along a direction, whose image it takes off what is left over; what is still left over,
    /// added up without signs, and times itself, scaled.
    fn forward(
        &self,
        step: f64,
        (towards, image): (&[f64], &[f64]),
        found: &mut [f64],
        left: &mut [f64],
    ) -> (f64, f64) {
        let moved = found.par_chunks_mut(AT_ONCE).zip(left.par_chunks_mut(AT_ONCE));
        let along = towards.par_chunks(AT_ONCE).zip(image.par_chunks(AT_ONCE));
        let parts: Vec<(f64, f64)> = moved
            .zip(along.zip(self.ways_on.par_chunks(AT_ONCE)))
            .map(|((found, left), ((towards, image), out))| {
                let (mut still, mut energy) = (0.0, 0.0);
                for ((found, left), ((towards, image), out)) in
                    found.iter_mut().zip(left).zip(towards.iter().zip(image).zip(out))
                {
                    *found += step * towards;
                    *left -= step * image;
                    still += left.abs();
                    energy += *left * *left / out;
                }
                (still, energy)
            })
            .collect();
        parts.iter().fold((0.0, 0.0), |(still, energy), part| (still + part.0, energy + part.1))
    }

    /// What is left over times itself, scaled.
    fn energy(&self, left: &[f64]) -> f64 {
        let part = |(part, left): (usize, &[f64])| {
            let out = &self.ways_on[part * AT_ONCE..];
            left.iter().zip(out).map(|(left, out)| left * left / out).sum::<f64>()
        };
        let parts: Vec<f64> = left.par_chunks(AT_ONCE).enumerate().map(part).collect();
        parts.iter().sum()
    }
}

/// A sum over all, in parts that are added in order.
fn sum_of(values: &[f64], of: impl Fn(&f64) -> f64 + Sync) -> f64 {
    let parts: Vec<f64> = values.par_chunks(AT_ONCE).map(|part| part.iter().map(&of).sum::<f64>()).collect();
    parts.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::dice::Dice;

    #[test]
    fn half_as_precise_numbers_come_as_near() {
        let mut dice = Dice::new(1, "graph", 0);
        let arcs: Vec<_> = (0..3000)
            .map(|_| (dice.below(900) as u32, dice.below(1000) as u32, 0.1 + 0.9 * dice.unit()))
            .collect();
        let projection = Projection::from_arcs(1000, &arcs, false).unwrap();
        let restart = || (0..1000).map(|node| f64::from(node % 7) / 2997.0).collect();
        for rest in [1e-8, 1e-12] {
            let options = RankOptions { rest, ..RankOptions::default() };
            let solved = |large| solve_by(&projection, &options, restart(), large).unwrap();
            let off: f64 = solved(true).iter().zip(solved(false)).map(|(a, b)| (a - b).abs()).sum();
            assert!(off < 15.0 * rest, "{off}");
        }
    }
}
