//! The ties that can matter between two ends.

use crate::analysis::groups::blocks;
use crate::network::{ArcsError, NodeIx, Projection, ProjectionOptions};

type Arcs = Vec<(u32, u32, f64)>;

/// Of a projection only the ties on loopless ways from a node to any of some targets, which are taken as
/// one: ties that lead to several of them from one node are parallel. And the one that stands for them.
/// Where ties lead one way, some may be kept that no way can use.
///
/// A tie between nodes is on a loopless way between two ends just if the four are in one block once the
/// ends are tied (F. Harary, *Graph theory*, 1969, ch. 3). Cost: a pass over the arcs, 16 bytes an arc,
/// and the blocks.
pub(super) fn relevant(
    projection: &Projection,
    from: NodeIx,
    targets: &[NodeIx],
) -> Result<Option<(Projection, NodeIx)>, ArcsError> {
    let nodes = projection.node_count();
    let is_there = |target: &&NodeIx| **target != from && target.at().max(from.at()) < nodes;
    let mut targets: Vec<NodeIx> = targets.iter().filter(is_there).copied().collect();
    targets.sort_unstable();
    let Some(&one) = targets.first() else { return Ok(None) };
    let as_one = |node: NodeIx| if targets.binary_search(&node).is_ok() { one.0 } else { node.0 };
    let mut arcs = arcs_of(projection, as_one);
    arcs.push((from.0, one.0, 1.0));
    let tied = Projection::from_list(nodes, &arcs, ProjectionOptions::default())?;
    arcs.pop();
    let mut is_in = vec![false; nodes];
    let has = |block: &&[u32], node: NodeIx| block.contains(&node.0);
    let blocks = blocks(&tied);
    if let Some(block) = blocks.iter().find(|block| has(block, from) && has(block, one)) {
        block.iter().for_each(|&node| is_in[node as usize] = true);
    }
    arcs.retain(|&(a, b, _)| is_in[a as usize] && is_in[b as usize] && a != b);
    Ok(Some((Projection::from_arcs(nodes, &arcs, projection.is_directed())?, one)))
}

/// Each arc once, an undirected tie too.
fn arcs_of(projection: &Projection, name: impl Fn(NodeIx) -> u32) -> Arcs {
    let mut arcs = Vec::with_capacity(projection.arc_count());
    for node in projection.nodes() {
        let leaving = projection.leaving(node);
        let once = leaving.filter(|hand| projection.is_directed() || node < hand.neighbour);
        arcs.extend(once.map(|hand| (name(node), name(hand.neighbour), hand.weight)));
    }
    arcs
}
