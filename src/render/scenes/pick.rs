//! Who is on the page: the nearest, the strongest, and whoever ties a loose end to the rest.

use std::collections::{BTreeMap, BTreeSet};

use super::Basis;
use crate::model::{Kind, Layer};
use crate::network::{Network, NodeIx};

/// The most neighbours one node brings onto the page, where nobody asked for so many cards.
const FAN: usize = 14;
/// No more nodes are opened to count who is concerned.
const OPENED: usize = 400;

/// How much a neighbour is wanted on the page, least first: its rank among those of its layer, the
/// layer, and its strength. By turns of the layers, so that a hundred inspected firms do not crowd out
/// the spouse.
type Turn = (usize, Layer, std::cmp::Reverse<u64>);

/// The neighbours of a node that are wanted, by turns of the layers of their strongest ties.
fn by_turns(network: &Network, node: NodeIx, wanted: impl Fn(NodeIx) -> bool) -> Vec<(Turn, NodeIx)> {
    let mut ranks: BTreeMap<Layer, usize> = BTreeMap::new();
    let turn = |(strength, near): (f64, NodeIx)| {
        let ties = network.between(node, near).map(|tie| network.tie(tie));
        let strongest =
            ties.max_by(|a, b| a.strength().total_cmp(&b.strength()).then(b.layer().cmp(&a.layer())));
        let layer = strongest.map_or(Layer::Other, |tie| tie.layer());
        let rank = ranks.entry(layer).or_default();
        *rank += 1;
        // Strengths are not negative, so that their bits are in their order.
        ((*rank, layer, std::cmp::Reverse(strength.to_bits())), near)
    };
    let mut all: Vec<(Turn, NodeIx)> = strongest(network, node, wanted).into_iter().map(turn).collect();
    all.sort_unstable();
    all
}

/// The nodes around some others, nearest first, then by turns of the layers, the strongest first.
pub fn around(basis: &Basis<'_>, centres: &[NodeIx], hops: usize, most: usize) -> Vec<NodeIx> {
    let fan = if basis.asked { most } else { FAN };
    let mut seen: BTreeSet<NodeIx> = centres.iter().copied().collect();
    let (mut out, mut ring) = (Vec::new(), centres.to_vec());
    for _ in 0..hops {
        let mut next: BTreeMap<NodeIx, Turn> = BTreeMap::new();
        for &node in &ring {
            let near = by_turns(basis.network, node, |near| !seen.contains(&near) && basis.tied(node, near));
            for (turn, near) in near.into_iter().take(fan) {
                let best = next.entry(near).or_insert(turn);
                *best = (*best).min(turn);
            }
        }
        let mut order: Vec<(Turn, NodeIx)> = next.into_iter().map(|(node, turn)| (turn, node)).collect();
        order.sort_unstable();
        let room = most.saturating_sub(centres.len() + out.len());
        ring = order.into_iter().take(room).map(|(_, node)| node).collect();
        seen.extend(&ring);
        out.extend(&ring);
    }
    out
}

/// Everybody up to so many ties away from some nodes, drawn or not, and whether there are more: of very
/// many, only some are looked at.
pub fn concerned(basis: &Basis<'_>, centres: &BTreeSet<NodeIx>, hops: usize) -> (BTreeSet<NodeIx>, bool) {
    let mut seen = centres.clone();
    let (mut ring, mut opened) = (centres.clone(), 0);
    for _ in 0..hops {
        let mut next = BTreeSet::new();
        for &node in &ring {
            if opened == OPENED {
                seen.extend(next);
                return (seen, true);
            }
            opened += 1;
            let arcs = basis.network.arcs(node).filter(|arc| basis.draws(arc.tie));
            next.extend(arcs.map(|arc| arc.neighbour).filter(|near| !seen.contains(near)));
        }
        seen.extend(&next);
        ring = next;
    }
    (seen, false)
}

/// How many pairs of some nodes are tied.
pub fn pairs(network: &Network, all: &BTreeSet<NodeIx>) -> usize {
    let above = |node: NodeIx| {
        let near =
            network.arcs(node).map(|arc| arc.neighbour).filter(|near| *near > node && all.contains(near));
        near.collect::<BTreeSet<NodeIx>>().len()
    };
    all.iter().map(|&node| above(node)).sum()
}

/// The neighbours of a node, the strongest tied first; of like strength the nearest kin, then who is tied more often.
pub fn strongest(network: &Network, node: NodeIx, wanted: impl Fn(NodeIx) -> bool) -> Vec<(f64, NodeIx)> {
    let mut best: BTreeMap<NodeIx, (f64, u8, usize)> = BTreeMap::new();
    for arc in network.arcs(node).filter(|arc| wanted(arc.neighbour)) {
        let tie = network.tie(arc.tie);
        let (strength, far, ties) = best.entry(arc.neighbour).or_insert((0.0, u8::MAX, 0));
        *strength = strength.max(tie.strength());
        *far = (*far).min(kinship(tie.role()));
        *ties += 1;
    }
    let mut near: Vec<((f64, u8, usize), NodeIx)> =
        best.into_iter().map(|(node, tied)| (tied, node)).collect();
    near.sort_by(|(a, one), (b, two)| {
        b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(b.2.cmp(&a.2)).then(one.cmp(two))
    });
    near.into_iter().map(|((strength, ..), node)| (strength, node)).collect()
}

/// How far off kin of a role are: who shares the household first.
fn kinship(role: Option<&str>) -> u8 {
    match role {
        Some("spouse") => 0,
        Some("parent" | "child") => 1,
        Some("sibling") => 2,
        Some("in_law") => 3,
        _ => 4,
    }
}

/// For each drawn node with a single drawn neighbour: somebody who ties it to the node the picture
/// leads to, if one is tied to both (the member of a gang who is the suspect of a case).
pub fn hanging(network: &Network, shown: &[NodeIx], toward: NodeIx) -> Vec<NodeIx> {
    let drawn = |node: NodeIx| shown.binary_search(&node).is_ok();
    let goal: BTreeSet<NodeIx> = network.arcs(toward).map(|arc| arc.neighbour).collect();
    let mut out = BTreeSet::new();
    for node in shown.iter().copied().filter(|node| *node != toward && !goal.contains(node)) {
        let near: BTreeSet<NodeIx> = network.arcs(node).map(|arc| arc.neighbour).collect();
        let tied = near.iter().any(|near| goal.contains(near) && (drawn(*near) || out.contains(near)));
        if near.iter().filter(|near| drawn(**near)).count() <= 1 && !tied {
            let bridge = strongest(network, node, |near| goal.contains(&near) && !drawn(near));
            out.extend(bridge.first().map(|(_, node)| *node));
        }
    }
    out.into_iter().collect()
}

/// Whether a lead was checked and nothing was found in it.
pub fn is_unfounded(network: &Network, lead: NodeIx) -> bool {
    network.kind(lead) == Kind::Lead && network.prop(lead, "status") == Some("unfounded")
}

/// Fewer than this are drawn one by one.
const ALIKE: usize = 3;

/// Nodes that one card can stand for: all leads of the page (those
/// found empty apart), and events, cases and papers that are
/// tied to the same nodes of the page.
pub fn alike(network: &Network, wanted: &[NodeIx], page: &BTreeSet<NodeIx>) -> Vec<Vec<NodeIx>> {
    let mut groups: BTreeMap<(Kind, bool, Vec<NodeIx>), Vec<NodeIx>> = BTreeMap::new();
    for &node in wanted {
        let kind = network.kind(node);
        let near = || {
            let own: BTreeSet<NodeIx> = network.arcs(node).map(|arc| arc.neighbour).collect();
            own.into_iter().filter(|near| page.contains(near)).collect()
        };
        let near: Vec<NodeIx> = match kind {
            Kind::Lead => vec![],
            Kind::Event | Kind::Case | Kind::Document => near(),
            _ => continue,
        };
        groups.entry((kind, is_unfounded(network, node), near)).or_default().push(node);
    }
    groups.into_values().filter(|nodes| nodes.len() >= ALIKE).collect()
}
