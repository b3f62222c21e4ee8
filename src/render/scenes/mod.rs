//! Scenes of a network: around a pair, a lead, a gang, somebody, along paths, and of all of it.
//!
//! A scene shows a part and says of how much: shown and total, what was folded, who is context.
//! Nothing is judged here: who is on the page comes from the caller (paths, evidence) or from the
//! ties themselves. Start at [`Basis`] and [`pair`].

mod draft;
mod fit;
mod gang;
mod pick;
mod ties;
mod whole;

use std::collections::BTreeSet;

use super::scene::{Part, Place, Plan, Scene};
use crate::messages::{Catalogue, Lang};
use crate::model::view::SourceCard;
use crate::model::{Kind, Message, Status, TieType};
use crate::network::{Network, NodeIx, TieIx};
use draft::{Draft, shown_by_default};
pub use fit::fitted;
pub use gang::{Seat, gang};
pub use whole::{Over, all};

/// A chart for one page holds about so many cards.
pub const MOST: usize = 25;
/// Somebody with so many neighbours is a hub: those not drawn are told by a number.
const HUB: usize = 12;

/// What every scene of a network is made from.
#[derive(Clone)]
pub struct Basis<'a> {
    /// The network.
    pub network: &'a Network,
    /// The reader's language.
    pub words: &'a Catalogue,
    /// What the reader may know of sources.
    pub sources: &'a [SourceCard],
    /// The case's number, for the subtitle.
    pub case: Option<String>,
    /// Who may see it: stands at top and bottom.
    pub handling: String,
    /// What is said of a pair under the title: its score in words.
    pub verdict: String,
    /// The footer: program and rule version, digest.
    pub stamp: String,
    /// The most cards drawn one by one; [`MOST`] suits a page.
    pub most: usize,
    /// Whether somebody asked for so many: then they are drawn, however small.
    pub asked: bool,
    /// Whether disproved ties are drawn as well.
    pub disproved: bool,
    /// How it is laid out; `None`: as is best read.
    pub plan: Option<Plan>,
}

impl<'a> Basis<'a> {
    /// A basis of a network, without sources, case or stamp.
    pub fn new(network: &'a Network, words: &'a Catalogue) -> Self {
        Self {
            network,
            words,
            sources: &[],
            case: None,
            handling: String::new(),
            verdict: String::new(),
            stamp: String::new(),
            most: MOST,
            asked: false,
            disproved: false,
            plan: None,
        }
    }

    /// Whether a tie is drawn, unless the picture leaves out its type.
    fn draws(&self, tie: TieIx) -> bool {
        self.disproved || self.network.tie(tie).status() != Status::Refuted
    }

    /// Whether two nodes are tied by anything that is drawn.
    fn tied(&self, a: NodeIx, b: NodeIx) -> bool {
        self.network.between(a, b).any(|tie| self.draws(tie))
    }

    /// The part a node plays, for its frame.
    fn part(&self, node: NodeIx) -> Part {
        if self.network.is_official(node) {
            return Part::Official;
        }
        let roles = self.network.arcs(node).map(|arc| self.network.tie(arc.tie));
        let own = roles.filter(|tie| tie.ty() == TieType::Member && tie.from() == node);
        let part = |role: Option<&str>| match role {
            Some("leader") => Part::Leader,
            Some("core") => Part::Core,
            _ => Part::Member,
        };
        own.map(|tie| part(tie.role()))
            .min_by_key(|part| match part {
                Part::Leader => 0,
                Part::Core => 1,
                _ => 2,
            })
            .unwrap_or_default()
    }

    /// What stands under a node's name.
    fn sub(&self, node: NodeIx) -> String {
        let prop = |name| self.network.prop(node, name).unwrap_or_default().to_owned();
        let word = |name| {
            let code = prop(name);
            if code.is_empty() { code } else { self.words.word(&code) }
        };
        let join = |parts: [String; 2]| {
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
        };
        match self.network.kind(node) {
            Kind::Person if self.network.is_official(node) => join([self.agency(node), prop("post")]),
            Kind::Person => match self.part(node) {
                Part::Leader => self.words.word("leader"),
                Part::Core => self.words.word("core"),
                Part::Member if self.only_associate(node) => self.words.text("render-gang-associate"),
                Part::Member => self.words.word("member"),
                Part::Plain | Part::Official => prop("occupation"),
            },
            Kind::Gang => word("class"),
            Kind::Case => join([prop("opened"), prop("outcome")]),
            Kind::Lead => {
                // What came of it belongs beside it: else a rumour found empty is drawn as news.
                let checked = matches!(prop("status").as_str(), "unfounded" | "verified");
                join([
                    join([prop("received"), word("channel")]),
                    if checked { word("status") } else { String::new() },
                ])
            }
            Kind::Event => join([prop("date"), word("outcome")]),
            Kind::Agency | Kind::Company | Kind::Organisation => String::new(),
            Kind::Account | Kind::Phone | Kind::Vehicle | Kind::Address | Kind::Document => String::new(),
        }
    }

    /// Whether every gang knows somebody as an associate only.
    fn only_associate(&self, node: NodeIx) -> bool {
        let own = self.network.arcs(node).map(|arc| self.network.tie(arc.tie));
        own.filter(|tie| tie.ty() == TieType::Member && tie.from() == node)
            .all(|tie| tie.role() == Some("associate"))
    }

    fn agency(&self, node: NodeIx) -> String {
        let id = self.network.prop(node, "agency");
        let agency = id.and_then(|id| self.network.node(id));
        agency.map_or_else(String::new, |agency| self.network.name(agency).to_owned())
    }

    fn title(&self, key: &'static str, names: [(&'static str, NodeIx); 2]) -> Message {
        names
            .into_iter()
            .fold(Message::new(key), |title, (name, node)| title.text(name, self.network.name(node)))
    }
}

/// What a pair's picture claims in its title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claimed {
    /// The score is over the line: a lead to check.
    Lead,
    /// There are traces, but the score is under the line.
    Traces,
    /// No trace: what is drawn are only the nearest ways.
    Nothing,
}

impl Claimed {
    fn title(self) -> &'static str {
        match self {
            Self::Lead => "render-title-pair",
            Self::Traces => "render-title-traces",
            Self::Nothing => "render-title-nothing",
        }
    }
}

/// The association chart of a pair: the best paths between an official and a gang, and what the
/// evidence names. `paths` run from the one to the other; `evidence` is the ties behind the score.
pub fn pair(
    basis: &Basis<'_>,
    claimed: Claimed,
    (official, gang): (NodeIx, NodeIx),
    paths: &[Vec<NodeIx>],
    evidence: &[TieIx],
) -> Scene {
    let title = basis.title(claimed.title(), [("official", official), ("gang", gang)]);
    let mut draft = Draft::new(basis, &title, Plan::Layered);
    draft.node(official, true, Place::Top, None);
    draft.node(gang, true, Place::Bottom, None);
    let left = chart(&mut draft, basis, paths, evidence, gang);
    finish(draft, left)
}

/// The chart of a lead: the lead, whom it is about, and the paths between the officials and the
/// gangs among them.
pub fn lead(basis: &Basis<'_>, lead: NodeIx, paths: &[Vec<NodeIx>], evidence: &[TieIx]) -> Scene {
    let title = Message::new("render-title-lead").text("lead", basis.network.id(lead));
    let mut draft = Draft::new(basis, &title, Plan::Layered);
    draft.note(&Message::new("render-lead-says").text("text", basis.network.name(lead)));
    draft.node(lead, true, Place::Free, None);
    let about = basis.network.arcs(lead).filter(|arc| basis.network.tie(arc.tie).ty() == TieType::About);
    for node in about.map(|arc| arc.neighbour).take(basis.most) {
        draft.node(node, true, end(basis, node), None);
    }
    for path in paths {
        for &node in [path.first(), path.last()].into_iter().flatten() {
            draft.node(node, false, end(basis, node), None);
        }
    }
    let left = chart(&mut draft, basis, paths, evidence, lead);
    finish(draft, left)
}

/// Officials stand above, gangs below, everybody else between.
fn end(basis: &Basis<'_>, node: NodeIx) -> Place {
    if basis.network.is_official(node) {
        Place::Top
    } else if basis.network.kind(node) == Kind::Gang {
        Place::Bottom
    } else {
        Place::Free
    }
}

/// A way between two nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The nodes it goes over, from one end to the other.
    pub nodes: Vec<NodeIx>,
    /// Its weakest hop, counted from 0.
    pub weakest: Option<usize>,
}

/// The paths between two nodes, best first, and no tie beside them.
pub fn path(basis: &Basis<'_>, from: NodeIx, to: NodeIx, ways: &[Way]) -> Scene {
    let title = basis.title("render-title-path", [("from", from), ("to", to)]);
    let mut draft = Draft::new(basis, &title, Plan::Layered);
    draft.node(from, true, Place::Top, None);
    draft.node(to, true, Place::Bottom, None);
    let mut hops: BTreeSet<[NodeIx; 2]> = BTreeSet::new();
    let mut shown = Vec::new();
    for way in ways {
        let new = way.nodes.iter().filter(|node| !draft.has(**node)).count();
        // A way is drawn whole or not at all.
        if draft.shown() + new > basis.most && !shown.is_empty() {
            continue;
        }
        for &node in &way.nodes {
            draft.node(node, false, Place::Free, None);
        }
        hops.extend(way.nodes.windows(2).map(|two| [two[0].min(two[1]), two[0].max(two[1])]));
        shown.push(way.clone());
    }
    draft.ties(|tie| {
        let tie = basis.network.tie(tie);
        let ends = [tie.from().min(tie.to()), tie.from().max(tie.to())];
        hops.contains(&ends) && shown_by_default(tie.ty())
    });
    draft.ways(&shown);
    let all: BTreeSet<NodeIx> = ways.iter().flat_map(|way| way.nodes.iter().copied()).collect();
    let left = all.iter().filter(|node| !draft.has(**node)).count();
    finish(draft, left)
}

/// What stands between names.
fn comma(words: &Catalogue) -> &'static str {
    if words.lang() == Lang::Zh { "、" } else { ", " }
}

/// What stands around some nodes, up to so many ties away, nearest and strongest first.
pub fn around(basis: &Basis<'_>, centres: &[NodeIx], hops: usize) -> Scene {
    let names: Vec<&str> = centres.iter().map(|&node| basis.network.name(node)).collect();
    let title = Message::new("render-title-around").text("names", names.join(comma(basis.words)));
    let mut draft = Draft::new(basis, &title, Plan::Springs);
    for &node in centres {
        draft.node(node, true, Place::Free, None);
    }
    for node in readable(basis, centres, hops) {
        draft.node(node, false, Place::Free, None);
    }
    let centres: BTreeSet<NodeIx> = centres.iter().copied().collect();
    // What companies and agencies have with one another crowds out what the picture is about.
    let firm = |node: NodeIx| {
        !centres.contains(&node) && matches!(basis.network.kind(node), Kind::Company | Kind::Agency)
    };
    draft.ties(|tie| {
        let tie = basis.network.tie(tie);
        shown_by_default(tie.ty()) && !(firm(tie.from()) && firm(tie.to()))
    });
    centres.iter().for_each(|&node| draft.disproved_of(node));
    let (all, more) = pick::concerned(basis, &centres, hops);
    let left = all.iter().filter(|node| !draft.has(**node)).count();
    if more {
        draft.note(&Message::new("render-left-out-least").count("count", left));
        return finish(draft, 0);
    }
    finish(draft, left)
}

/// As many nodes around some others as a page can show with the ties between them; as many as were asked
/// for, where they were.
fn readable(basis: &Basis<'_>, centres: &[NodeIx], hops: usize) -> Vec<NodeIx> {
    const PAIRS: usize = 42;
    const FEWEST: usize = 10;
    let mut most = basis.most;
    loop {
        let near = pick::around(basis, centres, hops, most);
        let all: BTreeSet<NodeIx> = centres.iter().chain(&near).copied().collect();
        if basis.asked || most <= FEWEST || pick::pairs(basis.network, &all) <= PAIRS {
            return near;
        }
        most -= 1;
    }
}

/// Draws paths and what the evidence names, as far as the page holds them; how many were left out.
fn chart(
    draft: &mut Draft<'_>,
    basis: &Basis<'_>,
    paths: &[Vec<NodeIx>],
    evidence: &[TieIx],
    toward: NodeIx,
) -> usize {
    let network = basis.network;
    let on_paths = paths.iter().flatten().copied();
    let ends = evidence.iter().map(|&tie| network.tie(tie)).flat_map(|tie| [tie.from(), tie.to()]);
    let mut seen: BTreeSet<NodeIx> = draft.drawn().into_iter().collect();
    let mut wanted: Vec<NodeIx> = on_paths.chain(ends).filter(|&node| seen.insert(node)).collect();
    for alike in pick::alike(network, &wanted, &seen) {
        draft.together(&alike);
        wanted.retain(|node| !alike.contains(node));
    }
    let mut left = 0;
    for node in wanted {
        if draft.cards() < basis.most {
            draft.node(node, false, Place::Free, None);
        } else {
            left += 1;
        }
    }
    for node in pick::hanging(network, &draft.drawn(), toward) {
        if draft.cards() < basis.most {
            draft.node(node, false, Place::Free, None);
        }
    }
    draft.ties(|tie| shown_by_default(network.tie(tie).ty()));
    draft.inferred(paths);
    left
}

fn finish(mut draft: Draft<'_>, left: usize) -> Scene {
    draft.badges(HUB);
    if left > 0 {
        draft.note(&Message::new("render-left-out").count("count", left));
    }
    draft.held();
    let shown = draft.shown();
    draft.finish(shown)
}

#[cfg(test)]
mod tests;
