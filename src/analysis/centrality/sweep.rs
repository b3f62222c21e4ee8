//! Breadth-first walks from many sources at once.
//!
//! Each node has a *row* of lanes, one lane a source; a step gives every node the join of its
//! neighbours' rows. One look at an arc then serves all lanes, without a branch (M. Then et al., *The
//! more the merrier: efficient multi-source graph traversal*, VLDB 2014, joins bits; betweenness joins
//! counts of paths the same way).
//!
//! A step pulls (each node that may change looks at its neighbours) or pushes (each row in front is
//! handed on), whichever looks at fewer arcs (S. Beamer et al., *Direction-optimizing breadth-first
//! search*, SC 2012). Which one it is hangs on the graph alone.

use crate::network::{NodeIx, Projection};

/// The lanes of a node.
pub(super) trait Row: Copy {
    /// No lane holds anything.
    const EMPTY: Self;
    /// Adds what another row holds.
    fn join(&mut self, other: &Self);
    /// Whether no lane holds anything.
    fn is_empty(&self) -> bool;
}

/// Which way arcs are walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// As they lead.
    Forth,
    /// Against it.
    Back,
}

/// The rows in front, and those that come after them.
pub(super) struct Sweep<'p, R> {
    projection: &'p Projection,
    front: Vec<R>,
    next: Vec<R>,
    /// The nodes whose rows in front are not empty.
    pub(super) nodes: Vec<u32>,
    touched: Vec<u32>,
}

impl<'p, R: Row> Sweep<'p, R> {
    pub(super) fn new(projection: &'p Projection) -> Self {
        let rows = || vec![R::EMPTY; projection.node_count()];
        Self { projection, front: rows(), next: rows(), nodes: Vec::new(), touched: Vec::new() }
    }

    /// Puts a row in front, beside what the node has there.
    pub(super) fn put(&mut self, node: u32, row: &R) {
        let front = &mut self.front[node as usize];
        if front.is_empty() {
            self.nodes.push(node);
        }
        front.join(row);
    }

    /// Empties the front.
    pub(super) fn clear(&mut self) {
        for node in self.nodes.drain(..) {
            self.front[node as usize] = R::EMPTY;
        }
    }

    /// One step: each node gets the join of the rows before it, and `settle` says what of it goes on.
    /// `open` must hold every node of which something may. Nodes whose join is empty are not settled.
    pub(super) fn step(&mut self, way: Way, open: &[u32], mut settle: impl FnMut(u32, &R) -> R) {
        if self.is_pushed(way, open) {
            self.push(way);
            for node in self.touched.drain(..) {
                let row = settle(node, &self.next[node as usize]);
                self.next[node as usize] = row;
                if !row.is_empty() {
                    self.nodes.push(node);
                }
            }
        } else {
            let joined = |node, joined: &R| if joined.is_empty() { R::EMPTY } else { settle(node, joined) };
            self.pull(way, open, joined);
        }
        std::mem::swap(&mut self.front, &mut self.next);
    }

    /// One step in which all of `open` are settled, and nobody else, whether their join is empty or not.
    pub(super) fn step_of_all(&mut self, way: Way, open: &[u32], mut settle: impl FnMut(u32, &R) -> R) {
        if self.is_pushed(way, open) {
            self.push(way);
            let rows: Vec<R> = open.iter().map(|&node| settle(node, &self.next[node as usize])).collect();
            self.touched.drain(..).for_each(|node| self.next[node as usize] = R::EMPTY);
            open.iter().zip(rows).for_each(|(&node, row)| self.next[node as usize] = row);
            self.nodes.extend(open.iter().copied().filter(|&node| !self.next[node as usize].is_empty()));
        } else {
            self.pull(way, open, settle);
        }
        std::mem::swap(&mut self.front, &mut self.next);
    }

    /// Whether handing on looks at fewer arcs; it writes where pulling only reads, hence twice.
    fn is_pushed(&self, way: Way, open: &[u32]) -> bool {
        2 * looks(self.projection, way, &self.nodes) < looks(self.projection, way.other(), open)
    }

    fn pull(&mut self, way: Way, open: &[u32], mut settle: impl FnMut(u32, &R) -> R) {
        let mut nodes = Vec::new();
        for &node in open {
            let mut joined = R::EMPTY;
            for &before in ahead(self.projection, way.other(), node) {
                joined.join(&self.front[before as usize]);
            }
            let row = settle(node, &joined);
            if !row.is_empty() {
                self.next[node as usize] = row;
                nodes.push(node);
            }
        }
        self.clear();
        self.nodes = nodes;
    }

    /// Joins every row in front into those after it, and empties the front.
    fn push(&mut self, way: Way) {
        for &node in &self.nodes {
            let row = self.front[node as usize];
            for &after in ahead(self.projection, way, node) {
                let next = &mut self.next[after as usize];
                if next.is_empty() {
                    self.touched.push(after);
                }
                next.join(&row);
            }
        }
        self.clear();
    }
}

impl Way {
    fn other(self) -> Self {
        match self {
            Self::Forth => Self::Back,
            Self::Back => Self::Forth,
        }
    }
}

fn ahead(projection: &Projection, way: Way, node: u32) -> &[u32] {
    match way {
        Way::Forth => projection.neighbours(NodeIx(node)),
        Way::Back => projection.sources(NodeIx(node)),
    }
}

fn looks(projection: &Projection, way: Way, nodes: &[u32]) -> usize {
    nodes.iter().map(|&node| ahead(projection, way, node).len()).sum()
}

/// Every node, in the order of breadth-first walks, so that sources that stand together in it have much
/// of their walks in common.
pub(super) fn together(projection: &Projection) -> Vec<u32> {
    let mut seen = vec![false; projection.node_count()];
    let mut order = Vec::with_capacity(projection.node_count());
    for node in projection.nodes() {
        if std::mem::replace(&mut seen[node.at()], true) {
            continue;
        }
        let mut at = order.len();
        order.push(node.0);
        while let Some(&here) = order.get(at) {
            for &other in projection.neighbours(NodeIx(here)) {
                if !std::mem::replace(&mut seen[other as usize], true) {
                    order.push(other);
                }
            }
            at += 1;
        }
    }
    order
}
