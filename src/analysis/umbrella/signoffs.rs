//! `sign_off`: he closes leads or cases on the gang as unfounded, or signs that no umbrella was found,
//! although others keep reporting. Against it: `fair_review`.

use std::collections::{BTreeMap, BTreeSet};

use super::decisions::{Rates, Record};
use super::found::{ByOfficial, Found, Scope, mixed};
use super::reports::{Lead, status};
use super::side::worth;
use super::signatures::{Signature, signatures};
use crate::model::{Date, LeadStatus, Message, TieType, Voice};
use crate::network::NodeIx;

const REVIEWED: &[TieType] = &[TieType::Reviewed];

/// A lead or a case that he closed, and when.
struct Closing {
    node: NodeIx,
    day: Option<Date>,
}

/// Looks at everybody who closed a lead or a case of the gang.
pub(super) fn find(scope: &Scope<'_>, officials: &BTreeSet<NodeIx>, leads: &[Lead], found: &mut ByOfficial) {
    let signed = signatures(scope);
    let mut ours: BTreeMap<NodeIx, f64> = leads.iter().map(|lead| (lead.node, lead.far)).collect();
    ours.extend(scope.ball.cases().iter().map(|&case| (case, 1.0)));
    let mut who: BTreeSet<NodeIx> =
        ours.keys().flat_map(|&node| scope.ball.ties(node, REVIEWED)).map(|tie| tie.from()).collect();
    who.extend(signed.iter().map(|signature| signature.by));
    who.extend(super::cases::twins_of(scope, &who));
    let rates = Rates { under: scope.weights.sign_under, base: scope.weights.sign_base };
    for &official in who.intersection(officials) {
        let mut record = Record::of(scope, official, REVIEWED, rates, |tie| ours.get(&tie.to()).copied());
        let own: Vec<&Signature> =
            signed.iter().filter(|signature| is_his(scope, official, signature)).collect();
        own.iter().for_each(|signature| record.sign(scope, rates, signature.none));
        if record.decided > 0 {
            sign_off(scope, official, leads, &record, &own, found);
        }
    }
}

fn is_his(scope: &Scope<'_>, official: NodeIx, signature: &Signature) -> bool {
    signature.by == official
        || scope.ball.twins(official).iter().any(|twin| twin.node == signature.by && twin.probability >= 0.5)
}

fn sign_off(
    scope: &Scope<'_>,
    official: NodeIx,
    leads: &[Lead],
    record: &Record,
    signed: &[&Signature],
    found: &mut ByOfficial,
) {
    let closings = closings(scope, record, signed);
    let later = later(scope, leads, record, &closings);
    let contradicted = closings.iter().any(|closing| is_contradicted(scope, closing.node));
    // Closed and never heard of again: as baseless reports are.
    let weights = scope.weights;
    let trust = if later == 0 && !contradicted { weights.sign_quiet } else { 1.0 };
    let ratio = record.against_own.min(record.against_peers);
    let after =
        weights.sign_later * later.min(3) as f64 + if contradicted { weights.sign_contradicted } else { 0.0 };
    let speaks = if record.favours > 0 { ratio.max(0.0) * trust + ratio.min(0.0) + after } else { ratio };
    let size = mixed(weights, ("sign_off", weights.most), speaks, weights.mix_sign);
    let findings = found.entry(official).or_default();
    findings.decisions.extend(record.tail(scope, official));
    let (factor, key) =
        if size > 0.0 { ("sign_off", "umbrella-sign-off") } else { ("fair_review", "umbrella-fair-review") };
    let says = Message::new(key)
        .count("closed", record.favours)
        .count("reviewed", record.decided)
        .count("upheld", record.decided - record.favours)
        .count("later", later)
        .count("contradicted", usize::from(contradicted))
        .text("gang", scope.name(scope.side.gang));
    let mut made = Found::new(factor, size, says);
    made.ties = record.ours.iter().map(|(tie, _)| *tie).collect();
    made.rows = signed.iter().map(|signature| signature.row.clone()).collect();
    findings.factors.push(made);
}

/// What he closed, refuted rows left out.
fn closings(scope: &Scope<'_>, record: &Record, signed: &[&Signature]) -> Vec<Closing> {
    let closes = |decision: Option<_>| decision.and_then(super::globals::favour) == Some(true);
    let ties = record.ours.iter().map(|(tie, _)| scope.tie(*tie));
    let rows = ties.filter(|tie| worth(*tie) > 0.0 && closes(tie.decision()));
    let rows = rows.map(|tie| Closing { node: tie.to(), day: tie.start() });
    let signatures = signed.iter().filter(|signature| signature.none);
    rows.chain(signatures.map(|one| Closing { node: one.case, day: one.day })).collect()
}

/// Independent voices that report on the gang after he closed a report or a case.
fn later(scope: &Scope<'_>, leads: &[Lead], record: &Record, closings: &[Closing]) -> usize {
    let Some(first) = closings.iter().filter_map(|closing| closing.day).min() else { return 0 };
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

/// Whether a case that was signed off as without an umbrella was later found to have one, or a lead
/// that was called unfounded was verified, or either was opened again.
fn is_contradicted(scope: &Scope<'_>, node: NodeIx) -> bool {
    let network = scope.network();
    network.prop(node, "umbrella_finding") == Some("found")
        || status(network, node) == Some(LeadStatus::Verified)
        || network.steps_of(node).iter().any(|step| step.step == "reopened")
}
