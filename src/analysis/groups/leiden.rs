//! Communities by the Leiden method: groups that hold together better than chance would have it, each of
//! them connected.
//!
//! V. A. Traag, L. Waltman and N. J. van Eck, *From Louvain to Leiden: guaranteeing well-connected
//! communities*, Scientific Reports 9 (2019). Nodes move to where they fit best until none wants to
//! ([`super::settle`]); each community is built up anew from its nodes, only where it hangs together
//! ([`super::refine`]); what was built up becomes the nodes of a smaller network, and so on. Where the
//! method draws by chance which part a node joins, the best is taken here; chance is only in the order in
//! which nodes are looked at.

use super::level::Level;
use super::refine::refine;
use super::settle::{Placing, settle};
use crate::analysis::Watch;
use crate::network::{NodeIx, Projection};

/// What makes a good division into communities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// More strength inside than if everybody's ties fell at random (M. E. J. Newman and M. Girvan,
    /// *Finding and evaluating community structure in networks*, Physical Review E 69, 2004). Small
    /// communities in large networks may be taken together.
    Modularity,
    /// The constant Potts model: denser inside than the resolution, sparser outside (V. A. Traag, P. Van
    /// Dooren and Y. Nesterov, *Narrow scope for resolution-limit-free community detection*, Physical
    /// Review E 84, 2011). What is found does not depend on how large the rest is.
    Potts,
}

/// How communities are looked for.
#[derive(Clone, Debug, PartialEq)]
pub struct CommunityOptions {
    /// What makes them good.
    pub quality: Quality,
    /// Greater means smaller communities; for modularity 1 is usual, for Potts it is the strength per pair
    /// that a community must have inside.
    pub resolution: f64,
    /// How often all is gone through, each time from what was found before; it ends earlier when nothing
    /// gets better.
    pub rounds: usize,
    /// The seed of the order in which nodes are looked at.
    pub seed: u64,
    /// Who looks on.
    pub watch: Watch,
}

impl Default for CommunityOptions {
    fn default() -> Self {
        Self { quality: Quality::Modularity, resolution: 1.0, rounds: 2, seed: 1, watch: Watch::default() }
    }
}

/// A division of all nodes into communities.
#[derive(Clone, Debug, PartialEq)]
pub struct Communities {
    /// For each node its community, numbered in the order of their first nodes.
    pub of: Vec<u32>,
    /// How many there are.
    pub count: usize,
    /// How good the division is: modularity, or Potts' strength inside less what it must have.
    pub quality: f64,
}

/// The communities of a network; strengths count, ways arcs lead do not (an arc each way counts twice).
/// Whoever has no tie is a community of his own.
///
/// Cost: some tens of looks at each arc; about 100 bytes a node and 24 an arc. The same with any number of
/// threads.
///
/// ```
/// use parasol::analysis::groups::communities;
/// use parasol::network::Projection;
///
/// // Two triangles and a tie between them.
/// let arcs = [(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0), (3, 4, 1.0), (4, 5, 1.0), (5, 3, 1.0), (2, 3, 1.0)];
/// let found = communities(&Projection::from_arcs(6, &arcs, false)?, &Default::default());
/// assert_eq!(found.of, [0, 0, 0, 1, 1, 1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn communities(projection: &Projection, options: &CommunityOptions) -> Communities {
    let level = Level::of(projection, options.quality);
    let price = price(&level, options);
    let mut of: Vec<u32> = (0..level.nodes() as u32).collect();
    let watch = options.watch.over(options.rounds);
    let mut quality = f64::NEG_INFINITY;
    for round in 0..options.rounds {
        of = gone_through(&level, of, price, options.seed.wrapping_add(round as u64));
        let reached = goodness(&level, &of, price, options.quality);
        watch.one_done();
        if reached <= quality + 1e-9 * quality.abs() || watch.is_stopped() {
            break;
        }
        quality = reached;
    }
    let (of, count) = connected(projection, &of);
    let quality = goodness(&level, &of, price, options.quality);
    Communities { of, count, quality }
}

/// How good a division is, by the same measure. `of` has a number for each node.
pub fn division_quality(projection: &Projection, of: &[u32], options: &CommunityOptions) -> f64 {
    let level = Level::of(projection, options.quality);
    goodness(&level, of, price(&level, options), options.quality)
}

/// What a unit of mass times a unit of mass in one community costs.
fn price(level: &Level<'_>, options: &CommunityOptions) -> f64 {
    match options.quality {
        Quality::Modularity if level.total > 0.0 => options.resolution / level.total,
        Quality::Modularity => 0.0,
        Quality::Potts => options.resolution,
    }
}

/// One round: down from the whole network to ever smaller ones, until nothing can be put together.
fn gone_through(whole: &Level<'_>, of: Vec<u32>, price: f64, seed: u64) -> Vec<u32> {
    let mut node_of: Vec<u32> = (0..whole.nodes() as u32).collect();
    let mut placing = Placing::new(whole, of);
    let mut smaller: Option<Level<'_>> = None;
    for depth in 0_u64.. {
        let level = smaller.as_ref().unwrap_or(whole);
        settle(level, &mut placing, price, seed.wrapping_add(depth << 32));
        if placing.used() == level.nodes() {
            break;
        }
        let parts = refine(level, &mut placing, price);
        if parts.count == level.nodes() {
            break;
        }
        let next = level.put_together(&parts.of, parts.count);
        node_of.iter_mut().for_each(|node| *node = parts.of[*node as usize]);
        placing = Placing::new(&next, parts.community);
        smaller = Some(next);
    }
    node_of.into_iter().map(|node| placing.of[node as usize]).collect()
}

fn goodness(level: &Level<'_>, of: &[u32], price: f64, quality: Quality) -> f64 {
    let mut masses = vec![0.0; of.iter().map(|&of| of as usize + 1).max().unwrap_or(0)];
    let mut inside = 0.0;
    for (node, &community) in (0..).zip(of) {
        masses[community as usize] += level.masses[node as usize];
        let near = level.arcs(node).filter(|&(other, _)| of[other as usize] == community);
        inside += near.map(|(_, weight)| weight).sum::<f64>();
    }
    let squares: f64 = masses.iter().map(|mass| mass * mass).sum();
    match quality {
        Quality::Modularity if level.total > 0.0 => (inside - price * squares) / level.total,
        Quality::Modularity => 0.0,
        // A pair once, and nobody with himself.
        Quality::Potts => (inside - price * (squares - of.len() as f64)) / 2.0,
    }
}

/// The communities, numbered in the order of their first nodes; should one not hang together, each of its
/// parts is one.
fn connected(projection: &Projection, of: &[u32]) -> (Vec<u32>, usize) {
    let mut numbered = vec![u32::MAX; of.len()];
    let (mut count, mut open) = (0, Vec::new());
    for start in 0..of.len() as u32 {
        if numbered[start as usize] != u32::MAX {
            continue;
        }
        numbered[start as usize] = count;
        open.push(start);
        while let Some(node) = open.pop() {
            let (out, into) = (projection.neighbours(NodeIx(node)), projection.sources(NodeIx(node)));
            let back = if projection.is_directed() { into } else { &[] };
            for &other in out.iter().chain(back) {
                if of[other as usize] == of[start as usize] && numbered[other as usize] == u32::MAX {
                    numbered[other as usize] = count;
                    open.push(other);
                }
            }
        }
        count += 1;
    }
    (numbered, count as usize)
}
