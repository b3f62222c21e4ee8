//! Brokerage: between whom somebody stands, by the groups the two belong to.
//!
//! R. V. Gould and R. M. Fernandez, *Structures of mediation: a formal approach to brokerage in transaction
//! networks*, Sociological Methodology 19 (1989). A pair counts if both are tied to somebody and not to
//! each other. Where ties lead both ways, gatekeeper and representative are one role; where arcs lead one way, a
//! pair is one from whom an arc leads to somebody and another to whom one leads on, and no arc leads straight
//! from the one to the other.

use std::collections::BTreeMap;

use crate::analysis::centrality::RankError;
use crate::analysis::centrality::each_triangle;
use crate::analysis::share;
use crate::network::{NodeIx, Projection};

/// How many pairs somebody stands between, by role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// All three are of one group.
    pub coordinator: u64,
    /// The two are of one group, he is of another.
    pub itinerant: u64,
    /// He is of one's group, the other is of another; where arcs lead one way: what comes from another group to
    /// his own passes him.
    pub gatekeeper: u64,
    /// Where arcs lead one way: what goes from his own group to another passes him.
    pub representative: u64,
    /// All three are of different groups.
    pub liaison: u64,
}

impl Roles {
    /// All pairs.
    pub fn all(&self) -> u64 {
        self.coordinator + self.itinerant + self.gatekeeper + self.representative + self.liaison
    }

    fn add(&mut self, other: &Self) {
        self.coordinator += other.coordinator;
        self.itinerant += other.itinerant;
        self.gatekeeper += other.gatekeeper;
        self.representative += other.representative;
        self.liaison += other.liaison;
    }

    fn take(&mut self, other: &Self) {
        self.coordinator -= other.coordinator;
        self.itinerant -= other.itinerant;
        self.gatekeeper -= other.gatekeeper;
        self.representative -= other.representative;
        self.liaison -= other.liaison;
    }
}

/// For each node that has a group the pairs of others with a group that it stands between. `group` has a
/// number for each node; `None` plays no part.
///
/// All pairs of contacts are counted by group, and those that are tied, each a side of a triangle, are
/// taken off. Cost: as [`crate::analysis::centrality::triangles`]; 40 bytes a node and thread.
///
/// ```
/// use parasol::analysis::groups::brokerage;
/// use parasol::network::Projection;
///
/// // 1 stands between 0 of his own group and 2 of another.
/// let line = Projection::from_arcs(3, &[(0, 1, 1.0), (1, 2, 1.0)], false)?;
/// let roles = brokerage(&line, &[Some(7), Some(7), Some(8)])?;
/// assert_eq!((roles[1].gatekeeper, roles[1].all(), roles[0].all()), (1, 1, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn brokerage(projection: &Projection, group: &[Option<u32>]) -> Result<Vec<Roles>, RankError> {
    let group = |node: u32| group.get(node as usize).copied().flatten();
    if projection.is_directed() {
        return Ok(of_arcs(projection, group));
    }
    let mut roles: Vec<Roles> = projection
        .nodes()
        .map(|node| group(node.0).map_or_else(Roles::default, |own| pairs(projection, node, own, group)))
        .collect();
    let nodes = projection.node_count();
    let tied = each_triangle(
        projection,
        || vec![Roles::default(); nodes],
        |tied, [a, b], c| {
            for (broker, one, other) in [(a, b, c), (b, a, c), (c, a, b)] {
                if let (Some(own), Some(one), Some(other)) = (group(broker), group(one), group(other)) {
                    tied[broker as usize].add(&role(own, one, other, 1));
                }
            }
        },
    )?;
    for part in tied {
        roles.iter_mut().zip(part).for_each(|(roles, tied)| roles.take(&tied));
    }
    Ok(roles)
}

/// Pairs from one arc to the next: all, less those who are one, less those from whom an arc leads straight on.
fn of_arcs(projection: &Projection, group: impl Fn(u32) -> Option<u32> + Sync) -> Vec<Roles> {
    let of = |node: NodeIx| {
        let mut roles = Roles::default();
        let Some(own) = group(node.0) else { return roles };
        let counted = |nodes: &[u32]| {
            let mut many: BTreeMap<u32, u64> = BTreeMap::new();
            nodes.iter().filter_map(|&node| group(node)).for_each(|of| *many.entry(of).or_default() += 1);
            many
        };
        let (into, out) = (projection.sources(node), projection.neighbours(node));
        let (from, to) = (counted(into), counted(out));
        for (&a, &many) in &from {
            to.iter().for_each(|(&c, &others)| roles.add(&role_of_arcs(own, a, c, many * others)));
        }
        for &before in into {
            let Some(a) = group(before) else { continue };
            if out.binary_search(&before).is_ok() {
                roles.take(&role_of_arcs(own, a, a, 1));
            }
            let straight = projection.neighbours(NodeIx(before));
            let (few, many) = if straight.len() < out.len() { (straight, out) } else { (out, straight) };
            for both in few.iter().filter(|node| many.binary_search(node).is_ok()) {
                group(*both).into_iter().for_each(|c| roles.take(&role_of_arcs(own, a, c, 1)));
            }
        }
        roles
    };
    share::map(projection.node_count(), 256, || (), |(), node| of(NodeIx(node as u32)))
}

fn role_of_arcs(own: u32, from: u32, to: u32, many: u64) -> Roles {
    match (own == from, own == to, from == to) {
        (true, true, _) => Roles { coordinator: many, ..Roles::default() },
        (false, false, true) => Roles { itinerant: many, ..Roles::default() },
        (false, false, false) => Roles { liaison: many, ..Roles::default() },
        (false, true, _) => Roles { gatekeeper: many, ..Roles::default() },
        (true, false, _) => Roles { representative: many, ..Roles::default() },
    }
}

/// The role in which `many` pairs of these groups are stood between.
fn role(own: u32, one: u32, other: u32, many: u64) -> Roles {
    match (own == one, own == other, one == other) {
        (true, true, _) => Roles { coordinator: many, ..Roles::default() },
        (false, false, true) => Roles { itinerant: many, ..Roles::default() },
        (false, false, false) => Roles { liaison: many, ..Roles::default() },
        _ => Roles { gatekeeper: many, ..Roles::default() },
    }
}

/// All pairs of a node's contacts, tied or not.
fn pairs(projection: &Projection, node: NodeIx, own: u32, group: impl Fn(u32) -> Option<u32>) -> Roles {
    let mut many: BTreeMap<u32, u64> = BTreeMap::new();
    for group in projection.neighbours(node).iter().filter_map(|&near| group(near)) {
        *many.entry(group).or_default() += 1;
    }
    let mut roles = Roles::default();
    let mut before: (u64, u64) = (0, 0);
    for (&of, &count) in &many {
        roles.add(&role(own, of, of, count * count.saturating_sub(1) / 2));
        // With those of groups before: his own, and others.
        let (own_before, others_before) = before;
        if of == own {
            roles.gatekeeper += count * others_before;
            before.0 += count;
        } else {
            roles.gatekeeper += count * own_before;
            roles.liaison += count * others_before;
            before.1 += count;
        }
    }
    roles
}
