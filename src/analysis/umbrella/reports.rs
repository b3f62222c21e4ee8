//! What leads say.
//!
//! `allegation`: leads that name both, by independent voices, their grades and their channels.
//! Against it: `slander` (one voice many times), `popular_target` (he is named with every gang),
//! `unfounded` (checked and found untrue). Who closes them is in `signoffs`.

use std::collections::{BTreeMap, BTreeSet};

use super::found::{ByOfficial, Found, Scope, holdings, soft};
use super::side::Hold;
use crate::model::strength::belief;
use crate::model::{Date, Kind, LeadStatus, Message, Status, TieType, Voice};
use crate::network::{Network, NodeIx, TieIx, TieRef};

/// One lead on the gang's side.
#[derive(Clone, Debug)]
pub(super) struct Lead {
    pub node: NodeIx,
    /// How far it is about the gang.
    pub far: f64,
    /// Whether no row says that whom it is about is the gang's.
    pub inferred: bool,
    /// Its ties to the gang's side.
    pub ties: Vec<TieIx>,
    pub received: Option<Date>,
    pub status: Option<LeadStatus>,
}

/// Leads on the gang's side, in node order.
fn leads(scope: &Scope<'_>) -> Vec<Lead> {
    let mut all: BTreeMap<NodeIx, Lead> = BTreeMap::new();
    let network = scope.network();
    for node in scope.side.nodes() {
        let far = scope.side.likely(node);
        for tie in scope.ball.ties(node, &[TieType::About]).filter(|tie| tie.to() == node) {
            let lead = all.entry(tie.from()).or_insert_with(|| Lead {
                node: tie.from(),
                far: 0.0,
                inferred: true,
                ties: vec![],
                received: network.prop(tie.from(), "received").and_then(|date| date.parse().ok()),
                status: status(network, tie.from()),
            });
            lead.far = lead.far.max(far);
            lead.inferred &= scope.side.hold(node).is_some_and(Hold::inferred);
            lead.ties.push(tie.ix());
        }
    }
    all.into_values().collect()
}

/// Where a lead stands: its last step that says so, else its column.
pub(super) fn status(network: &Network, lead: NodeIx) -> Option<LeadStatus> {
    let of_step = |step: &crate::network::StepRow| {
        let value = step.props.iter().find(|(key, _)| key == "value").map(|(_, value)| value.as_str());
        (step.step == "disposed").then(|| value.and_then(LeadStatus::from_code)).flatten()
    };
    let steps = network.steps_of(lead).iter().rev().find_map(of_step);
    steps.or_else(|| network.prop(lead, "status").and_then(LeadStatus::from_code))
}

/// Looks at everybody whom leads name with the gang, and at everybody who closed such leads.
pub(super) fn find(scope: &Scope<'_>, officials: &BTreeSet<NodeIx>, found: &mut ByOfficial) {
    let leads = leads(scope);
    let mut named: BTreeMap<NodeIx, Vec<(usize, TieRef<'_>, f64)>> = BTreeMap::new();
    for (at, lead) in leads.iter().enumerate() {
        for tie in scope.ball.ties(lead.node, &[TieType::About]).filter(|tie| tie.from() == lead.node) {
            let mut whom = vec![(tie.to(), 1.0)];
            whom.extend(scope.ball.twins(tie.to()).iter().map(|twin| (twin.node, twin.probability)));
            for (official, likely) in whom.into_iter().filter(|(node, _)| officials.contains(node)) {
                named.entry(official).or_default().push((at, tie, likely));
            }
        }
    }
    let filed = filing(scope, scope.side.nodes());
    for (official, mentions) in named {
        allegation(scope, official, (&leads, &filed), &mentions, found);
    }
    super::signoffs::find(scope, officials, &leads, found);
}

/// Channels by which files speak, and no witness.
const FILES: [&str; 3] = ["government_screening", "case_investigation", "concluded_case"];
/// Rows that a bank, a telephone company or an office files itself.
const FILED: &[TieType] = &[
    TieType::Payment,
    TieType::Gift,
    TieType::Call,
    TieType::Handled,
    TieType::Inspected,
    TieType::Licensed,
    TieType::Reviewed,
];

/// The voices that file such rows on these nodes, their accounts and phones, refuted rows with them: a
/// bank's file or an office's screening speaks by its rows already, and a report that quotes it is no
/// other voice.
fn filing(scope: &Scope<'_>, nodes: impl Iterator<Item = NodeIx>) -> BTreeSet<Voice> {
    let mut voices = BTreeSet::new();
    for node in nodes {
        let held = [Kind::Account, Kind::Phone].map(|kind| holdings(scope.ball, node, kind));
        let held = held.iter().flatten().map(|(object, _, _)| *object);
        for node in std::iter::once(node).chain(held) {
            for tie in scope.ball.ties(node, FILED) {
                voices.extend(tie.claims().map(|claim| claim.voice().clone()));
            }
        }
    }
    voices.remove(&Voice::Nobody);
    voices
}

/// What one voice says of a pair.
#[derive(Default)]
struct Said<'a> {
    best: f64,
    /// Whether one of its leads is about what is surely the gang's.
    sure: bool,
    leads: usize,
    first: Vec<TieIx>,
    rest: Vec<TieIx>,
    channels: BTreeSet<&'a str>,
}

fn allegation(
    scope: &Scope<'_>,
    official: NodeIx,
    (leads, filed): (&[Lead], &BTreeSet<Voice>),
    mentions: &[(usize, TieRef<'_>, f64)],
    found: &mut ByOfficial,
) {
    let network = scope.network();
    let own = filing(scope, std::iter::once(official));
    let is_filed = |voice: &Voice| filed.contains(voice) || own.contains(voice);
    let mut voices: BTreeMap<Voice, Said<'_>> = BTreeMap::new();
    let mut untrue: Vec<TieIx> = Vec::new();
    for &(at, tie, likely) in mentions {
        let lead = &leads[at];
        let channel = network.prop(lead.node, "channel").unwrap_or("");
        if lead.status == Some(LeadStatus::Unfounded) {
            untrue.push(tie.ix());
            continue;
        }
        let quotes = FILES.contains(&channel);
        for claim in tie.claims().filter(|claim| !(quotes && is_filed(claim.voice()))) {
            let said = voices.entry(claim.voice().clone()).or_default();
            let holds =
                f64::from(u8::from(claim.status() != Status::Refuted && tie.status() != Status::Refuted));
            let verified = match lead.status {
                Some(LeadStatus::Verified) => scope.weights.voice_verified,
                Some(LeadStatus::Cleared) => scope.weights.voice_cleared,
                _ => 1.0,
            };
            let weight =
                holds * likely * lead.far * verified * belief(claim.reliability(), claim.credibility());
            said.leads += 1;
            said.sure |= !lead.inferred;
            let list = if said.leads == 1 { &mut said.first } else { &mut said.rest };
            list.push(tie.ix());
            if said.leads == 1 {
                list.extend(&lead.ties);
            }
            said.best = said.best.max(weight);
            if weight >= 0.15 {
                said.channels.insert(channel);
            }
        }
    }
    let findings = found.entry(official).or_default();
    findings
        .refuted
        .extend(mentions.iter().map(|m| m.1).filter(|tie| super::found::is_refuted(*tie)).map(|t| t.ix()));
    findings.tails.push(named_with(scope, official, leads.len(), &voices));
    speak(scope, official, &voices, findings);
    if !untrue.is_empty() {
        let each = scope.weights.gain_report * scope.weights.unfounded;
        let size = -each * untrue.len().min(3) as f64 / (1.0 + voices.len() as f64);
        let mut factor =
            Found::new("unfounded", size, Message::new("umbrella-unfounded").count("leads", untrue.len()));
        factor.ties = untrue;
        findings.factors.push(factor);
    }
}

/// The log of the chance that so many of the voices that name him name this gang, if each named a gang
/// as often as reports do (flocking by district allowed for).
fn named_with(scope: &Scope<'_>, official: NodeIx, leads: usize, voices: &BTreeMap<Voice, Said<'_>>) -> f64 {
    let about = scope.ball.ties(official, &[TieType::About]).filter(|tie| tie.to() == official);
    let all: BTreeSet<Voice> =
        about.flat_map(|tie| tie.claims()).map(|claim| claim.voice().clone()).collect();
    let with = voices.values().filter(|said| said.best > 0.0).count() as u64;
    let share = leads as f64 / scope.globals.named.yes.max(1) as f64;
    let n = (all.len() as u64).max(voices.len() as u64);
    super::chance::binomial_tail(with, n, super::chance::DISPERSION * share)
}

/// The factors of what is said: for, one voice many times, and named with everybody.
fn speak(
    scope: &Scope<'_>,
    official: NodeIx,
    voices: &BTreeMap<Voice, Said<'_>>,
    findings: &mut super::found::Findings,
) {
    let weights = scope.weights;
    let mut sizes: Vec<f64> = voices.values().map(|said| said.best).collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    let mut weight = 1.0;
    let mut sum = 0.0;
    for size in &sizes {
        sum += weights.voice * size * weight;
        weight *= 0.8;
    }
    let channels: BTreeSet<&str> = voices.values().flat_map(|said| said.channels.iter().copied()).collect();
    let mean = sizes.iter().sum::<f64>() / sizes.len().max(1) as f64;
    let channel = weights.channel * channels.len().saturating_sub(1) as f64 * mean;
    let size = soft(weights, ("allegation", weights.most), sum + channel);
    if voices.is_empty() {
        return;
    }
    let says = Message::new("umbrella-allegation")
        .count("voices", voices.len())
        .count("channels", channels.len().max(1))
        .text("gang", scope.name(scope.side.gang));
    let mut factor = Found::new("allegation", size, says);
    factor.ties = voices.values().flat_map(|said| said.first.iter().copied()).collect();
    factor.inferred = voices.values().all(|said| !said.sure);
    findings.factors.push(factor);
    let most = voices.values().max_by_key(|said| said.leads);
    if let Some(loud) = most.filter(|said| said.leads >= 3) {
        let size = -weights.gain_report * weights.slander * libm::log(loud.leads as f64);
        let says = Message::new("umbrella-slander").count("leads", loud.leads);
        let mut slander = Found::new("slander", size, says);
        slander.ties = loud.rest.clone();
        findings.factors.push(slander);
    }
    popular(scope, official, size, voices.len(), findings);
}

/// Rumour settles on visible officials: named with other gangs by as many voices.
fn popular(
    scope: &Scope<'_>,
    official: NodeIx,
    size: f64,
    own: usize,
    findings: &mut super::found::Findings,
) {
    let mut gangs: BTreeSet<NodeIx> = BTreeSet::new();
    let mut voices: BTreeSet<Voice> = BTreeSet::new();
    // That the lead names another gang is a row of its own; that it names him may count above.
    let (mut ties, mut context) = (Vec::new(), Vec::new());
    for tie in scope.ball.ties(official, &[TieType::About]).filter(|tie| tie.to() == official) {
        let subjects = scope.ball.ties(tie.from(), &[TieType::About]);
        let is_other = |node| scope.network().kind(node) == Kind::Gang && node != scope.side.gang;
        let others: Vec<TieRef<'_>> = subjects.filter(|other| is_other(other.to())).collect();
        if !others.is_empty() {
            gangs.extend(others.iter().map(|other| other.to()));
            voices.extend(tie.claims().map(|claim| claim.voice().clone()));
            ties.extend(others.iter().map(|other| other.ix()));
            context.push(tie.ix());
        }
    }
    if gangs.len() >= 2 && size > 0.0 {
        let share = voices.len() as f64 / (voices.len() + own) as f64;
        let says = Message::new("umbrella-popular-target").count("gangs", gangs.len());
        let mut factor = Found::new("popular_target", -scope.weights.popular_target * size * share, says);
        (factor.ties, factor.context) = (ties, context);
        findings.factors.push(factor);
    }
}
