//! The hierarchy of a gang: ranks in rows in one box, and above them whoever may hold an umbrella.

use std::collections::{BTreeMap, BTreeSet};

use super::super::scene::{Part, Place, Plan, Scene};
use super::draft::{Draft, shown_by_default};
use super::{Basis, finish, pick};
use crate::model::{Kind, Layer, Message, TieType};
use crate::network::{Network, NodeIx};

/// More ties of communication than this inside a gang are told by their number.
const CALLS: usize = 8;
/// The most officials above a gang.
const OFFICIALS: usize = 5;

/// The chart of a gang.
pub fn gang(basis: &Basis<'_>, gang: NodeIx) -> Scene {
    let network = basis.network;
    let title = Message::new("render-title-gang").text("gang", network.name(gang));
    let mut draft = Draft::new(basis, &title, Plan::Layered);
    let group = draft.group(gang);
    draft.node(gang, true, Place::Row(2), Some(group));
    let members = members(basis, gang);
    let shown: Vec<NodeIx> = members.iter().take(basis.most * 3 / 5).copied().collect();
    for &node in &shown {
        let row = match basis.part(node) {
            Part::Leader => 2,
            Part::Core => 3,
            Part::Official | Part::Plain | Part::Member => 4,
        };
        draft.node(node, false, Place::Row(row), Some(group));
    }
    let inside: BTreeSet<NodeIx> = members.iter().copied().chain([gang]).collect();
    for node in outsiders(network, &inside).into_iter().take(basis.most.saturating_sub(draft.shown())) {
        let row = if network.is_official(node) { 0 } else { 1 };
        draft.node(node, false, Place::Row(row), None);
    }
    // The box says who is a member, and who is in one gang calls one another.
    let calls = calls_inside(network, &shown, &inside);
    let quiet = calls > CALLS;
    draft.ties(|tie| {
        let tie = network.tie(tie);
        let own = tie.ty() == TieType::Member && tie.to() == gang;
        let call =
            tie.layer() == Layer::Communication && inside.contains(&tie.from()) && inside.contains(&tie.to());
        shown_by_default(tie.ty()) && !(own || quiet && call)
    });
    if quiet {
        draft.note(&Message::new("render-calls-inside").count("count", calls));
    }
    let hidden = members.len() - shown.len();
    if hidden > 0 {
        let name = basis.words.text("render-other-members");
        draft.fold("members", name, hidden, Place::Row(4), Some(group));
    }
    finish(draft, 0)
}

/// How many ties of communication there are among the drawn members.
fn calls_inside(network: &Network, shown: &[NodeIx], inside: &BTreeSet<NodeIx>) -> usize {
    let calls = |node: NodeIx| {
        let own = network.arcs(node).filter(|arc| arc.neighbour > node && inside.contains(&arc.neighbour));
        let own = own.filter(|arc| shown.contains(&arc.neighbour));
        own.filter(|arc| network.tie(arc.tie).layer() == Layer::Communication).count()
    };
    shown.iter().map(|&node| calls(node)).sum()
}

/// The members of a gang: leaders, core, members, each the most tied first.
fn members(basis: &Basis<'_>, gang: NodeIx) -> Vec<NodeIx> {
    let network = basis.network;
    let ties = network.arcs(gang).filter(|arc| network.tie(arc.tie).ty() == TieType::Member);
    let all: BTreeSet<NodeIx> = ties.map(|arc| arc.neighbour).collect();
    let rank = |node: NodeIx| match basis.part(node) {
        Part::Leader => 0,
        Part::Core => 1,
        Part::Official | Part::Plain | Part::Member => 2,
    };
    let mut all: Vec<NodeIx> = all.into_iter().collect();
    all.sort_by_key(|&node| (rank(node), std::cmp::Reverse(network.arc_count(node)), node));
    all
}

/// Whether a tie of this layer can carry more than office and hearsay.
fn carries(layer: Layer) -> bool {
    matches!(layer, Layer::Kinship | Layer::Social | Layer::Communication | Layer::Money | Layer::Crime)
}

/// Whoever is worth a place outside the box: officials within two ties with whoever stands between,
/// then companies, then the others, the strongest first.
fn outsiders(network: &Network, inside: &BTreeSet<NodeIx>) -> Vec<NodeIx> {
    let near = reached(network, inside, |node| inside.contains(&node).then_some(1.0));
    let first: BTreeMap<NodeIx, f64> = near.into_iter().filter(|(node, _)| !inside.contains(node)).collect();
    let second = reached(network, &first.keys().copied().collect(), |node| first.get(&node).copied());
    let mut officials: Vec<(f64, NodeIx, Option<NodeIx>)> = Vec::new();
    for (&node, &strength) in first.iter().filter(|(node, _)| network.is_official(**node)) {
        officials.push((strength, node, None));
    }
    for (&node, &strength) in second.iter().filter(|(node, _)| network.is_official(**node)) {
        if !inside.contains(&node) && !first.contains_key(&node) {
            let between = pick::strongest(network, node, |near| first.contains_key(&near));
            officials.push((strength, node, between.first().map(|(_, node)| *node)));
        }
    }
    officials.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    officials.truncate(OFFICIALS);
    let mut out: Vec<NodeIx> =
        officials.iter().flat_map(|&(_, node, between)| [Some(node), between]).flatten().collect();
    let mut rest: Vec<(bool, f64, NodeIx)> = first
        .into_iter()
        .filter(|(node, _)| {
            matches!(network.kind(*node), Kind::Person | Kind::Company | Kind::Account | Kind::Organisation)
        })
        .filter(|(node, _)| !network.is_official(*node))
        .map(|(node, strength)| (network.kind(node) != Kind::Company, strength, node))
        .collect();
    rest.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
    out.extend(rest.into_iter().map(|(_, _, node)| node));
    let mut seen = BTreeSet::new();
    out.retain(|&node| seen.insert(node));
    out
}

/// Who is tied to a set, with the best product of strengths.
fn reached(
    network: &Network,
    from: &BTreeSet<NodeIx>,
    strength: impl Fn(NodeIx) -> Option<f64>,
) -> BTreeMap<NodeIx, f64> {
    let mut out: BTreeMap<NodeIx, f64> = BTreeMap::new();
    for &node in from {
        let own = strength(node).unwrap_or(0.0);
        for arc in network.arcs(node) {
            let tie = network.tie(arc.tie);
            if carries(tie.layer()) {
                let best = out.entry(arc.neighbour).or_default();
                *best = best.max(own * tie.strength());
            }
        }
    }
    out
}
