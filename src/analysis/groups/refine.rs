//! Building communities up anew from their nodes, so that what is put together hangs together.

use rayon::prelude::*;

use super::level::{Level, Sums, by_part};
use super::settle::Placing;

/// How many nodes, about, a thread takes at a time.
const AT_ONCE: usize = 4096;

/// The parts that communities are made of.
pub(super) struct Parts {
    /// For each node its part; parts of one community stand together.
    pub(super) of: Vec<u32>,
    /// How many parts there are.
    pub(super) count: usize,
    /// For each part its community.
    pub(super) community: Vec<u32>,
}

/// Some communities, their nodes one after the other, and what becomes of the nodes; numbers are places in
/// the order of all nodes by community.
struct Work<'w> {
    communities: std::ops::Range<usize>,
    first: u32,
    part: &'w mut [u32],
}

/// What all threads look up.
struct Shared<'s> {
    level: &'s Level<'s>,
    placing: &'s Placing,
    price: f64,
    starts: &'s [u32],
    members: &'s [u32],
    /// Each node's place in `members`.
    place: &'s [u32],
}

/// The parts of every community: each node on its own at first; then, in turn, whoever is still on his own
/// joins the part he gains most with, if both hang firmly enough on the rest of the community.
/// Communities are numbered anew.
pub(super) fn refine(level: &Level<'_>, placing: &mut Placing, price: f64) -> Parts {
    let count = placing.renumber();
    let (starts, members) = by_part(&placing.of, count);
    let mut place = vec![0; members.len()];
    (0..).zip(&members).for_each(|(at, &node)| place[node as usize] = at);
    let shared = Shared { level, placing, price, starts: &starts, members: &members, place: &place };
    let mut part: Vec<u32> = (0..members.len() as u32).collect();
    let work = cut(&starts, &mut part);
    work.into_par_iter().for_each(|mut work| shared.build(&mut work));
    numbered(&shared, &part)
}

/// Communities in runs of about as many nodes.
fn cut<'w>(starts: &[u32], part: &'w mut [u32]) -> Vec<Work<'w>> {
    let (mut work, mut rest, mut from) = (Vec::new(), part, 0);
    for to in 1..starts.len() {
        let many = (starts[to] - starts[from]) as usize;
        if many >= AT_ONCE || to + 1 == starts.len() {
            let (part, others) = rest.split_at_mut(many);
            work.push(Work { communities: from..to, first: starts[from], part });
            (rest, from) = (others, to);
        }
    }
    work
}

/// Numbers the parts in the order of the nodes by community.
fn numbered(shared: &Shared<'_>, part: &[u32]) -> Parts {
    let mut number = vec![u32::MAX; part.len()];
    let mut parts = Parts { of: vec![0; part.len()], count: 0, community: Vec::new() };
    for (&node, &part) in shared.members.iter().zip(part) {
        let number = &mut number[part as usize];
        if *number == u32::MAX {
            *number = parts.count as u32;
            parts.count += 1;
            parts.community.push(shared.placing.of[node as usize]);
        }
        parts.of[node as usize] = *number;
    }
    parts
}

impl Shared<'_> {
    fn build(&self, work: &mut Work<'_>) {
        let many = work.part.len();
        let mut grown = Grown { masses: vec![0.0; many], ties: vec![0.0; many], alone: vec![true; many] };
        let mut sums = Sums::new(many);
        for community in work.communities.clone() {
            let own = self.starts[community] - work.first..self.starts[community + 1] - work.first;
            for at in own.clone() {
                let node = self.members[(work.first + at) as usize];
                grown.masses[at as usize] = self.level.masses[node as usize];
                grown.ties[at as usize] = self.inside(node, community).map(|(_, weight)| weight).sum();
            }
            for at in own {
                self.join(work, &mut grown, &mut sums, community, at);
            }
        }
    }

    /// The ties of a node inside its community: place of the other end, and weight.
    fn inside(&self, node: u32, community: usize) -> impl Iterator<Item = (u32, f64)> + '_ {
        let is_inside = move |other: &u32| self.placing.of[*other as usize] as usize == community;
        let arcs = self.level.arcs(node).filter(move |(other, _)| is_inside(other));
        arcs.map(|(other, weight)| (self.place[other as usize], weight))
    }

    /// Lets a node join a part, if it is on its own and gains by it.
    fn join(&self, work: &mut Work<'_>, grown: &mut Grown, sums: &mut Sums, community: usize, at: u32) {
        let whole = self.placing.masses[community];
        if !grown.alone[at as usize] || !grown.is_firm(at, whole, self.price) {
            return;
        }
        let node = self.members[(work.first + at) as usize];
        for (place, weight) in self.inside(node, community) {
            sums.add(work.part[(place - work.first) as usize] - work.first, weight);
        }
        let mass = grown.masses[at as usize];
        let (mut to, mut most) = (at, 0.0);
        for &part in sums.met.iter().filter(|&&part| part != at) {
            let gain = sums.of[part as usize] - self.price * mass * grown.masses[part as usize];
            if gain > most && grown.is_firm(part, whole, self.price) {
                (to, most) = (part, gain);
            }
        }
        if to != at {
            let between = sums.of[to as usize];
            grown.take(at, to, between);
            work.part[at as usize] = work.first + to;
        }
        sums.clear();
    }
}

/// Parts while they grow, each at the place of the node it began with.
struct Grown {
    masses: Vec<f64>,
    /// Weight of the ties to the rest of the community.
    ties: Vec<f64>,
    /// Whether nobody joined the node that it began with, and it joined nobody.
    alone: Vec<bool>,
}

impl Grown {
    /// Whether a part hangs on the rest of its community at least as firmly as it costs.
    fn is_firm(&self, part: u32, whole: f64, price: f64) -> bool {
        let mass = self.masses[part as usize];
        self.ties[part as usize] >= price * mass * (whole - mass)
    }

    fn take(&mut self, at: u32, to: u32, between: f64) {
        self.masses[to as usize] += self.masses[at as usize];
        self.ties[to as usize] += self.ties[at as usize] - 2.0 * between;
        (self.alone[at as usize], self.alone[to as usize]) = (false, false);
    }
}
