//! What leads say, and who closes them.
//!
//! `allegation`: leads that name both, by independent voices, their grades and their channels.
//! Against it: `slander` (one voice many times), `popular_target` (he is named with every gang),
//! `unfounded` (checked and found untrue). `sign_off`: he closes leads or cases on the gang as
//! unfounded although others keep reporting. Against it: `fair_review`.

use std::collections::{BTreeMap, BTreeSet};

use super::decisions::{Rates, Record};
use super::found::{ByOfficial, Found, Scope, mixed, soft};
use super::side::worth;
use crate::model::strength::belief;
use crate::model::{Date, LeadStatus, Message, Status, TieType, Voice};
use crate::network::{Network, NodeIx, TieIx, TieRef};

/// One lead on the gang's side.
#[derive(Clone, Debug)]
struct Lead {
    node: NodeIx,
    /// How far it is about the gang.
    far: f64,
    /// Its ties to the gang's side.
    ties: Vec<TieIx>,
    received: Option<Date>,
    status: Option<LeadStatus>,
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
                ties: vec![],
                received: network.prop(tie.from(), "received").and_then(|date| date.parse().ok()),
                status: status(network, tie.from()),
            });
            lead.far = lead.far.max(far);
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
    for (official, mentions) in named {
        allegation(scope, official, &leads, &mentions, found);
    }
    sign_offs(scope, officials, &leads, found);
}

/// What one voice says of a pair.
#[derive(Default)]
struct Said<'a> {
    best: f64,
    leads: usize,
    first: Vec<TieIx>,
    rest: Vec<TieIx>,
    channels: BTreeSet<&'a str>,
}

fn allegation(
    scope: &Scope<'_>,
    official: NodeIx,
    leads: &[Lead],
    mentions: &[(usize, TieRef<'_>, f64)],
    found: &mut ByOfficial,
) {
    let network = scope.network();
    let mut voices: BTreeMap<Voice, Said<'_>> = BTreeMap::new();
    let mut untrue: Vec<TieIx> = Vec::new();
    for &(at, tie, likely) in mentions {
        let lead = &leads[at];
        let channel = network.prop(lead.node, "channel").unwrap_or("");
        if lead.status == Some(LeadStatus::Unfounded) {
            untrue.push(tie.ix());
            continue;
        }
        for claim in tie.claims() {
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
    speak(scope, official, &voices, findings);
    if !untrue.is_empty() {
        let size = -scope.weights.unfounded * untrue.len().min(3) as f64 / (1.0 + voices.len() as f64);
        let mut factor =
            Found::new("unfounded", size, Message::new("umbrella-unfounded").count("leads", untrue.len()));
        factor.ties = untrue;
        findings.factors.push(factor);
    }
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
    let size =
        soft(weights, sum + weights.channel * channels.len().saturating_sub(1) as f64 * mean, weights.most);
    if voices.is_empty() {
        return;
    }
    let says = Message::new("umbrella-allegation")
        .count("voices", voices.len())
        .count("channels", channels.len().max(1))
        .text("gang", scope.name(scope.side.gang));
    let mut factor = Found::new("allegation", size, says);
    factor.ties = voices.values().flat_map(|said| said.first.iter().copied()).collect();
    findings.factors.push(factor);
    let most = voices.values().max_by_key(|said| said.leads);
    if let Some(loud) = most.filter(|said| said.leads >= 3) {
        let size = -weights.slander * libm::log(loud.leads as f64);
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
        let is_other =
            |node| scope.network().kind(node) == crate::model::Kind::Gang && node != scope.side.gang;
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

/// Looks at everybody who closed a lead or a case of the gang.
fn sign_offs(scope: &Scope<'_>, officials: &BTreeSet<NodeIx>, leads: &[Lead], found: &mut ByOfficial) {
    let types = &[TieType::Reviewed];
    let mut ours: BTreeMap<NodeIx, f64> = leads.iter().map(|lead| (lead.node, lead.far)).collect();
    ours.extend(scope.ball.cases().iter().map(|&case| (case, 1.0)));
    let mut who: BTreeSet<NodeIx> =
        ours.keys().flat_map(|&node| scope.ball.ties(node, types)).map(|tie| tie.from()).collect();
    who.extend(super::cases::twins_of(scope, &who));
    let rates = Rates { under: scope.weights.sign_under, base: scope.weights.sign_base };
    for &official in who.intersection(officials) {
        let record = Record::of(scope, official, types, rates, |tie| ours.get(&tie.to()).copied());
        if record.decided > 0 {
            sign_off(scope, official, leads, &record, found);
        }
    }
}

fn sign_off(scope: &Scope<'_>, official: NodeIx, leads: &[Lead], record: &Record, found: &mut ByOfficial) {
    let later = later(scope, leads, record);
    let contradicted = contradicted(scope, record);
    // Closed and never heard of again: as baseless reports are.
    let weights = scope.weights;
    let trust = if later == 0 && !contradicted { weights.sign_quiet } else { 1.0 };
    let ratio = record.against_own.min(record.against_peers);
    let after =
        weights.sign_later * later.min(3) as f64 + if contradicted { weights.sign_contradicted } else { 0.0 };
    let speaks = if record.favours > 0 { ratio.max(0.0) * trust + ratio.min(0.0) + after } else { ratio };
    let size = mixed(weights, speaks, weights.mix_sign, weights.most);
    let findings = found.entry(official).or_default();
    let (factor, key) =
        if size > 0.0 { ("sign_off", "umbrella-sign-off") } else { ("fair_review", "umbrella-fair-review") };
    let says = Message::new(key)
        .count("closed", record.favours)
        .count("reviewed", record.decided)
        .count("upheld", record.decided - record.favours)
        .count("later", later)
        .text("gang", scope.name(scope.side.gang));
    let mut made = Found::new(factor, size, says);
    made.ties = record.ours.iter().map(|(tie, _)| *tie).collect();
    findings.factors.push(made);
}

/// Independent voices that report on the gang after he closed a report or a case.
fn later(scope: &Scope<'_>, leads: &[Lead], record: &Record) -> usize {
    let closings = record.ours.iter().map(|(tie, _)| scope.tie(*tie)).filter(|tie| worth(*tie) > 0.0);
    let first = closings.filter(|tie| closes(*tie)).filter_map(|tie| tie.start()).min();
    let Some(first) = first else { return 0 };
    let closed: BTreeSet<NodeIx> = record.ours.iter().map(|(tie, _)| scope.tie(*tie).to()).collect();
    let voices = |lead: &Lead| -> BTreeSet<Voice> {
        let ties = lead.ties.iter().map(|tie| scope.tie(*tie)).filter(|tie| worth(*tie) > 0.0);
        let claims = ties.flat_map(|tie| tie.claims());
        claims.map(|claim| claim.voice().clone()).collect()
    };
    let before: BTreeSet<Voice> =
        leads.iter().filter(|lead| closed.contains(&lead.node)).flat_map(voices).collect();
    let after = leads.iter().filter(|lead| lead.received.and_then(|day| first.before(day)) == Some(true));
    let told = after.filter(|lead| lead.status != Some(LeadStatus::Unfounded)).flat_map(voices);
    told.filter(|voice| !before.contains(voice)).collect::<BTreeSet<_>>().len()
}

fn closes(tie: TieRef<'_>) -> bool {
    tie.decision().and_then(super::globals::favour) == Some(true)
}

/// Whether a case that he signed off as without an umbrella was later found to have one, or a lead
/// that he called unfounded was verified.
fn contradicted(scope: &Scope<'_>, record: &Record) -> bool {
    let network = scope.network();
    let closings =
        record.ours.iter().map(|(tie, _)| scope.tie(*tie)).filter(|tie| worth(*tie) > 0.0 && closes(*tie));
    closings.map(|tie| tie.to()).any(|node| {
        network.prop(node, "umbrella_finding") == Some("found")
            || status(network, node) == Some(LeadStatus::Verified)
            || network.steps_of(node).iter().any(|step| step.step == "reopened")
    })
}
