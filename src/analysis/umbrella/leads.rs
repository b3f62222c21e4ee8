//! `score`: what one new lead comes to, against a network that already holds it.
//!
//! The network is a store's overlaid with the lead, its sources and its ties. A lead touches the
//! pairs of the gangs and the officials it is about; where it names only the one, all pairs of that
//! one. **Priority** is the score of the best pair it touches, lifted where the lead is a new voice
//! in that pair: `1 − (1 − best)(1 − NEW_VOICE · belief)`, times [`HALF`] where it names only the one.
//! It is about the lead, not only the pair: hearsay has less of it, `min(1, HEARD + belief)` of the
//! whole; and a lead closed as unfounded keeps [`CLOSED`] of it, and says so, unless another voice
//! said the same later.

use std::collections::{BTreeMap, BTreeSet};

use super::coverage;
use super::globals::Globals;
use super::outcome::{LeadOutcome, Pair};
use super::reports::status;
use super::{Ball, Ground, Options, reaches, score_gang};
use crate::model::strength::belief;
use crate::model::{Date, Id, Kind, LeadStatus, Message, TieType, Voice};
use crate::network::{Network, NodeIx};

/// How much a voice that is believed wholly lifts a priority (stated judgement).
const NEW_VOICE: f64 = 0.2;
/// What is left of the priority of a lead that names an official or a gang but not both (stated judgement).
const HALF: f64 = 0.7;
/// What is left of the priority of a lead that nobody would believe (stated judgement).
const HEARD: f64 = 0.4;
/// What is left where a lead was closed as unfounded and nobody else spoke since (stated judgement).
const CLOSED: f64 = 0.15;
/// Pairs a lead shows at most.
const MOST_PAIRS: usize = 20;

/// Scores leads that are in the network, by their ids, in the order given.
pub fn score_leads(network: &Network, leads: &[impl AsRef<str>], options: &Options) -> Vec<LeadOutcome> {
    score_leads_on(&super::ground(network), &super::globals(network), leads, options)
}

/// The same on ground that is ready. Each gang that a lead touches is scored once for all leads.
pub fn score_leads_on(
    ground: &Ground<'_>,
    globals: &Globals,
    leads: &[impl AsRef<str>],
    options: &Options,
) -> Vec<LeadOutcome> {
    let mut scored: BTreeMap<NodeIx, Vec<Pair>> = BTreeMap::new();
    let ids = leads.iter().map(|lead| Id::from(lead.as_ref()));
    ids.map(|lead| one(ground, globals, &lead, options, &mut scored)).collect()
}

/// Whom a lead is about.
struct About {
    gangs: BTreeSet<NodeIx>,
    officials: BTreeSet<NodeIx>,
    anybody: bool,
    belief: f64,
    unsourced: bool,
    voices: BTreeSet<Voice>,
    closed: bool,
}

fn one(
    ground: &Ground<'_>,
    globals: &Globals,
    lead: &Id,
    options: &Options,
    scored: &mut BTreeMap<NodeIx, Vec<Pair>>,
) -> LeadOutcome {
    let network = ground.network();
    let about = network.node(lead.as_str()).map(|node| standing(network, node));
    let pairs =
        about.as_ref().map_or_else(Vec::new, |about| touched(ground, globals, about, options, scored));
    let best = pairs.first().map_or(0.0, |pair| pair.score);
    let priority = about.as_ref().map_or(0.0, |about| {
        let both = !about.gangs.is_empty() && !about.officials.is_empty();
        let standing = (HEARD + about.belief).min(1.0) * if about.closed { CLOSED } else { 1.0 };
        let lifted = 1.0 - (1.0 - best) * (1.0 - NEW_VOICE * about.belief);
        if pairs.is_empty() {
            0.0
        } else if both {
            standing * lifted
        } else {
            HALF * standing * lifted
        }
    });
    LeadOutcome {
        lead: lead.clone(),
        priority,
        pairs,
        coverage: coverage::of(globals).into_iter().map(|kind| (kind.kind, kind.complete)).collect(),
        problems: problems(about.as_ref()),
    }
}

fn about(network: &Network, lead: NodeIx) -> About {
    let mut about = About {
        gangs: BTreeSet::new(),
        officials: BTreeSet::new(),
        anybody: false,
        belief: 0.0,
        unsourced: false,
        voices: BTreeSet::new(),
        closed: false,
    };
    for arc in network.arcs(lead) {
        let tie = network.tie(arc.tie);
        if tie.ty() != TieType::About {
            continue;
        }
        about.anybody = true;
        for claim in tie.claims() {
            about.belief = about.belief.max(belief(claim.reliability(), claim.credibility()));
            about.voices.insert(claim.voice().clone());
            about.unsourced |= *claim.voice() == Voice::Nobody;
        }
        if network.is_official(arc.neighbour) {
            about.officials.insert(arc.neighbour);
        }
        about.gangs.extend(gangs_of(network, arc.neighbour));
    }
    about
}

/// Whom a lead is about, and whether it stands closed as unfounded.
fn standing(network: &Network, lead: NodeIx) -> About {
    let mut own = about(network, lead);
    own.closed = unfounded(network, lead) && !said_again(network, lead, &own);
    own
}

fn unfounded(network: &Network, lead: NodeIx) -> bool {
    status(network, lead) == Some(LeadStatus::Unfounded)
}

/// Whether another voice said the same of the same people later, and that stands.
fn said_again(network: &Network, lead: NodeIx, own: &About) -> bool {
    let day = |node| network.prop(node, "received").and_then(|day| day.parse::<Date>().ok());
    let Some(first) = day(lead) else { return false };
    let named = if own.officials.is_empty() { &own.gangs } else { &own.officials };
    let ties = named.iter().flat_map(|&node| network.arcs(node)).map(|arc| network.tie(arc.tie));
    let leads: BTreeSet<NodeIx> =
        ties.filter(|tie| tie.ty() == TieType::About).map(|tie| tie.from()).collect();
    let later = |node: &NodeIx| day(*node).and_then(|day| first.before(day)) == Some(true);
    leads.into_iter().filter(later).filter(|node| !unfounded(network, *node)).any(|node| {
        let other = about(network, node);
        let same = own.gangs.is_empty() || !own.gangs.is_disjoint(&other.gangs);
        same && !other.voices.is_subset(&own.voices)
    })
}

/// The gangs that somebody or something is of.
fn gangs_of(network: &Network, node: NodeIx) -> Vec<NodeIx> {
    if network.kind(node) == Kind::Gang {
        return vec![node];
    }
    let of = |ty| matches!(ty, TieType::Member | TieType::Controls);
    let ties = network.arcs(node).filter(|arc| of(network.tie(arc.tie).ty()));
    ties.map(|arc| arc.neighbour).filter(|&other| network.kind(other) == Kind::Gang).collect()
}

/// The pairs a lead touches, best first.
fn touched(
    ground: &Ground<'_>,
    globals: &Globals,
    about: &About,
    options: &Options,
    scored: &mut BTreeMap<NodeIx, Vec<Pair>>,
) -> Vec<Pair> {
    let network = ground.network();
    if about.gangs.is_empty() && about.officials.is_empty() {
        return Vec::new();
    }
    let gangs: Vec<NodeIx> = if about.gangs.is_empty() {
        network.nodes().filter(|&node| network.kind(node) == Kind::Gang).collect()
    } else {
        about.gangs.iter().copied().collect()
    };
    let mut pairs = Vec::new();
    for gang in gangs {
        let all = scored
            .entry(gang)
            .or_insert_with(|| score_gang(&Ball::of(ground, gang, reaches::ALL), globals, options));
        let named = |pair: &&Pair| {
            let ids = std::iter::once(&pair.official.id).chain(&pair.official.also);
            let mut nodes = ids.filter_map(|id| network.node(id.as_str()));
            about.officials.is_empty() || nodes.any(|node| about.officials.contains(&node))
        };
        pairs.extend(all.iter().filter(named).cloned());
    }
    let mut pairs = super::ranked(pairs, false);
    pairs.truncate(MOST_PAIRS);
    pairs
}

fn problems(about: Option<&About>) -> Vec<Message> {
    let Some(about) = about.filter(|about| about.anybody) else {
        return vec![Message::new("umbrella-problem-unknown")];
    };
    let found = [
        (about.gangs.is_empty(), "umbrella-problem-no-gang"),
        (about.officials.is_empty(), "umbrella-problem-no-official"),
        (about.unsourced, "umbrella-problem-no-source"),
        (about.closed, "umbrella-problem-closed"),
    ];
    found.into_iter().filter(|(is, _)| *is).map(|(_, key)| Message::new(key)).collect()
}
