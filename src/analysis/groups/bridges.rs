//! Bridges with what lies on either side of them: the ties without which somebody could not be reached.
//!
//! Found as blocks of two ([`super::blocks`]); how many lie on each side follows from the tree that the
//! network is when everything between bridges is one node (R. Tarjan, *A note on finding the bridges of a
//! graph*, Information Processing Letters 2, 1974).

use super::blocks;
use crate::network::{NodeIx, Projection};

/// A tie without which its component falls into two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bridge {
    /// Its ends, the lower node first.
    pub ends: [NodeIx; 2],
    /// How many nodes are then on the side of each end, the end included.
    pub sides: [usize; 2],
}

/// The bridges, those first without which most are cut off: by the smaller side, then in node order. Ways arcs
/// lead do not matter, nor strengths; parallel ties are one.
///
/// Cost: a look at each arc, and a sort of the bridges; 50 bytes a node.
///
/// ```
/// use parasol::analysis::groups::bridges;
/// use parasol::network::{NodeIx, Projection};
///
/// // A triangle with a tail of two.
/// let arcs = [(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0), (2, 3, 1.0), (3, 4, 1.0)];
/// let bridges = bridges(&Projection::from_arcs(5, &arcs, false)?);
/// assert_eq!((bridges[0].ends, bridges[0].sides), ([NodeIx(2), NodeIx(3)], [3, 2]));
/// assert_eq!((bridges[1].ends, bridges[1].sides), ([NodeIx(3), NodeIx(4)], [4, 1]));
/// # Ok::<(), parasol::network::ArcsError>(())
/// ```
pub fn bridges(projection: &Projection) -> Vec<Bridge> {
    let found = blocks(projection).bridges();
    let (order, above) = walked(projection);
    // From the last found back: how many hang below each node.
    let mut below = vec![1_usize; projection.node_count()];
    let mut top: Vec<u32> = (0..projection.node_count() as u32).collect();
    for &node in order.iter().rev() {
        if let Some(above) = above[node as usize] {
            below[above as usize] += below[node as usize];
        }
    }
    for &node in &order {
        if let Some(above) = above[node as usize] {
            top[node as usize] = top[above as usize];
        }
    }
    let mut bridges: Vec<Bridge> = found
        .into_iter()
        .map(|(a, b)| {
            // A bridge is in every tree that spans the network, so one end is above the other.
            let all = below[top[a.at()] as usize];
            let sides = if above[b.at()] == Some(a.0) {
                [all - below[b.at()], below[b.at()]]
            } else {
                [below[a.at()], all - below[a.at()]]
            };
            Bridge { ends: [a, b], sides }
        })
        .collect();
    bridges.sort_by_key(|bridge| (std::cmp::Reverse(bridge.sides[0].min(bridge.sides[1])), bridge.ends));
    bridges
}

/// Everybody in the order of breadth-first walks, and by whom each was found.
fn walked(projection: &Projection) -> (Vec<u32>, Vec<Option<u32>>) {
    let nodes = projection.node_count();
    let (mut seen, mut above) = (vec![false; nodes], vec![None; nodes]);
    let mut order = Vec::with_capacity(nodes);
    for root in 0..nodes as u32 {
        if std::mem::replace(&mut seen[root as usize], true) {
            continue;
        }
        let mut at = order.len();
        order.push(root);
        while let Some(&here) = order.get(at) {
            let back = if projection.is_directed() { projection.sources(NodeIx(here)) } else { &[] };
            for &other in projection.neighbours(NodeIx(here)).iter().chain(back) {
                if !std::mem::replace(&mut seen[other as usize], true) {
                    above[other as usize] = Some(here);
                    order.push(other);
                }
            }
            at += 1;
        }
    }
    (order, above)
}
