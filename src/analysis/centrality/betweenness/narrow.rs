//! Brandes' walk from one source: 40 bytes a node, and counts of paths that cannot overflow.

use super::Sums;
use crate::network::{NodeIx, Projection};

/// Counts of paths over this are scaled down, a level at a time, so that they cannot overflow.
const MANY: f64 = 1e150;

/// What a walk from one source after the other needs, kept between them.
pub(super) struct Narrow<'p> {
    projection: &'p Projection,
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

impl<'p> Narrow<'p> {
    pub(super) fn new(projection: &'p Projection) -> Self {
        let nodes = projection.node_count();
        Self {
            projection,
            level: vec![u32::MAX; nodes],
            paths: vec![0.0; nodes],
            behind: vec![0.0; nodes],
            order: Vec::with_capacity(nodes),
            levels: Vec::new(),
        }
    }

    /// Adds to `sums` what hangs on each node in the walk from a source.
    pub(super) fn from(&mut self, source: u32, sums: &mut Sums) {
        self.out(source);
        self.back();
        for node in self.order.drain(..) {
            let at = node as usize;
            if node != source && self.behind[at] > 0.0 {
                sums.add(node, self.behind[at]);
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
