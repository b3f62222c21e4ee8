//! Betweenness: on how many shortest ways between others somebody stands.
//!
//! U. Brandes, *A faster algorithm for betweenness centrality*, Journal of Mathematical Sociology
//! 25 (2001).

use rayon::prelude::*;

use super::{RankError, RankOptions};
use crate::network::{NodeIx, Projection};

/// Sources are cut into this many runs, whatever the number of threads; the runs are added in
/// order, so that the last bit does not depend on who did which.
const RUNS: usize = 32;

/// Counts of paths over this are scaled down, a level at a time, so that they cannot overflow.
const MANY: f64 = 1e150;

/// For each node the sum, over pairs of others, of the share of their shortest paths (in hops)
/// that go through it. Unordered pairs where ties lead both ways, ordered pairs where they lead one
/// way; ends do not count; not normalised; weights do not matter.
///
/// Cost: nodes × arcs in all, over all cores; 256 bytes a node.
///
/// ```
/// use parasol::analysis::centrality::betweenness;
/// use parasol::network::Projection;
///
/// // Every way between the three leaves of a star goes over its hub: three pairs.
/// let star = Projection::from_arcs(4, &[(0, 1, 1.0), (0, 2, 1.0), (0, 3, 1.0)], false)?;
/// assert_eq!(betweenness(&star, &Default::default())?, [3.0, 0.0, 0.0, 0.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn betweenness(projection: &Projection, _: &RankOptions) -> Result<Vec<f64>, RankError> {
    let nodes = projection.node_count();
    let runs: Vec<Vec<f64>> = (0..RUNS)
        .into_par_iter()
        .map(|run| {
            let mut walk = Walk::new(projection);
            (run * nodes / RUNS..(run + 1) * nodes / RUNS).for_each(|source| walk.from(source as u32));
            walk.total
        })
        .collect();
    let pairs = if projection.is_directed() { 1.0 } else { 0.5 };
    let total = |node: usize| pairs * runs.iter().map(|run| run[node]).sum::<f64>();
    Ok((0..nodes).map(total).collect())
}

/// What a walk from one source after the other needs, kept between them.
struct Walk<'p> {
    projection: &'p Projection,
    total: Vec<f64>,
    /// Level of each node in this walk; `u32::MAX` where it was not reached.
    level: Vec<u32>,
    /// How many shortest paths lead to each node, scaled.
    paths: Vec<f64>,
    /// How much of what lies behind hangs on each node.
    behind: Vec<f64>,
    order: Vec<u32>,
    /// Where each level starts in `order`, and by what its counts were scaled.
    levels: Vec<(usize, f64)>,
}

impl<'p> Walk<'p> {
    fn new(projection: &'p Projection) -> Self {
        let nodes = projection.node_count();
        Self {
            projection,
            total: vec![0.0; nodes],
            level: vec![u32::MAX; nodes],
            paths: vec![0.0; nodes],
            behind: vec![0.0; nodes],
            order: Vec::new(),
            levels: Vec::new(),
        }
    }

    fn from(&mut self, source: u32) {
        self.out(source);
        self.back();
        for node in self.order.drain(..) {
            let at = node as usize;
            if node != source {
                self.total[at] += self.behind[at];
            }
            (self.level[at], self.paths[at], self.behind[at]) = (u32::MAX, 0.0, 0.0);
        }
        self.levels.clear();
    }

    /// Breadth first, a level at a time: counts the shortest paths to each node.
    fn out(&mut self, source: u32) {
        (self.level[source as usize], self.paths[source as usize]) = (0, 1.0);
        self.order.push(source);
        let mut start = 0;
        while start < self.order.len() {
            let end = self.order.len();
            let scale = self.scale(start, end);
            self.levels.push((start, scale));
            let next = self.levels.len() as u32;
            for at in start..end {
                let node = self.order[at];
                let paths = self.paths[node as usize];
                for &other in self.projection.neighbours(NodeIx(node)) {
                    let level = &mut self.level[other as usize];
                    if *level == u32::MAX {
                        *level = next;
                        self.order.push(other);
                    }
                    if *level == next {
                        self.paths[other as usize] += paths;
                    }
                }
            }
            start = end;
        }
    }

    /// Scales the counts of a finished level, if they grow too large.
    fn scale(&mut self, start: usize, end: usize) -> f64 {
        let level = &self.order[start..end];
        let most = level.iter().map(|&node| self.paths[node as usize]).fold(0.0, f64::max);
        if most <= MANY {
            return 1.0;
        }
        level.iter().for_each(|&node| self.paths[node as usize] /= MANY);
        1.0 / MANY
    }

    /// From the furthest level back: each node hands what lies behind it to those before it.
    fn back(&mut self) {
        for level in (0..self.levels.len().saturating_sub(1)).rev() {
            let (start, _) = self.levels[level];
            let (end, scale) = self.levels[level + 1];
            for at in start..end {
                let node = self.order[at] as usize;
                let mut behind = 0.0;
                for &other in self.projection.neighbours(NodeIx(node as u32)) {
                    let other = other as usize;
                    if self.level[other] == level as u32 + 1 {
                        behind += (1.0 + self.behind[other]) * (self.paths[node] * scale / self.paths[other]);
                    }
                }
                self.behind[node] = behind;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ways_between_the_same_two_share_the_pair() {
        let square = Projection::from_arcs(4, &[(0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0), (3, 0, 1.0)], false);
        assert_eq!(betweenness(&square.unwrap(), &RankOptions::default()).unwrap(), [0.5; 4]);
    }

    #[test]
    fn ordered_pairs_count_where_ties_lead_one_way() {
        let line = Projection::from_arcs(3, &[(0, 1, 1.0), (1, 2, 1.0)], true).unwrap();
        assert_eq!(betweenness(&line, &RankOptions::default()).unwrap(), [0.0, 1.0, 0.0]);
    }

    #[test]
    fn more_paths_than_a_number_can_hold_are_counted_all_the_same() {
        // 600 squares in a row: 2^600 shortest paths from end to end.
        let squares = 600;
        let mut arcs = Vec::new();
        for at in 0..squares {
            let (left, right) = (3 * at, 3 * at + 3);
            arcs.extend([(left, left + 1, 1.0), (left, left + 2, 1.0)]);
            arcs.extend([(left + 1, right, 1.0), (left + 2, right, 1.0)]);
        }
        let nodes = 3 * squares as usize + 1;
        let projection = Projection::from_arcs(nodes, &arcs, false).unwrap();
        let values = betweenness(&projection, &RankOptions::default()).unwrap();
        assert!(values.iter().all(|value| value.is_finite()));
        // A corner stands on half of what passes its square; the first node between its neighbours.
        let (left, right) = (4.0, nodes as f64 - 6.0);
        assert!((values[4] - left * right / 2.0).abs() < 1e-6 && (values[4] - values[5]).abs() < 1e-6);
        assert_eq!(values[0], 0.5);
    }
}
