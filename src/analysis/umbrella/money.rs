//! `money_chain`: money that goes from the gang over quiet go-betweens to the official's circle.
//!
//! A *run* is a chain of payments that fit in amount and delay. Runs that end in a circle are set
//! against all runs of the gang, times the share of payments that the circle receives anyhow.
//! Repeats of one path count for more than as many single runs. Direct wages and rents say almost
//! nothing; a way through a hub is put down to the hub.

use std::collections::BTreeMap;

use super::circle::{Circles, Near};
use super::flows::{Flow, Flows};
use super::found::{ByOfficial, Found, Scope, lift, trail, way_ties};
use crate::model::{Message, TieType};
use crate::network::{NodeIx, TieIx};

/// Payments in a run, at most: three go-betweens.
const MOST_PAYMENTS: usize = 4;
/// Runs of one gang that are followed, at most; past it the gang's money says nothing new.
const MOST_RUNS: usize = 200_000;

/// A run that ended in somebody's circle.
struct Run {
    payer: NodeIx,
    steps: Vec<Flow>,
    weight: f64,
    naive: f64,
}

/// What one gang's money did.
#[derive(Default)]
struct Traced {
    /// Runs by the node they end at.
    ends: BTreeMap<NodeIx, Vec<Run>>,
    /// The weight of all runs.
    total: f64,
    count: usize,
}

/// Follows the gang's money outward.
pub(super) fn find(scope: &Scope<'_>, circles: &Circles, found: &mut ByOfficial) {
    let flows = Flows::new(scope.ball);
    let mut traced = Traced::default();
    for payer in scope.side.nodes() {
        let likely = scope.side.likely(payer);
        for flow in flows.out(payer).iter().filter(|flow| !scope.side.is_stated(flow.to)) {
            let start = Start { likely, direct: direct(scope, &flows, payer, flow) };
            follow(scope, &flows, circles, payer, vec![flow.clone()], start, &mut traced);
        }
    }
    let mut by_circle: BTreeMap<usize, Vec<(&Run, &Near)>> = BTreeMap::new();
    for (end, runs) in &traced.ends {
        for (at, near) in circles.near(*end) {
            by_circle.entry(at).or_default().extend(runs.iter().map(|run| (run, near)));
        }
    }
    let payments = (scope.globals.ties_of(TieType::Payment) + scope.globals.ties_of(TieType::Gift)).max(1.0);
    for (at, runs) in by_circle {
        let circle = &circles.all[at];
        let received: f64 =
            circle.near.iter().map(|(node, near)| near.nominal * (flows.received(*node) as f64 + 0.2)).sum();
        let expected = (traced.total * received / payments).max(0.02);
        let findings = found.entry(circle.official).or_default();
        report(scope, circle.official, &runs, expected, findings);
    }
}

/// How a run sets out.
#[derive(Clone, Copy)]
struct Start {
    likely: f64,
    direct: f64,
}

/// What a payment straight from the gang's side says: little from those who pay many, and almost
/// nothing when it is a wage or comes again and again in the same amount.
fn direct(scope: &Scope<'_>, flows: &Flows<'_>, payer: NodeIx, flow: &Flow) -> f64 {
    let hired = |node: NodeIx| {
        scope.ball.ties(node, &[TieType::Employment]).any(|tie| tie.from() == node && tie.to() == payer)
    };
    if flow.ty == TieType::Payment && hired(flow.to) {
        return 0.02;
    }
    let same = flows.out(payer).iter().filter(|f| f.to == flow.to && f.amount == flow.amount).count();
    let regular = if flow.ty == TieType::Payment && same >= 3 { 0.1 } else { 1.0 };
    let gift = if flow.ty == TieType::Gift { 1.0 } else { 0.35 };
    gift * regular * flows.narrow(payer).max(0.1)
}

/// Follows one run as far as it fits.
fn follow(
    scope: &Scope<'_>,
    flows: &Flows<'_>,
    circles: &Circles,
    payer: NodeIx,
    steps: Vec<Flow>,
    start: Start,
    traced: &mut Traced,
) {
    let Some(last) = steps.last() else { return };
    traced.count += 1;
    if traced.count > MOST_RUNS {
        return;
    }
    let between = || steps.iter().take(steps.len() - 1);
    let narrow: f64 = between().map(|step| flows.narrow(step.to)).product();
    let worth = start.likely * steps.iter().map(|step| step.worth).product::<f64>();
    let fit: f64 = steps.windows(2).map(|pair| fits(scope, &pair[0], &pair[1])).product();
    let direct = if steps.len() == 1 { start.direct } else { 1.0 };
    let (weight, naive) = (worth * fit * direct * narrow, worth * fit * direct);
    // Refuted or not: what speaks against chance must not make chance rarer.
    traced.total += fit * direct * narrow;
    let node = last.to;
    let run = Run { payer, steps: steps.clone(), weight, naive };
    if weight > 0.0 && circles.of.contains_key(&node) {
        traced.ends.entry(node).or_default().push(run);
    }
    if steps.len() == MOST_PAYMENTS || flows.narrow(node) < 0.03 {
        return;
    }
    for next in flows.out(node).iter() {
        let back =
            next.to == payer || steps.iter().any(|step| step.to == next.to) || scope.side.is_stated(next.to);
        if !back && fits(scope, last, next) > 0.0 {
            let mut longer = steps.clone();
            longer.push(next.clone());
            follow(scope, flows, circles, payer, longer, start, traced);
        }
    }
}

/// Whether a payment may be the other's money passed on: 1 when amount and delay fit, less where
/// one of them is unknown, 0 when they do not. Order that cannot be told speaks for nobody.
fn fits(scope: &Scope<'_>, first: &Flow, next: &Flow) -> f64 {
    let weights = scope.weights;
    let amount = match first.amount.zip(next.amount) {
        Some((a, b)) if a > 0.0 => {
            let kept = b / a;
            if kept < weights.keep_least || kept > weights.keep_most {
                return 0.0;
            }
            1.0
        }
        _ => 0.3,
    };
    let delay = match first.days.zip(next.days) {
        Some(((a_first, a_last), (b_first, b_last))) => {
            let (least, most) = (f64::from(b_first.0 - a_last.0), f64::from(b_last.0 - a_first.0));
            let exact = a_first == a_last && b_first == b_last;
            if most < -2.0 || least > weights.hop_days {
                return 0.0;
            }
            if exact { 1.0 } else { 0.3 }
        }
        None => 0.3,
    };
    amount * delay
}

/// Turns the runs into one official's circle into a factor, and what is put down to a hub into another.
fn report(
    scope: &Scope<'_>,
    official: NodeIx,
    runs: &[(&Run, &Near)],
    expected: f64,
    findings: &mut super::found::Findings,
) {
    let weights = scope.weights;
    let observed = repeated(runs, |run| run.weight);
    let naive = repeated(runs, |run| run.naive);
    let size = lift(weights, observed, expected, weights.mix_money, weights.most);
    let plain = lift(weights, naive.min(observed * 4.0), expected, weights.mix_money, weights.most).max(size);
    let best = runs.iter().max_by(|a, b| {
        (a.0.weight * a.1.weight)
            .total_cmp(&(b.0.weight * b.1.weight))
            .then(b.0.steps[0].tie.cmp(&a.0.steps[0].tie))
    });
    let Some((run, near)) = best else { return };
    let mut factor = Found::new("money_chain", plain, says(scope, run, runs.len()));
    let mut kept: Vec<&(&Run, &Near)> = runs.iter().collect();
    kept.sort_by(|a, b| (b.0.weight * b.1.weight).total_cmp(&(a.0.weight * a.1.weight)));
    for (run, near) in kept.iter().take(12) {
        factor.ties.extend(run.steps.iter().map(|step| step.tie));
        factor.context.extend(run.steps.iter().flat_map(|step| step.holders.iter().copied()));
        factor.context.extend(way_ties(near));
        factor.context.extend(scope.side.hold(run.payer).iter().flat_map(|hold| hold.ties.iter().copied()));
    }
    factor.inferred = near.inferred || scope.side.hold(run.payer).is_some_and(|hold| hold.inferred);
    findings.trails.extend(kept.iter().take(4).map(|(run, near)| way(scope, official, run, near)));
    findings.factors.push(factor);
    if plain - size > 0.05 {
        hub(scope, runs, size - plain, findings);
    }
}

/// The sum over paths of their runs, each path times the root of its number of runs.
fn repeated(runs: &[(&Run, &Near)], weight: impl Fn(&Run) -> f64) -> f64 {
    let mut paths: BTreeMap<Vec<NodeIx>, (f64, u32)> = BTreeMap::new();
    for (run, near) in runs {
        let path = std::iter::once(run.payer).chain(run.steps.iter().map(|step| step.to)).collect();
        let entry = paths.entry(path).or_default();
        let size = weight(run) * near.weight;
        // Repeats say much of a chain and nothing of a wage.
        *entry = if run.steps.len() > 1 { (entry.0 + size, entry.1 + 1) } else { (entry.0.max(size), 1) };
    }
    paths.values().map(|(sum, count)| sum * libm::sqrt(f64::from((*count).max(1)))).sum()
}

/// What the narrowness of the go-betweens takes away again.
fn hub(scope: &Scope<'_>, runs: &[(&Run, &Near)], size: f64, findings: &mut super::found::Findings) {
    let between = runs.iter().flat_map(|(run, _)| run.steps.iter().take(run.steps.len() - 1));
    let busiest = between
        .map(|step| (scope.ball.degree(step.to, crate::model::Layer::Money), step.to))
        .max_by_key(|&(degree, node)| (degree, std::cmp::Reverse(node)));
    let Some((degree, hub)) = busiest else { return };
    let counted: Vec<TieIx> =
        findings.factors.iter().flat_map(|factor| factor.ties.iter().copied()).collect();
    let others = scope.ball.ties(hub, &[TieType::Payment]).map(|tie| tie.ix());
    let says = Message::new("umbrella-hub").text("hub", scope.name(hub)).count("ties", degree as usize);
    let mut found = Found::new("hub", size, says);
    found.ties = others.filter(|tie| !counted.contains(tie)).take(5).collect();
    if found.ties.is_empty() {
        // Nothing else is known of him: the go-between has no other business to be put down to.
        if let Some(factor) = findings.factors.iter_mut().rev().find(|f| f.factor == "money_chain") {
            factor.size += size;
        }
        return;
    }
    findings.factors.push(found);
}

fn way(scope: &Scope<'_>, official: NodeIx, run: &Run, near: &Near) -> super::found::Trail {
    let mut then: Vec<(NodeIx, Option<TieIx>)> = Vec::new();
    for (at, step) in run.steps.iter().enumerate().rev() {
        let node = if at == 0 { run.payer } else { run.steps[at - 1].to };
        then.push((node, Some(step.tie)));
    }
    if run.payer != scope.side.gang {
        let hold = scope.side.hold(run.payer);
        then.push((scope.side.gang, hold.and_then(|hold| hold.ties.last().copied())));
    }
    trail(official, near, &then)
}

fn says(scope: &Scope<'_>, run: &Run, runs: usize) -> Message {
    let key = match run.steps.len() {
        1 => "umbrella-money-direct",
        _ => "umbrella-money-chain",
    };
    Message::new(key)
        .text("payer", scope.name(run.payer))
        .text("end", run.steps.last().map(|step| scope.name(step.to)).unwrap_or_default())
        .text("via", run.steps.first().map(|step| scope.name(step.to)).unwrap_or_default())
        .count("hops", run.steps.len().saturating_sub(1))
        .count("runs", runs)
}
