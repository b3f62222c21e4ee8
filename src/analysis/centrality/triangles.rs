//! Triangles: three of whom each knows the other two.
//!
//! T. Schank and D. Wagner, *Finding, counting and listing all triangles in large graphs*, WEA 2005: each
//! tie is led from the end with fewer ties to the one with more, which leaves nobody many ties; each
//! triangle is then found once, from its end with the fewest.

use rayon::prelude::*;

use super::RankError;
use crate::analysis::share::share;
use crate::network::{NodeIx, Projection};

/// How many nodes a thread takes at a time.
const AT_ONCE: usize = 512;

/// How many triangles each node is a corner of. Strengths do not matter.
///
/// Cost: at most arcs × √arcs, as a rule little more than a few looks at each arc; 8 bytes a tie, and 9
/// bytes a node and thread.
///
/// ```
/// use parasol::analysis::centrality::triangles;
/// use parasol::network::Projection;
///
/// let arcs = [(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0), (2, 3, 1.0)];
/// assert_eq!(triangles(&Projection::from_arcs(4, &arcs, false)?)?, [1, 1, 1, 0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn triangles(projection: &Projection) -> Result<Vec<u64>, RankError> {
    let nodes = projection.node_count();
    let counts = each_triangle(
        projection,
        || vec![0_u64; nodes],
        |counts, [a, b], third| {
            for corner in [a, b, third] {
                counts[corner as usize] += 1;
            }
        },
    )?;
    Ok(counts.into_iter().fold(vec![0; nodes], |mut all, part| {
        all.iter_mut().zip(part).for_each(|(all, part)| *all += part);
        all
    }))
}

/// How many triangles there are. Cost: as [`triangles()`], 1 byte a node and thread.
pub fn triangle_count(projection: &Projection) -> Result<u64, RankError> {
    let forward = Forward::new(projection)?;
    let counts = share(
        forward.jobs(),
        || (Marks::new(projection), 0_u64),
        |(marks, count), job| {
            for node in forward.nodes(job) {
                let out = forward.from(node);
                if out.len() > 1 {
                    marks.set(out);
                    let thirds = out.iter().flat_map(|&other| forward.from(other));
                    *count += thirds.map(|&third| marks.of(third)).sum::<u64>();
                    marks.clear(out);
                }
            }
        },
    );
    Ok(counts.into_iter().map(|(_, count)| count).sum())
}

/// Visits every triangle once, with states that are added up by whoever asked, in an order that does not
/// matter.
pub(in crate::analysis) fn each_triangle<S: Send>(
    projection: &Projection,
    start: impl Fn() -> S + Sync,
    visit: impl Fn(&mut S, [u32; 2], u32) + Sync,
) -> Result<Vec<S>, RankError> {
    let forward = Forward::new(projection)?;
    let states = share(
        forward.jobs(),
        || (Marks::new(projection), start()),
        |(marks, state), job| {
            for own in forward.nodes(job) {
                let out = forward.from(own);
                marks.set(out);
                for &other in out {
                    for &third in forward.from(other).iter().filter(|&&third| marks.of(third) > 0) {
                        let node = |rank: u32| forward.order[rank as usize];
                        visit(state, [node(own), node(other)], node(third));
                    }
                }
                marks.clear(out);
            }
        },
    );
    Ok(states.into_iter().map(|(_, state)| state).collect())
}

/// One bit a node.
struct Marks(Vec<u64>);

impl Marks {
    fn new(projection: &Projection) -> Self {
        Self(vec![0; projection.node_count().div_ceil(64)])
    }

    fn set(&mut self, nodes: &[u32]) {
        nodes.iter().for_each(|&node| self.0[node as usize / 64] |= 1 << (node % 64));
    }

    fn clear(&mut self, nodes: &[u32]) {
        nodes.iter().for_each(|&node| self.0[node as usize / 64] = 0);
    }

    #[inline]
    fn of(&self, node: u32) -> u64 {
        self.0[node as usize / 64] >> (node % 64) & 1
    }
}

/// Each tie once, from the end with fewer ties to the one with more. Nodes go by their rank, those with most
/// ties first: most arcs lead to the first few, which are then looked up where they were a moment ago.
struct Forward {
    /// Where the arcs of each rank start; one more than there are nodes.
    starts: Vec<u32>,
    heads: Vec<u32>,
    /// Which node has each rank.
    order: Vec<u32>,
}

impl Forward {
    fn new(projection: &Projection) -> Result<Self, RankError> {
        if projection.is_directed() {
            return Err(RankError::Directed);
        }
        let order = by_degree(projection);
        let mut rank = vec![0; order.len()];
        (0..).zip(&order).for_each(|(at, &node)| rank[node as usize] = at);
        // Ranks of a run, and where the arcs of each end in the run.
        let run = |(job, nodes): (usize, &[u32])| {
            let (mut ends, mut heads) = (Vec::with_capacity(nodes.len()), Vec::new());
            for (own, &node) in ((job * AT_ONCE) as u32..).zip(nodes) {
                let others = projection.neighbours(NodeIx(node)).iter().map(|&other| rank[other as usize]);
                heads.extend(others.filter(|&other| other < own));
                ends.push(heads.len() as u32);
            }
            (ends, heads)
        };
        let runs: Vec<_> = order.par_chunks(AT_ONCE).enumerate().map(run).collect();
        let mut starts = Vec::with_capacity(order.len() + 1);
        let mut heads = Vec::with_capacity(projection.arc_count() / 2);
        starts.push(0);
        for (ends, part) in runs {
            let before = heads.len() as u32;
            starts.extend(ends.into_iter().map(|end| before + end));
            heads.extend(part);
        }
        Ok(Self { starts, heads, order })
    }

    fn jobs(&self) -> usize {
        (self.starts.len() - 1).div_ceil(AT_ONCE)
    }

    fn nodes(&self, job: usize) -> impl Iterator<Item = u32> + use<> {
        let last = ((job + 1) * AT_ONCE).min(self.starts.len() - 1);
        (job * AT_ONCE..last).map(|node| node as u32)
    }

    fn from(&self, node: u32) -> &[u32] {
        &self.heads[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize]
    }
}

/// All nodes, those with most neighbours first, then in order (a counting sort).
fn by_degree(projection: &Projection) -> Vec<u32> {
    let degree = |node: NodeIx| projection.neighbours(node).len();
    let most = projection.nodes().map(degree).max().unwrap_or(0);
    let mut next = vec![0_u32; most + 2];
    projection.nodes().for_each(|node| next[most - degree(node) + 1] += 1);
    for at in 1..next.len() {
        next[at] += next[at - 1];
    }
    let mut order = vec![0; projection.node_count()];
    for node in projection.nodes() {
        let slot = &mut next[most - degree(node)];
        order[*slot as usize] = node.0;
        *slot += 1;
    }
    order
}
