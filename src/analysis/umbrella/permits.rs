//! `licence_favour`: inspections waived or passed and permits granted fast for the gang's
//! companies, against his other companies and his peers' pace. Against it: `light_office`,
//! `strict_permits`.

use std::collections::BTreeSet;

use super::cases::{favours_among, twins_of};
use super::decisions::{Rates, Record};
use super::found::{ByOfficial, Found, Scope, mixed};
use super::globals::pace;
use super::side::worth;
use crate::model::{Arg, Decision, Message, TieType};
use crate::network::{NodeIx, TieIx};

const PERMITS: &[TieType] = &[TieType::Inspected, TieType::Licensed];

/// Looks at everybody who dealt with a company of the gang.
pub(super) fn find(scope: &Scope<'_>, officials: &BTreeSet<NodeIx>, found: &mut ByOfficial) {
    let fronts = scope.side.fronts.keys();
    let mut who: BTreeSet<NodeIx> =
        fronts.flat_map(|&front| scope.ball.ties(front, PERMITS)).map(|tie| tie.from()).collect();
    who.extend(twins_of(scope, &who));
    let all: usize = scope.side.fronts.keys().map(|&front| scope.ball.ties(front, PERMITS).count()).sum();
    for official in who.intersection(officials) {
        one(scope, *official, all, found);
    }
}

fn one(scope: &Scope<'_>, official: NodeIx, all: usize, found: &mut ByOfficial) {
    let weights = scope.weights;
    let rates = Rates { under: weights.permit_under, base: weights.permit_base };
    let front = |company: NodeIx| scope.side.fronts.get(&company).map(|hold| hold.likely);
    let record = Record::of(scope, official, PERMITS, rates, |tie| front(tie.to()));
    if record.ours.is_empty() {
        return;
    }
    let (waived_peers, waived_own) = waived(scope, &record);
    let (fast_peers, fast_own) = fast(scope, &record);
    let share = share(scope, &record, all);
    let counted =
        |ratio: f64| mixed(weights, ("licence_favour", weights.most), ratio + share, weights.mix_permit);
    let peers = counted(record.against_peers + waived_peers + fast_peers);
    let own = counted(record.against_own + waived_own + fast_own);
    let findings = found.entry(official).or_default();
    findings.decisions.extend(record.tail(scope, official));
    let light = !record.others.is_empty() && peers - own > weights.tell;
    let main = if light { peers } else { own };
    let refuted = record.ours.iter().map(|(tie, _)| *tie).filter(|tie| worth(scope.tie(*tie)) == 0.0);
    findings.refuted.extend(
        refuted.filter(|tie| scope.tie(*tie).decision().and_then(super::globals::favour) == Some(true)),
    );
    findings.factors.push(main_factor(scope, &record, main));
    if light {
        let says = Message::new("umbrella-light-office").with("rate", Arg::Share(record.own));
        let mut light = Found::new("light_office", own - main, says);
        light.ties = favours_among(scope, &record.others);
        if light.ties.is_empty() {
            light.ties = record.others.iter().take(8).copied().collect();
        }
        findings.factors.push(light);
    }
}

/// How much more often he waived than passed: (against peers, against his own).
fn waived(scope: &Scope<'_>, record: &Record) -> (f64, f64) {
    let usual =
        scope.globals.others("waived//", &record.his).rate(scope.weights.waived_base, scope.weights.shrink);
    let passed: Vec<_> = record
        .others
        .iter()
        .filter_map(|tie| scope.tie(*tie).decision())
        .filter(|d| matches!(d, Decision::Passed | Decision::Waived))
        .collect();
    let own_waived = passed.iter().filter(|d| **d == Decision::Waived).count() as f64;
    let shrink = scope.weights.shrink;
    let own = (own_waived + shrink * usual) / (passed.len() as f64 + shrink);
    let (mut peers_sum, mut own_sum) = (0.0, 0.0);
    for &(ix, far) in &record.ours {
        let tie = scope.tie(ix);
        let (yes, weight) = match tie.decision() {
            Some(Decision::Waived) => (true, far * worth(tie)),
            Some(Decision::Passed) => (false, 0.5),
            _ => continue,
        };
        let one = |base: f64| {
            let (base, under) = (base.clamp(0.02, 0.9), scope.weights.waived_under.max(base));
            if yes { libm::log(under / base) } else { libm::log((1.0 - under).max(0.05) / (1.0 - base)) }
        };
        peers_sum += weight * one(usual);
        own_sum += weight * one(own);
    }
    (peers_sum, own_sum)
}

/// How much faster he granted: (against peers, against his own). Under an umbrella the fastest
/// third is three times as common, the slowest rare.
fn fast(scope: &Scope<'_>, record: &Record) -> (f64, f64) {
    let his = record.his.paces();
    let own: Vec<u32> = record.others.iter().filter_map(|tie| pace(scope.tie(*tie))).collect();
    let shrink = scope.weights.shrink;
    let (mut peers_sum, mut own_sum) = (0.0, 0.0);
    for &(ix, far) in &record.ours {
        let tie = scope.tie(ix);
        let Some(days) = pace(tie) else { continue };
        let all = scope.paces.as_fast(days, &his);
        let below = own
            .iter()
            .map(|&d| {
                if d < days {
                    1.0
                } else if d == days {
                    0.5
                } else {
                    0.0
                }
            })
            .sum::<f64>();
        let his = (below + shrink * all) / (own.len() as f64 + shrink);
        let one = |at: f64| {
            let ratio = libm::log(4.0 * (1.0 - at) * (1.0 - at) * (1.0 - at)).max(-1.0);
            if ratio > 0.0 { ratio * far * worth(tie) } else { ratio }
        };
        peers_sum += 0.8 * one(all);
        own_sum += 0.8 * one(his);
    }
    (peers_sum, own_sum)
}

/// How much of the gang's permits came to him, against what duty alone brings.
fn share(scope: &Scope<'_>, record: &Record, all: usize) -> f64 {
    let total = scope.globals.ties_of(TieType::Inspected) + scope.globals.ties_of(TieType::Licensed);
    let elsewhere = (total - all as f64).max(0.0);
    let usual = ((record.others.len() as f64 + 1.0) / (elsewhere + 9.0)).max(0.15);
    let here: f64 = record.ours.iter().map(|(tie, far)| far * worth(scope.tie(*tie))).sum();
    let under = scope.weights.share_under;
    let ratio = here * libm::log(under) - usual * all as f64 * (under - 1.0);
    (0.5 * scope.weights.share_trust * ratio).clamp(0.0, 1.5)
}

fn main_factor(scope: &Scope<'_>, record: &Record, size: f64) -> Found {
    let (factor, key) = if size > 0.0 {
        ("licence_favour", "umbrella-licence-favour")
    } else {
        ("strict_permits", "umbrella-strict-permits")
    };
    let parts: Vec<Message> =
        [told_waived(scope, record), told_fast(scope, record)].into_iter().flatten().collect();
    let says = Message::new(key)
        .count("favours", record.favours)
        .count("decided", record.decided)
        .with("rate", Arg::Share(record.own.min(record.peers)))
        .count("more", parts.len())
        .with("parts", Arg::List(parts))
        .text("gang", scope.name(scope.side.gang));
    let mut found = Found::new(factor, size, says);
    found.ties = record.ours.iter().map(|(tie, _)| *tie).collect();
    for (tie, _) in &record.ours {
        if let Some(hold) = scope.side.fronts.get(&scope.tie(*tie).to()) {
            found.context.extend(hold.ties.iter().copied());
            found.inferred |= hold.inferred();
        }
    }
    found
}

/// How many inspections he waived that others look into, where he waived any.
fn told_waived(scope: &Scope<'_>, record: &Record) -> Option<Message> {
    let count = |of: &[Decision]| {
        let decisions = record.ours.iter().filter_map(|(tie, _)| scope.tie(*tie).decision());
        decisions.filter(|decision| of.contains(decision)).count()
    };
    let waived = count(&[Decision::Waived]);
    let usual =
        scope.globals.others("waived//", &record.his).rate(scope.weights.waived_base, scope.weights.shrink);
    (waived > 0).then(|| {
        Message::new("umbrella-licence-waived")
            .count("waived", waived)
            .count("passed", count(&[Decision::Waived, Decision::Passed]))
            .with("usual", Arg::Share(usual))
    })
}

/// How many days the gang's permits took and his others, where the gang's took half as long or less.
fn told_fast(scope: &Scope<'_>, record: &Record) -> Option<Message> {
    let mean = |ties: &mut dyn Iterator<Item = TieIx>| {
        let paces: Vec<u32> = ties.filter_map(|tie| pace(scope.tie(tie))).collect();
        (!paces.is_empty()).then(|| f64::from(paces.iter().sum::<u32>()) / paces.len() as f64)
    };
    let here = mean(&mut record.ours.iter().map(|(tie, _)| *tie))?;
    let there = mean(&mut record.others.iter().copied())?;
    (here * 2.0 < there).then(|| {
        Message::new("umbrella-licence-fast")
            .count("days", libm::round(here).max(0.0) as usize)
            .with("usual", Arg::Number(libm::round(there)))
    })
}
