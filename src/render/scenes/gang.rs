//! The hierarchy of a gang: ranks in rows in one box, and above them whoever may hold an umbrella.

use std::collections::{BTreeMap, BTreeSet};

use super::super::scene::{Part, Place, Plan, Scene};
use super::draft::{Draft, shown_by_default};
use super::{Basis, finish};
use crate::model::{Kind, Layer, Message, TieType};
use crate::network::{Network, NodeIx};

/// More ties of communication than this inside a gang are told by their number.
const CALLS: usize = 8;
/// The most officials above a gang.
const OFFICIALS: usize = 5;

/// An official's seat above a gang.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The official.
    pub official: NodeIx,
    /// Whoever stands on the official's paths to the gang, best path first; nobody, where there are
    /// only ties of duty.
    pub between: Vec<NodeIx>,
    /// How many of those, the first, stand on the best path.
    pub best: usize,
    /// Whether the score is over the line: never left out, with the best path.
    pub over_line: bool,
}

/// The chart of a gang, under the officials scored for it, the highest first. Those over the line
/// are all drawn with their best paths, then those with a path as far as there are seats.
pub fn gang(basis: &Basis<'_>, gang: NodeIx, officials: &[Seat]) -> Scene {
    let network = basis.network;
    let title = Message::new("render-title-gang").text("gang", network.name(gang));
    let mut draft = Draft::new(basis, &title, Plan::Layered);
    let group = draft.group(gang);
    draft.node(gang, true, Place::Row(2), Some(group));
    let seated = seated(officials);
    let members = members(basis, gang, &seated);
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
    let over: BTreeSet<NodeIx> =
        seated.iter().filter(|s| s.over_line).flat_map(|s| s.nodes().take(s.best + 1)).collect();
    for node in outsiders(basis, &inside, &seated) {
        if over.contains(&node) || draft.shown() < basis.most {
            let row = if network.is_official(node) { 0 } else { 1 };
            draft.node(node, over.contains(&node) && row == 0, Place::Row(row), None);
        }
    }
    others(&mut draft, basis, officials);
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
    draft.disproved_of(gang);
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

impl Seat {
    fn nodes(&self) -> impl Iterator<Item = NodeIx> + '_ {
        [self.official].into_iter().chain(self.between.iter().copied())
    }
}

/// Who is drawn one by one: all over the line, then whoever has a path, up to a few.
fn seated(officials: &[Seat]) -> Vec<&Seat> {
    let over = officials.iter().filter(|seat| seat.over_line);
    let under = officials.iter().filter(|seat| !seat.over_line && !seat.between.is_empty());
    let room = OFFICIALS.max(over.clone().count());
    over.chain(under).take(room).collect()
}

/// The officials that are not drawn one by one, told by their number.
fn others(draft: &mut Draft<'_>, basis: &Basis<'_>, officials: &[Seat]) {
    let left: Vec<&Seat> = officials.iter().filter(|seat| !draft.has(seat.official)).collect();
    let (duty, traced): (Vec<&Seat>, Vec<&Seat>) =
        left.into_iter().partition(|seat| seat.between.is_empty() && !seat.over_line);
    for (key, seats) in [("render-duty-only", duty), ("render-under-line", traced)] {
        if !seats.is_empty() {
            draft.fold(key, basis.words.text(key), seats.len(), Place::Row(0), None);
        }
    }
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

/// The members of a gang: those on paths of officials over the line, then leaders, core, members,
/// each the most tied first.
fn members(basis: &Basis<'_>, gang: NodeIx, seated: &[&Seat]) -> Vec<NodeIx> {
    let network = basis.network;
    let ties = network.arcs(gang).filter(|arc| network.tie(arc.tie).ty() == TieType::Member);
    let all: BTreeSet<NodeIx> = ties.map(|arc| arc.neighbour).collect();
    let rank = |node: NodeIx| match basis.part(node) {
        Part::Leader => 0,
        Part::Core => 1,
        Part::Official | Part::Plain | Part::Member => 2,
    };
    let mut all: Vec<NodeIx> = all.into_iter().collect();
    let named: BTreeSet<NodeIx> = seated.iter().filter(|s| s.over_line).flat_map(|s| s.nodes()).collect();
    all.sort_by_key(|&node| {
        (!named.contains(&node), rank(node), std::cmp::Reverse(network.arc_count(node)), node)
    });
    all
}

/// Whether a tie of this layer can carry more than office and hearsay.
fn carries(layer: Layer) -> bool {
    matches!(layer, Layer::Kinship | Layer::Social | Layer::Communication | Layer::Money | Layer::Crime)
}

/// Whoever is worth a place outside the box: the seated officials with whoever stands between, then
/// companies, then the others, the strongest first.
fn outsiders(basis: &Basis<'_>, inside: &BTreeSet<NodeIx>, seated: &[&Seat]) -> Vec<NodeIx> {
    let network = basis.network;
    let near = reached(basis, inside, |node| inside.contains(&node).then_some(1.0));
    let first: BTreeMap<NodeIx, f64> = near.into_iter().filter(|(node, _)| !inside.contains(node)).collect();
    let mut out: Vec<NodeIx> = seated.iter().flat_map(|seat| seat.nodes()).collect();
    out.retain(|node| !inside.contains(node));
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
    basis: &Basis<'_>,
    from: &BTreeSet<NodeIx>,
    strength: impl Fn(NodeIx) -> Option<f64>,
) -> BTreeMap<NodeIx, f64> {
    let mut out: BTreeMap<NodeIx, f64> = BTreeMap::new();
    for &node in from {
        let own = strength(node).unwrap_or(0.0);
        for arc in basis.network.arcs(node).filter(|arc| basis.draws(arc.tie)) {
            let tie = basis.network.tie(arc.tie);
            if carries(tie.layer()) {
                let best = out.entry(arc.neighbour).or_default();
                *best = best.max(own * tie.strength());
            }
        }
    }
    out
}
