//! A network whose nodes may stand for several: what the Leiden method works on.

use std::borrow::Cow;

use rayon::prelude::*;

use super::Quality;
use crate::network::{NodeIx, Projection};

/// Both ways of each tie, each node with a mass.
pub(super) struct Level<'p> {
    pub(super) starts: Cow<'p, [u32]>,
    pub(super) heads: Cow<'p, [u32]>,
    pub(super) weights: Cow<'p, [f64]>,
    /// What each node weighs against joining: its strength for modularity, else how many it stands for.
    pub(super) masses: Vec<f64>,
    /// All strengths added up.
    pub(super) total: f64,
}

impl<'p> Level<'p> {
    /// The network as it is.
    pub(super) fn of(projection: &'p Projection, quality: Quality) -> Self {
        let nodes = projection.node_count();
        let mut level = if projection.is_directed() { both_ways(projection) } else { as_it_is(projection) };
        let strengths: Vec<f64> =
            (0..nodes as u32).map(|node| level.arcs(node).map(|(_, weight)| weight).sum()).collect();
        level.total = strengths.iter().sum();
        level.masses = if quality == Quality::Modularity { strengths } else { vec![1.0; nodes] };
        level
    }

    pub(super) fn nodes(&self) -> usize {
        self.masses.len()
    }

    pub(super) fn arcs(&self, node: u32) -> impl Iterator<Item = (u32, f64)> + '_ {
        let span = self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize;
        self.heads[span.clone()].iter().copied().zip(self.weights[span].iter().copied())
    }

    /// The network whose nodes are the parts `of` says. Ties inside a part are nobody's any more; the
    /// strength they had is in its mass.
    pub(super) fn put_together(&self, of: &[u32], count: usize) -> Level<'static> {
        const AT_ONCE: usize = 256;
        let (starts, members) = by_part(of, count);
        let mut masses = vec![0.0; count];
        (0..).zip(of).for_each(|(node, &part): (usize, _)| masses[part as usize] += self.masses[node]);
        let parts: Vec<usize> = (0..count).step_by(AT_ONCE).collect();
        let rows = |first: usize, sums: &mut Sums| {
            let mut rows = Rows::default();
            for part in first..(first + AT_ONCE).min(count) {
                for &node in &members[starts[part] as usize..starts[part + 1] as usize] {
                    self.arcs(node).for_each(|(other, weight)| sums.add(of[other as usize], weight));
                }
                rows.take(part as u32, sums);
            }
            rows
        };
        let rows: Vec<Rows> =
            parts.into_par_iter().map_init(|| Sums::new(count), |sums, first| rows(first, sums)).collect();
        let arcs = rows.iter().map(|rows| rows.heads.len()).sum();
        let mut level = Level {
            starts: Cow::Owned(Vec::with_capacity(count + 1)),
            heads: Cow::Owned(Vec::with_capacity(arcs)),
            weights: Cow::Owned(Vec::with_capacity(arcs)),
            masses,
            total: self.total,
        };
        level.starts.to_mut().push(0);
        for rows in rows {
            let before = level.heads.len() as u32;
            level.starts.to_mut().extend(rows.ends.iter().map(|end| before + end));
            level.heads.to_mut().extend(rows.heads);
            level.weights.to_mut().extend(rows.weights);
        }
        level
    }
}

fn as_it_is(projection: &Projection) -> Level<'_> {
    let starts =
        (0..=projection.node_count() as u32).map(|node| projection.places(NodeIx(node)).start as u32);
    let mut starts: Vec<u32> = starts.collect();
    if let Some(last) = starts.last_mut() {
        *last = projection.arc_count() as u32;
    }
    Level {
        starts: Cow::Owned(starts),
        heads: Cow::Borrowed(projection.all_neighbours()),
        weights: Cow::Borrowed(projection.all_weights()),
        masses: Vec::new(),
        total: 0.0,
    }
}

/// Every arc and its way back.
fn both_ways(projection: &Projection) -> Level<'static> {
    let (mut starts, mut heads, mut weights) = (vec![0], Vec::new(), Vec::new());
    for node in projection.nodes() {
        for hand in projection.leaving(node).chain(projection.arriving(node)) {
            heads.push(hand.neighbour.0);
            weights.push(hand.weight);
        }
        starts.push(heads.len() as u32);
    }
    let (starts, heads, weights) = (Cow::Owned(starts), Cow::Owned(heads), Cow::Owned(weights));
    Level { starts, heads, weights, masses: Vec::new(), total: 0.0 }
}

/// The nodes by part, and where each part's nodes start.
pub(super) fn by_part(of: &[u32], count: usize) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0_u32; count + 1];
    of.iter().for_each(|&part| starts[part as usize + 1] += 1);
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let (mut next, mut members) = (starts.clone(), vec![0; of.len()]);
    for (node, &part) in (0..).zip(of) {
        let slot = &mut next[part as usize];
        members[*slot as usize] = node;
        *slot += 1;
    }
    (starts, members)
}

/// Sums by number, and the numbers that have one, in the order they were met.
pub(super) struct Sums {
    pub(super) of: Vec<f64>,
    pub(super) met: Vec<u32>,
}

impl Sums {
    pub(super) fn new(count: usize) -> Self {
        Self { of: vec![0.0; count], met: Vec::new() }
    }

    #[inline]
    pub(super) fn add(&mut self, number: u32, weight: f64) {
        let sum = &mut self.of[number as usize];
        if *sum == 0.0 {
            self.met.push(number);
        }
        *sum += weight;
    }

    pub(super) fn clear(&mut self) {
        for number in self.met.drain(..) {
            self.of[number as usize] = 0.0;
        }
    }
}

/// The arcs of some parts.
#[derive(Default)]
struct Rows {
    ends: Vec<u32>,
    heads: Vec<u32>,
    weights: Vec<f64>,
}

impl Rows {
    fn take(&mut self, part: u32, sums: &mut Sums) {
        for &other in sums.met.iter().filter(|&&other| other != part) {
            self.heads.push(other);
            self.weights.push(sums.of[other as usize]);
        }
        sums.clear();
        self.ends.push(self.heads.len() as u32);
    }
}
