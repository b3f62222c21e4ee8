//! Moving nodes to the community they fit best, until none wants to move.

use std::collections::VecDeque;

use super::level::{Level, Sums};
use crate::analysis::dice::Dice;

/// A move must be worth more than this, so that rounding moves nobody to and fro.
const WORTH: f64 = 1e-9;
/// Nodes that stand together are looked at together, in blocks of so many: the order is by chance, and yet
/// what is looked at next is near.
const BLOCK: usize = 128;

/// Which community each node is in.
pub(super) struct Placing {
    pub(super) of: Vec<u32>,
    /// The mass of each community; as many as there are nodes, some empty.
    pub(super) masses: Vec<f64>,
    /// How many nodes each has.
    sizes: Vec<u32>,
}

impl Placing {
    /// A placing where it is already said in which community each node is, numbers under the nodes' number.
    pub(super) fn new(level: &Level<'_>, of: Vec<u32>) -> Self {
        let (mut masses, mut sizes) = (vec![0.0; of.len()], vec![0; of.len()]);
        for (&community, mass) in of.iter().zip(&level.masses) {
            masses[community as usize] += mass;
            sizes[community as usize] += 1;
        }
        Self { of, masses, sizes }
    }

    /// How many communities have a node.
    pub(super) fn used(&self) -> usize {
        self.sizes.iter().filter(|&&size| size > 0).count()
    }

    /// Numbers the communities anew, in the order of their first nodes; how many there are.
    pub(super) fn renumber(&mut self) -> usize {
        let mut number = vec![u32::MAX; self.of.len()];
        let (mut masses, mut sizes) = (vec![0.0; self.of.len()], vec![0; self.of.len()]);
        let mut count = 0;
        for of in &mut self.of {
            let new = &mut number[*of as usize];
            if *new == u32::MAX {
                *new = count;
                (masses[count as usize], sizes[count as usize]) =
                    (self.masses[*of as usize], self.sizes[*of as usize]);
                count += 1;
            }
            *of = *new;
        }
        (self.masses, self.sizes) = (masses, sizes);
        count as usize
    }
}

/// Moves nodes until none wants to: each to the community with the greatest gain, the weight of its ties
/// there less the price of its mass times the masses there; those whose neighbour moved away are looked
/// at again.
pub(super) fn settle(level: &Level<'_>, placing: &mut Placing, price: f64, seed: u64) {
    let nodes = level.nodes();
    let mut queue = order(nodes, seed);
    let mut waits = vec![true; nodes];
    let mut sums = Sums::new(nodes);
    let mut empty: Vec<u32> = (0..nodes as u32).rev().filter(|&c| placing.sizes[c as usize] == 0).collect();
    // A node is worth another look only when something near it changed; this many in all is never reached.
    let mut looks = nodes.saturating_mul(1000);
    while let Some(node) = queue.pop_front().filter(|_| looks > 0) {
        looks -= 1;
        waits[node as usize] = false;
        let from = placing.of[node as usize];
        let to = best(level, placing, node, price, &mut sums, &mut empty);
        if to != from {
            placing.of[node as usize] = to;
            for (other, _) in level.arcs(node) {
                if placing.of[other as usize] != to && !std::mem::replace(&mut waits[other as usize], true) {
                    queue.push_back(other);
                }
            }
        }
    }
}

/// Takes a node out of its community and puts it where it fits best; where that is.
fn best(
    level: &Level<'_>,
    placing: &mut Placing,
    node: u32,
    price: f64,
    sums: &mut Sums,
    empty: &mut Vec<u32>,
) -> u32 {
    for (other, weight) in level.arcs(node) {
        sums.add(placing.of[other as usize], weight);
    }
    let (from, mass) = (placing.of[node as usize], level.masses[node as usize]);
    placing.masses[from as usize] -= mass;
    placing.sizes[from as usize] -= 1;
    let paid = price * mass;
    let (mut to, mut most) = (from, sums.of[from as usize] - paid * placing.masses[from as usize] + WORTH);
    for &community in &sums.met {
        let gain = sums.of[community as usize] - paid * placing.masses[community as usize];
        if gain > most {
            (to, most) = (community, gain);
        }
    }
    sums.clear();
    if most < 0.0 && placing.sizes[from as usize] > 0 {
        // Alone is better than anywhere.
        to = empty.pop().unwrap_or(from);
    }
    if placing.sizes[from as usize] == 0 && to != from {
        placing.masses[from as usize] = 0.0;
        empty.push(from);
    }
    placing.masses[to as usize] += mass;
    placing.sizes[to as usize] += 1;
    to
}

/// Blocks of nodes in an order by chance.
fn order(nodes: usize, seed: u64) -> VecDeque<u32> {
    let mut blocks: Vec<usize> = (0..nodes.div_ceil(BLOCK)).collect();
    Dice::new(seed, "communities", 0).shuffle(&mut blocks);
    let of = |block: usize| block * BLOCK..((block + 1) * BLOCK).min(nodes);
    blocks.into_iter().flat_map(of).map(|node| node as u32).collect()
}
