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
/// Cost: at most arcs × √arcs, as a rule little more than a few looks at each arc; 4 bytes a tie, and 9
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
            for node in forward.nodes(job) {
                let out = forward.from(node);
                marks.set(out);
                for &other in out {
                    for &third in forward.from(other).iter().filter(|&&third| marks.of(third) > 0) {
                        visit(state, [node, other], third);
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

/// Each tie once, from the end with fewer ties to the one with more; of equal ones from the first.
struct Forward {
    /// Where each node's arcs start; one more than there are nodes.
    starts: Vec<u32>,
    heads: Vec<u32>,
}

impl Forward {
    fn new(projection: &Projection) -> Result<Self, RankError> {
        if projection.is_directed() {
            return Err(RankError::Directed);
        }
        let nodes = projection.node_count();
        let degrees: Vec<u32> =
            projection.nodes().map(|node| projection.neighbours(node).len() as u32).collect();
        let leads = |node: usize, other: u32| (degrees[node], node as u32) < (degrees[other as usize], other);
        let out =
            |node: usize| projection.neighbours(NodeIx(node as u32)).iter().filter(move |&&o| leads(node, o));
        let counts: Vec<u32> = (0..nodes).into_par_iter().map(|node| out(node).count() as u32).collect();
        let mut starts = vec![0; nodes + 1];
        for (node, count) in counts.into_iter().enumerate() {
            starts[node + 1] = starts[node] + count;
        }
        let mut heads = vec![0; starts[nodes] as usize];
        let mut rest = &mut heads[..];
        let mut parts = Vec::new();
        for first in (0..nodes).step_by(AT_ONCE) {
            let last = (first + AT_ONCE).min(nodes);
            let (part, others) = rest.split_at_mut((starts[last] - starts[first]) as usize);
            parts.push((first..last, part));
            rest = others;
        }
        parts.into_par_iter().for_each(|(nodes, part)| {
            part.iter_mut().zip(nodes.flat_map(out)).for_each(|(head, &other)| *head = other);
        });
        Ok(Self { starts, heads })
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
