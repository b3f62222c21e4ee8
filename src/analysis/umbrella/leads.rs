//! `score`: what one new lead comes to, against a network that already holds it.
//!
//! The network is a store's overlaid with the lead, its sources and its ties. A lead touches the
//! pairs of the gangs and the officials it is about; where it names only the one, all pairs of that
//! one.
//!
//! **Priority** is about the lead, not only the pair. Leads that name the same people and gang are a
//! group: its independent voices are believed together, as a noisy-or of their grades. The score of
//! the best pair the lead touches is lifted by how far the group is believed (`lead_voice`) and by each
//! channel beyond the first (`lead_channel`); what nobody would believe keeps little of it
//! (`lead_heard`), and so does what names only an official or only a gang (`lead_half`). A lead closed
//! as unfounded or cleared keeps little as well, and says so, unless another voice said the same after
//! it was closed; where two did, it deserves a review whatever the score (`lead_repeated`).

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::globals::Globals;
use super::outcome::{LeadOutcome, Pair};
use super::reports::status;
use super::{Options, Ready, Weights};
use crate::model::strength::belief;
use crate::model::{Date, Id, Kind, LeadStatus, Message, TieType, Voice};
use crate::network::{Network, NodeIx};

/// Pairs a lead shows at most.
const MOST_PAIRS: usize = 20;

/// Scores leads that are in the network, by their ids, in the order given.
pub fn score_leads(network: &Network, leads: &[impl AsRef<str>], options: &Options) -> Vec<LeadOutcome> {
    let names_half = |lead: &&str| {
        let about = network.node(lead).map(|node| about(network, node)).unwrap_or_default();
        about.gangs.is_empty() && !about.officials.is_empty()
    };
    let halves = leads.iter().map(AsRef::as_ref).filter(names_half).count();
    let (globals, asked) = (super::globals(network), (leads.len(), halves));
    Ready::for_leads(network, &globals, asked, &options.weights).leads(leads, options)
}

impl Ready<'_> {
    /// The same of the network that is ready. Each gang that leads touch is scored once for all of them, with the
    /// officials whom they name.
    pub fn leads(&self, leads: &[impl AsRef<str>], options: &Options) -> Vec<LeadOutcome> {
        let network = self.network();
        let about = |lead: &str| network.node(lead).map(|node| standing(network, node));
        let abouts: Vec<Option<About>> = leads.iter().map(|lead| about(lead.as_ref())).collect();
        let touched =
            |about: &Option<About>| about.as_ref().map_or_else(BTreeSet::new, |one| one.gangs_of(self));
        let touched: Vec<BTreeSet<NodeIx>> = abouts.iter().map(touched).collect();
        let scored = self.scored(options, &abouts, &touched);
        let pairs = |about: &Option<About>, gangs: &BTreeSet<NodeIx>| -> Vec<Pair> {
            let Some(about) = about else { return Vec::new() };
            let of_gangs = gangs.iter().filter_map(|gang| scored.get(gang)).flatten();
            best(about.pairs_among(network, of_gangs))
        };
        let all = leads.iter().zip(&abouts).zip(&touched);
        all.map(|((lead, about), gangs)| {
            let (lead, pairs) = (Id::from(lead.as_ref()), pairs(about, gangs));
            outcome(self.globals(), &lead, about.as_ref(), pairs, options)
        })
        .collect()
    }

    /// The pairs of each gang that leads touch, with the officials whom they name.
    fn scored(
        &self,
        options: &Options,
        abouts: &[Option<About>],
        touched: &[BTreeSet<NodeIx>],
    ) -> BTreeMap<NodeIx, Vec<Pair>> {
        let named = |about: &Option<About>| {
            about.as_ref().map(|about| self.with_twins(&about.officials)).filter(|named| !named.is_empty())
        };
        let asked = asked_of_gangs(touched.iter().zip(abouts.iter().map(named)));
        let asked: Vec<(NodeIx, Option<BTreeSet<NodeIx>>)> = asked.into_iter().collect();
        let score = |(gang, officials): &(NodeIx, Option<BTreeSet<NodeIx>>)| {
            (*gang, self.pairs(*gang, officials.as_ref(), options))
        };
        asked.par_iter().map(score).collect::<Vec<_>>().into_iter().collect()
    }
}

/// The officials who are asked for of each gang, of leads with the gangs that they touch and the officials whom they
/// name: `None` where a lead names none, so that it is about all of them.
pub fn asked_of_gangs<'g, G: Ord + Clone + 'g, N: Ord + Copy>(
    leads: impl IntoIterator<Item = (impl IntoIterator<Item = &'g G>, Option<BTreeSet<N>>)>,
) -> BTreeMap<G, Option<BTreeSet<N>>> {
    let mut asked: BTreeMap<G, Option<BTreeSet<N>>> = BTreeMap::new();
    for (gangs, named) in leads {
        for gang in gangs {
            match (asked.entry(gang.clone()).or_insert_with(|| Some(BTreeSet::new())), &named) {
                (Some(all), Some(named)) => all.extend(named),
                (all, _) => *all = None,
            }
        }
    }
    asked
}

/// Whom a lead is about, who says so, and how it stands.
#[derive(Default)]
struct About {
    gangs: BTreeSet<NodeIx>,
    officials: BTreeSet<NodeIx>,
    anybody: bool,
    unsourced: bool,
    /// How far each voice is believed.
    voices: BTreeMap<Voice, f64>,
    channels: BTreeSet<String>,
    /// How far all voices of the group are believed together.
    belief: f64,
    /// Closed as unfounded, or cleared, and nobody has said the same since.
    closed: Option<LeadStatus>,
    /// Other voices that said the same after it was closed.
    since: usize,
}

/// The gangs that a lead is about, or whose members or firms it names, in order.
pub fn gangs_named(network: &Network, lead: &str) -> Vec<Id> {
    let gangs = network.node(lead).map(|node| about(network, node).gangs).unwrap_or_default();
    gangs.into_iter().map(|gang| network.id(gang).into()).collect()
}

/// The officials that a lead is about, in order.
pub fn officials_named(network: &Network, lead: &str) -> Vec<Id> {
    let officials = network.node(lead).map(|node| about(network, node).officials).unwrap_or_default();
    officials.into_iter().map(|official| network.id(official).into()).collect()
}

/// What a lead comes to, if `pairs` are all pairs of the gangs that it names, or where it names none, of those that
/// the officials may be scored for whom it names: as [`score_leads`] says it.
pub fn score_lead_among(
    network: &Network,
    globals: &Globals,
    lead: &Id,
    pairs: &[Pair],
    options: &Options,
) -> LeadOutcome {
    let about = network.node(lead.as_str()).map(|node| standing(network, node));
    let own = about.as_ref().map(|about| best(about.pairs_among(network, pairs)));
    outcome(globals, lead, about.as_ref(), own.unwrap_or_default(), options)
}

/// What a lead comes to that touches these pairs, best first.
fn outcome(
    globals: &Globals,
    lead: &Id,
    about: Option<&About>,
    pairs: Vec<Pair>,
    options: &Options,
) -> LeadOutcome {
    let best = pairs.first().map(|pair| pair.score);
    let priority = about.zip(best).map_or(0.0, |(about, best)| priority(about, best, &options.weights));
    LeadOutcome {
        lead: lead.clone(),
        priority,
        pairs,
        coverage: super::completeness(globals),
        problems: problems(about),
    }
}

/// How soon a lead deserves a look. See the module's documentation.
fn priority(about: &About, best: f64, weights: &Weights) -> f64 {
    let heard_by = about.channels.iter().skip(1).fold(1.0, |left, _| left * (1.0 - weights.lead_channel));
    let doubt = (1.0 - best) * (1.0 - weights.lead_voice * about.belief) * heard_by;
    let heard = (weights.lead_heard + about.belief).min(1.0);
    let closed = match about.closed {
        Some(LeadStatus::Unfounded) => weights.lead_closed,
        Some(_) => weights.lead_cleared,
        None => 1.0,
    };
    let both = !about.gangs.is_empty() && !about.officials.is_empty();
    let half = if both { 1.0 } else { weights.lead_half };
    let least = if about.since > 1 { weights.lead_repeated } else { 0.0 };
    half * (heard * closed * (1.0 - doubt)).max(least)
}

fn about(network: &Network, lead: NodeIx) -> About {
    let mut about = About::default();
    for arc in network.arcs(lead) {
        let tie = network.tie(arc.tie);
        if tie.ty() != TieType::About {
            continue;
        }
        about.anybody = true;
        for claim in tie.claims() {
            let believed = about.voices.entry(claim.voice().clone()).or_default();
            *believed = believed.max(belief(claim.reliability(), claim.credibility()));
            about.unsourced |= *claim.voice() == Voice::Nobody;
        }
        if network.is_official(arc.neighbour) {
            about.officials.insert(arc.neighbour);
        }
        about.gangs.extend(gangs_of(network, arc.neighbour));
    }
    about.channels.extend(network.prop(lead, "channel").map(str::to_owned));
    about
}

/// Whom a lead is about, with the group of leads that say the same, and whether it stands closed.
fn standing(network: &Network, lead: NodeIx) -> About {
    let mut own = about(network, lead);
    let closed = closed(network, lead);
    let day = closed.and_then(|_| closed_on(network, lead).or_else(|| received(network, lead)));
    let first: BTreeSet<Voice> = own.voices.keys().cloned().collect();
    let mut since: BTreeSet<Voice> = BTreeSet::new();
    for other in
        same(network, lead, &own).into_iter().filter(|&other| closed_as_unfounded(network, other).is_none())
    {
        let said = about(network, other);
        let later =
            day.zip(received(network, other)).and_then(|(day, other)| day.before(other)) == Some(true);
        for (voice, believed) in said.voices {
            if later && !first.contains(&voice) {
                since.insert(voice.clone());
            }
            let known = own.voices.entry(voice).or_default();
            *known = known.max(believed);
        }
        own.channels.extend(said.channels);
    }
    own.belief = 1.0 - own.voices.values().map(|believed| 1.0 - believed).product::<f64>();
    own.since = since.len();
    own.closed = closed.filter(|_| since.is_empty());
    own
}

/// How a lead was closed without a result, if it was.
fn closed(network: &Network, lead: NodeIx) -> Option<LeadStatus> {
    status(network, lead).filter(|status| matches!(status, LeadStatus::Unfounded | LeadStatus::Cleared))
}

fn closed_as_unfounded(network: &Network, lead: NodeIx) -> Option<LeadStatus> {
    closed(network, lead).filter(|status| *status == LeadStatus::Unfounded)
}

fn received(network: &Network, lead: NodeIx) -> Option<Date> {
    network.prop(lead, "received").and_then(|day| day.parse().ok())
}

/// The day a lead was disposed of, by its last step or by who reviewed it.
fn closed_on(network: &Network, lead: NodeIx) -> Option<Date> {
    let step = network.steps_of(lead).iter().rev().find(|step| step.step == "disposed").map(|step| step.date);
    let reviews =
        network.arcs(lead).map(|arc| network.tie(arc.tie)).filter(|tie| tie.ty() == TieType::Reviewed);
    step.or_else(|| reviews.filter_map(|tie| tie.start()).max())
}

/// Leads that name the same official with the same gang, or the same gang where this one names no official.
fn same(network: &Network, lead: NodeIx, own: &About) -> BTreeSet<NodeIx> {
    let named = if own.officials.is_empty() { &own.gangs } else { &own.officials };
    let ties = named.iter().flat_map(|&node| network.arcs(node)).map(|arc| network.tie(arc.tie));
    let leads: BTreeSet<NodeIx> =
        ties.filter(|tie| tie.ty() == TieType::About && tie.from() != lead).map(|tie| tie.from()).collect();
    let of_gang =
        |node: &NodeIx| own.gangs.is_empty() || !own.gangs.is_disjoint(&about(network, *node).gangs);
    leads.into_iter().filter(of_gang).collect()
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

impl About {
    /// The gangs that are named; where none is, those that may be scored for whom is named.
    fn gangs_of(&self, ready: &Ready<'_>) -> BTreeSet<NodeIx> {
        if self.gangs.is_empty() && !self.officials.is_empty() {
            ready.gangs_to(&self.officials)
        } else {
            self.gangs.clone()
        }
    }

    /// Those of some pairs whose official is named; all, where none is.
    fn pairs_among<'p>(
        &self,
        network: &Network,
        pairs: impl IntoIterator<Item = &'p Pair>,
    ) -> impl Iterator<Item = &'p Pair> {
        let named: BTreeSet<Id> = self.officials.iter().map(|&node| network.id(node).into()).collect();
        pairs.into_iter().filter(move |pair| {
            let mut ids = std::iter::once(&pair.official.id).chain(&pair.official.also);
            named.is_empty() || ids.any(|id| named.contains(id))
        })
    }
}

/// The pairs that are shown, best first.
fn best<'p>(pairs: impl Iterator<Item = &'p Pair>) -> Vec<Pair> {
    let mut pairs: Vec<&Pair> = pairs.collect();
    pairs.sort_by(|a, b| super::by_rank(a, b));
    pairs.into_iter().take(MOST_PAIRS).cloned().collect()
}

fn problems(about: Option<&About>) -> Vec<Message> {
    let Some(about) = about.filter(|about| about.anybody) else {
        return vec![Message::new("umbrella-problem-unknown")];
    };
    let found = [
        (about.gangs.is_empty(), "umbrella-problem-no-gang"),
        (about.officials.is_empty(), "umbrella-problem-no-official"),
        (about.unsourced, "umbrella-problem-no-source"),
        (about.closed == Some(LeadStatus::Unfounded), "umbrella-problem-closed"),
        (about.closed == Some(LeadStatus::Cleared), "umbrella-problem-cleared"),
        (about.since > 1, "umbrella-problem-repeated"),
    ];
    let found = found.into_iter().filter(|(is, _)| *is);
    found.map(|(_, key)| Message::new(key).count("voices", about.since)).collect()
}
