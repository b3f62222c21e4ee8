//! `case_favour`: he handles the gang's cases and decides in its favour, more than in his other
//! cases and more than his peers. Against it: `strict_decisions`, `lenient_with_all`, `recusal`.

use std::collections::BTreeSet;

use super::decisions::{Rates, Record};
use super::found::{ByOfficial, Found, Scope, mixed};
use super::side::worth;
use crate::model::{Arg, Message, TieType};
use crate::network::{NodeIx, TieIx};

const HANDLED: &[TieType] = &[TieType::Handled];

/// Looks at everybody who handled a case of the gang.
pub(super) fn find(scope: &Scope<'_>, officials: &BTreeSet<NodeIx>, found: &mut ByOfficial) {
    let ball = scope.ball;
    let handled: Vec<_> = ball
        .cases()
        .iter()
        .flat_map(|&case| ball.ties(case, HANDLED).filter(move |tie| tie.to() == case))
        .collect();
    let with_somebody: BTreeSet<NodeIx> = handled.iter().map(|tie| tie.to()).collect();
    let mut who: BTreeSet<NodeIx> = handled.iter().map(|tie| tie.from()).collect();
    who.extend(twins_of(scope, &who));
    for official in who.intersection(officials) {
        one(scope, *official, with_somebody.len(), found);
    }
    recusals(scope, officials, found);
}

/// Whom these people may be as well.
pub(super) fn twins_of(scope: &Scope<'_>, who: &BTreeSet<NodeIx>) -> BTreeSet<NodeIx> {
    who.iter().flat_map(|&node| scope.ball.twins(node)).map(|twin| twin.node).collect()
}

fn one(scope: &Scope<'_>, official: NodeIx, all: usize, found: &mut ByOfficial) {
    let weights = scope.weights;
    let cases: BTreeSet<NodeIx> = scope.ball.cases().iter().copied().collect();
    let rates = Rates { under: weights.favour_under, base: weights.favour_base };
    let record = Record::of(scope, official, HANDLED, rates, |tie| cases.contains(&tie.to()).then_some(1.0));
    if record.ours.is_empty() {
        return;
    }
    let share = share(scope, &record, all);
    let counted = |ratio: f64| mixed(weights, ("case_favour", weights.most), ratio + share, weights.mix_case);
    let (peers, own) = (counted(record.against_peers), counted(record.against_own));
    let findings = found.entry(official).or_default();
    findings.decisions.extend(record.tail(scope, official));
    // A lesser difference between his own rate and peers' is not worth a sentence of its own.
    let lenient = record.decided > 0 && !record.others.is_empty() && peers - own > weights.tell;
    let main = if record.decided == 0 {
        own.min(weights.share_most)
    } else if lenient {
        peers
    } else {
        own
    };
    let refuted = record.ours.iter().map(|(tie, _)| *tie).filter(|tie| worth(scope.tie(*tie)) == 0.0);
    findings.refuted.extend(
        refuted.filter(|tie| scope.tie(*tie).decision().and_then(super::globals::favour) == Some(true)),
    );
    findings.factors.push(main_factor(scope, &record, main, all));
    if lenient {
        let says = Message::new("umbrella-lenient-with-all").with("rate", Arg::Share(record.own));
        let mut lenient = Found::new("lenient_with_all", own - main, says);
        lenient.ties = favours_among(scope, &record.others);
        if lenient.ties.is_empty() {
            lenient.ties = record.others.iter().take(8).copied().collect();
        }
        findings.factors.push(lenient);
    }
}

/// The favours among other matters, eight at most: what shows that he is so with everybody.
pub(super) fn favours_among(scope: &Scope<'_>, ties: &[TieIx]) -> Vec<TieIx> {
    let favour = |tie: &&TieIx| scope.tie(**tie).decision().and_then(super::globals::favour) == Some(true);
    ties.iter().filter(favour).take(8).copied().collect()
}

fn main_factor(scope: &Scope<'_>, record: &Record, size: f64, all: usize) -> Found {
    let cases: BTreeSet<NodeIx> = record.ours.iter().map(|(tie, _)| scope.tie(*tie).to()).collect();
    let (factor, key) = match (size > 0.0, record.decided) {
        (true, 0) if size < scope.weights.tell => ("case_favour", "umbrella-case-share-usual"),
        (true, 0) => ("case_favour", "umbrella-case-share"),
        (true, _) => ("case_favour", "umbrella-case-favour"),
        (false, 0) => ("duty_contact", "umbrella-duty-contact"),
        (false, _) => ("strict_decisions", "umbrella-strict-decisions"),
    };
    let says = Message::new(key)
        .count("favours", record.favours)
        .count("decided", record.decided)
        .count("cases", cases.len())
        .count("all", all)
        .with("rate", Arg::Share(record.own.min(record.peers)))
        .text("gang", scope.name(scope.side.gang));
    let mut found = Found::new(factor, size, says);
    found.ties = record.ours.iter().map(|(tie, _)| *tie).collect();
    found
}

/// How much of the gang's cases came to him, against what duty alone brings: a log-likelihood
/// ratio, never below 0. Elsewhere is the jurisdiction of its cases.
fn share(scope: &Scope<'_>, record: &Record, all: usize) -> f64 {
    let network = scope.network();
    let place = |case: NodeIx| network.prop(case, "jurisdiction").unwrap_or("");
    let places: BTreeSet<&str> = scope.ball.cases().iter().map(|&case| place(case)).collect();
    let there: u64 = places.iter().filter_map(|place| scope.globals.cases.get(*place)).sum();
    let elsewhere = (there as f64 - all as f64).max(0.0);
    let own: BTreeSet<NodeIx> = record
        .others
        .iter()
        .map(|tie| scope.tie(*tie).to())
        .filter(|case| places.contains(place(*case)))
        .collect();
    let usual = (own.len() as f64 + 1.0) / (elsewhere + 9.0);
    let mut cases: Vec<(NodeIx, f64)> =
        record.ours.iter().map(|(tie, far)| (scope.tie(*tie).to(), far * worth(scope.tie(*tie)))).collect();
    cases.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    cases.dedup_by_key(|case| case.0);
    let here: f64 = cases.iter().map(|case| case.1).sum();
    let expected = usual.min(1.0) * all as f64;
    let under = scope.weights.share_under;
    (scope.weights.share_trust * (here * libm::log(under) - expected * (under - 1.0))).clamp(0.0, 3.0)
}

/// Steps that say he stepped aside.
fn recusals(scope: &Scope<'_>, officials: &BTreeSet<NodeIx>, found: &mut ByOfficial) {
    let network = scope.network();
    for &case in scope.ball.cases() {
        for step in network.steps_of(case) {
            if !(step.step.to_lowercase().contains("recus") || step.step.contains("回避")) {
                continue;
            }
            let named = step.props.iter().filter(|(key, _)| key == "person" || key == "by");
            for (_, id) in named {
                let official = network.node(id).filter(|node| officials.contains(node));
                let Some(official) = official else { continue };
                let findings = found.entry(official).or_default();
                if findings.factors.iter().all(|factor| factor.factor != "recusal") {
                    let says = Message::new("umbrella-recusal").text("gang", scope.name(scope.side.gang));
                    let mut recusal = Found::new("recusal", -scope.weights.recusal, says);
                    recusal.rows.push(step.row.clone());
                    findings.factors.push(recusal);
                }
            }
        }
    }
}
