//! Blocks, bridges and cut points: where the network comes apart when one person or one tie is gone.
//!
//! J. Hopcroft and R. Tarjan, *Algorithm 447: efficient algorithms for graph manipulation*,
//! Communications of the ACM 16 (1973), without recursion, so that long chains do no harm.

use crate::network::{NodeIx, Projection};

/// What holds a network together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocks {
    /// Where each block's nodes start in `nodes`; one more than there are blocks.
    starts: Vec<u32>,
    nodes: Vec<u32>,
    /// For each node in how many blocks it is; two or more is a cut point.
    many: Vec<u32>,
}

impl Blocks {
    /// How many blocks there are: the largest sets of nodes that hold together whichever one of them goes;
    /// a tie whose ends have nothing else in common is one as well.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether there is no tie at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The nodes of each block, the last found first; no order among them.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> + '_ {
        self.starts.windows(2).map(|ends| &self.nodes[ends[0] as usize..ends[1] as usize])
    }

    /// The nodes without which their component comes apart, in order.
    pub fn cut_points(&self) -> impl Iterator<Item = NodeIx> + '_ {
        (0..).zip(&self.many).filter(|(_, many)| **many > 1).map(|(node, _)| NodeIx(node))
    }

    /// The ties without which their component comes apart, the lower node first, in order.
    pub fn bridges(&self) -> Vec<(NodeIx, NodeIx)> {
        let pairs = self.iter().filter(|block| block.len() == 2);
        let mut bridges: Vec<_> =
            pairs.map(|pair| (NodeIx(pair[0].min(pair[1])), NodeIx(pair[0].max(pair[1])))).collect();
        bridges.sort_unstable();
        bridges
    }

    /// In how many blocks a node is: into so many parts its component comes apart without it.
    pub fn parts(&self, node: NodeIx) -> usize {
        self.many.get(node.at()).map_or(0, |&many| many as usize)
    }
}

/// The blocks of a network, whichever way arcs lead.
///
/// Cost: a look at each arc; 32 bytes a node.
///
/// ```
/// use parasol::analysis::groups::blocks;
/// use parasol::network::{NodeIx, Projection};
///
/// // A triangle with a tail hangs on its corner 2.
/// let arcs = [(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0), (2, 3, 1.0)];
/// let blocks = blocks(&Projection::from_arcs(4, &arcs, false)?);
/// assert_eq!(blocks.len(), 2);
/// assert!(blocks.cut_points().eq([NodeIx(2)]));
/// assert_eq!(blocks.bridges(), [(NodeIx(2), NodeIx(3))]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn blocks(projection: &Projection) -> Blocks {
    let nodes = projection.node_count();
    let mut walk = Walk {
        projection,
        found: vec![0; nodes],
        lowest: vec![0; nodes],
        next: vec![0; nodes],
        stack: Vec::new(),
        blocks: Blocks { starts: vec![0], nodes: Vec::new(), many: vec![0; nodes] },
    };
    let mut time = 0;
    for root in 0..nodes as u32 {
        if walk.found[root as usize] == 0 {
            walk.from(root, &mut time);
        }
    }
    walk.blocks
}

/// A depth-first walk.
struct Walk<'p> {
    projection: &'p Projection,
    /// When each node was found, from 1; 0 where it was not yet.
    found: Vec<u32>,
    /// The earliest found node that what hangs below leads back to.
    lowest: Vec<u32>,
    /// Which of its arcs each node looks at next.
    next: Vec<u32>,
    /// The nodes found that are in no finished block.
    stack: Vec<u32>,
    blocks: Blocks,
}

impl Walk<'_> {
    fn from(&mut self, root: u32, time: &mut u32) {
        let mut way = vec![root];
        self.find(root, time);
        while let Some(&here) = way.last() {
            match self.onward(here) {
                Some(other) if self.found[other as usize] == 0 => {
                    self.find(other, time);
                    way.push(other);
                }
                // The way here counts too: it leads back no further than where it came from.
                Some(other) => {
                    let lowest = &mut self.lowest[here as usize];
                    *lowest = (*lowest).min(self.found[other as usize]);
                }
                None => {
                    way.pop();
                    if let Some(&above) = way.last() {
                        self.close(above, here);
                    }
                }
            }
        }
        // The root belongs to no block of its own.
        self.stack.pop();
    }

    fn find(&mut self, node: u32, time: &mut u32) {
        *time += 1;
        self.found[node as usize] = *time;
        self.lowest[node as usize] = *time;
        self.stack.push(node);
    }

    /// The end of the node's next arc.
    fn onward(&mut self, node: u32) -> Option<u32> {
        let next = &mut self.next[node as usize];
        let out = self.projection.neighbours(NodeIx(node));
        let at = *next as usize;
        *next += 1;
        if at < out.len() {
            return Some(out[at]);
        }
        let back = if self.projection.is_directed() { self.projection.sources(NodeIx(node)) } else { &[] };
        back.get(at - out.len()).copied()
    }

    /// Everything below `here` is done: either it leads back past `above`, or it is a block with it.
    fn close(&mut self, above: u32, here: u32) {
        let lowest = self.lowest[here as usize];
        if lowest < self.found[above as usize] {
            let of_above = &mut self.lowest[above as usize];
            *of_above = (*of_above).min(lowest);
            return;
        }
        let blocks = &mut self.blocks;
        while let Some(node) = self.stack.pop() {
            blocks.nodes.push(node);
            blocks.many[node as usize] += 1;
            if node == here {
                break;
            }
        }
        blocks.nodes.push(above);
        blocks.many[above as usize] += 1;
        blocks.starts.push(blocks.nodes.len() as u32);
    }
}
