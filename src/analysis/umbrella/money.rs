//! `money_chain`: money that goes from the gang over quiet go-betweens to the official's circle.
//!
//! Runs ([`super::runs`]) that end in a circle are set against all runs of the gang, times the share
//! of payments that the circle receives anyhow.
//! Repeats of one path count for more than as many single runs. Direct wages and rents say almost
//! nothing; a way through a hub is put down to the hub.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::circle::{Circle, Near};
use super::circles::Circles;
use super::flows::{Flow, business, received};
use super::found::{ByOfficial, Findings, Found, Scope, close, lift, trail, way_ties};
use super::runs::{Run, Traced};
use super::shared::Shared;
use super::side::Hold;
use crate::model::{Amount, Arg, Date, Message, TieType};
use crate::network::{NodeIx, TieIx};

/// Runs whose rows are cited, at most, those of the strongest chain first.
const MOST_SHOWN: usize = 12;

/// Looks at every circle that the gang's money came to.
pub(super) fn find(scope: &Scope<'_>, circles: &Circles<'_>, traced: &Traced, found: &mut ByOfficial) {
    circles.read_about(traced.ends.keys().copied());
    let mut by_circle: BTreeMap<usize, Vec<(&Run, &Near)>> = BTreeMap::new();
    for (end, runs) in &traced.ends {
        for (at, near) in circles.near_asked(*end) {
            by_circle.entry(at).or_default().extend(runs.iter().map(|run| (run, near)));
        }
    }
    let payments = (scope.globals.ties_of(TieType::Payment) + scope.globals.ties_of(TieType::Gift)).max(1.0);
    let received = Received::of(scope, by_circle.keys().map(|&at| circles.at(at)));
    let judge = |(at, runs, mut findings): (usize, Vec<(&Run, &Near)>, Findings)| {
        let circle = circles.at(at);
        let received = received.by(circle);
        // What is handed on within the circle came once: it makes neither money nor chance more.
        let (again, handed) = handed_on(circle, &runs);
        let usual = (received - handed).max(0.0) / payments;
        let expected = (traced.total - again).max(0.0) * usual;
        let chance =
            Chance { usual, expected: expected.max(LEAST_EXPECTED), told: expected > LEAST_EXPECTED };
        let runs = each_once(circle, runs);
        let mut shared = Shared::of(circles, at);
        let falls = report(scope, circle, &runs, chance, &mut shared, &mut findings);
        shared.tell(scope, falls, &mut findings);
        (circle.official, findings)
    };
    let asked = by_circle.into_iter().map(|(at, runs)| {
        let known = found.remove(&circles.at(at).official);
        (at, runs, known.unwrap_or_default())
    });
    let judged: Vec<(NodeIx, Findings)> = asked.collect::<Vec<_>>().into_par_iter().map(judge).collect();
    found.extend(judged);
}

/// How many payments everybody of some circles received.
struct Received {
    /// In order, each once: circles of one family have the same people.
    of: Vec<(NodeIx, usize)>,
}

impl Received {
    fn of<'c>(scope: &Scope<'_>, circles: impl Iterator<Item = &'c Circle>) -> Self {
        let mut people: Vec<NodeIx> = circles.flat_map(|circle| circle.near.nodes()).collect();
        people.sort_unstable();
        people.dedup();
        Self { of: people.into_par_iter().map(|node| (node, received(scope.ball, node))).collect() }
    }

    /// What a circle received, each person's as far as he is near.
    fn by(&self, circle: &Circle) -> f64 {
        let of = |node: &NodeIx| self.of.binary_search_by_key(node, |(own, _)| *own).ok();
        let received = |node: &NodeIx| of(node).map_or(0, |at| self.of[at].1) as f64;
        circle.near.iter().map(|(node, near)| near.nominal * (received(node) + 0.2)).sum()
    }
}

/// Where a run came into the circle: the place of that payment in it.
fn entered(circle: &Circle, run: &Run) -> usize {
    let at = run.steps.iter().position(|step| circle.near.contains_key(&step.to));
    at.unwrap_or(run.steps.len().saturating_sub(1))
}

/// What runs that go on within the circle add to the weight of all runs, and to what the circle receives.
fn handed_on(circle: &Circle, runs: &[(&Run, &Near)]) -> (f64, f64) {
    let onward = || runs.iter().filter(|(run, _)| entered(circle, run) + 1 < run.steps.len());
    let again = onward().map(|(run, _)| run.chance).sum();
    let last = onward().filter_map(|(run, near)| run.steps.last().map(|step| (step.tie, near.nominal)));
    let handed: BTreeMap<TieIx, f64> = last.collect();
    (again, handed.values().sum())
}

/// What came into the circle by some payments, once: what an in-law had and what he handed on to the wife is one.
struct Came<'a> {
    /// The run that went on furthest, and how near the end of it is.
    run: &'a Run,
    near: &'a Near,
    /// What the one that says most says, by how near its end is; and were all go-betweens quiet.
    weight: f64,
    naive: f64,
}

fn each_once<'a>(circle: &Circle, runs: Vec<(&'a Run, &'a Near)>) -> Vec<Came<'a>> {
    let mut came: BTreeMap<Vec<TieIx>, Came<'a>> = BTreeMap::new();
    for (run, near) in runs {
        let (weight, naive) = (run.weight * near.weight, run.naive * near.weight);
        let way = run.steps.iter().take(entered(circle, run) + 1).map(|step| step.tie).collect();
        let kept = came.entry(way).or_insert(Came { run, near, weight, naive });
        (kept.weight, kept.naive) = (kept.weight.max(weight), kept.naive.max(naive));
        if run.steps.len() > kept.run.steps.len() {
            (kept.run, kept.near) = (run, near);
        }
    }
    came.into_values().collect()
}

/// What came into the circle over the same nodes, that first which went on furthest within it.
struct Chain<'c, 'a> {
    came: Vec<&'c Came<'a>>,
}

impl<'c, 'a> Chain<'c, 'a> {
    /// By the nodes by which it came into the circle, in order.
    fn of(circle: &Circle, all: &'c [Came<'a>]) -> Vec<Self> {
        let mut chains: BTreeMap<Vec<NodeIx>, Self> = BTreeMap::new();
        for came in all {
            let way = came.run.nodes().into_iter().take(entered(circle, came.run) + 2).collect();
            chains.entry(way).or_insert_with(|| Self { came: Vec::new() }).came.push(came);
        }
        for chain in chains.values_mut() {
            chain.came.sort_by_key(|came| std::cmp::Reverse(came.run.steps.len()));
        }
        chains.into_values().collect()
    }

    /// The sum of what came times the root of how often: repeats say much of a chain and nothing
    /// of a wage.
    fn size(&self, weight: impl Fn(&Came<'_>) -> f64) -> f64 {
        let sizes = self.came.iter().map(|came| weight(came));
        if self.came.iter().any(|came| came.run.steps.len() > 1) {
            sizes.sum::<f64>() * libm::sqrt(self.came.len() as f64)
        } else {
            sizes.fold(0.0, f64::max)
        }
    }
}

/// What would come into a circle anyhow.
#[derive(Clone, Copy)]
struct Chance {
    /// The share of all payments that it receives.
    usual: f64,
    /// That share of the gang's runs, by weight; [`LEAST_EXPECTED`] at least.
    expected: f64,
    /// Whether it is more than that least.
    told: bool,
}

/// What is expected of chance at least: a file is never so full that it may be ruled out. A stated judgement.
const LEAST_EXPECTED: f64 = 0.02;

/// Up to so many times what chance brings is told as hardly more than it. A stated judgement; it changes no score.
const HARDLY: f64 = 2.0;

/// Turns the runs into one official's circle into a factor, and what is put down to a hub into another;
/// gives what falls to others who are as near.
fn report(
    scope: &Scope<'_>,
    circle: &Circle,
    all: &[Came<'_>],
    chance: Chance,
    shared: &mut Shared<'_>,
    findings: &mut Findings,
) -> f64 {
    let weights = scope.weights;
    let chains = Chain::of(circle, all);
    let end = |chain: &Chain<'_, '_>| chain.came.first()?.run.steps.last().map(|step| step.to);
    let own = |chain: &Chain<'_, '_>| {
        end(chain).map_or(1.0, |end| shared.part(end)) * chain.size(|came| came.weight)
    };
    let own: f64 = chains.iter().map(own).sum();
    let observed: f64 = chains.iter().map(|chain| chain.size(|came| came.weight)).sum();
    let naive: f64 = chains.iter().map(|chain| chain.size(|came| came.naive)).sum();
    let counted =
        |sum: f64| lift(weights, ("money_chain", weights.most), sum, chance.expected, weights.mix_money);
    let size = counted(observed);
    let falls = counted(own) - size;
    let plain = counted(naive.min(observed * 4.0)).max(size);
    let by_size = |a: &&Chain<'_, '_>, b: &&Chain<'_, '_>| {
        let (one, other) = (a.size(|came| came.weight), b.size(|came| came.weight));
        one.total_cmp(&other).then(b.came.len().cmp(&a.came.len()))
    };
    // The first of equals: chains are in the order of their nodes.
    let Some(told) = chains.iter().rev().max_by(by_size) else { return 0.0 };
    let Some(Came { run, near, .. }) = told.came.first() else { return 0.0 };
    let by_chance = (chance.told && observed < HARDLY * chance.expected).then_some(chance.usual.min(1.0));
    let says = says(scope, circle, told, all)
        .count("chance", usize::from(by_chance.is_some()))
        .with("usual", Arg::Share(by_chance.unwrap_or_default()));
    let mut factor = Found::new("money_chain", plain, says);
    let mut kept: Vec<&Came<'_>> = all.iter().collect();
    kept.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let first = told.came.iter().chain(&kept);
    for Came { run, near, .. } in first.take(MOST_SHOWN) {
        factor.ties.extend(run.steps.iter().map(|step| step.tie));
        factor.context.extend(run.steps.iter().flat_map(|step| step.holders.iter().copied().flatten()));
        factor.context.extend(way_ties(near));
        let holds = run.nodes().into_iter().filter_map(|node| scope.side.hold(node));
        factor.context.extend(holds.flat_map(|hold| hold.ties.iter().copied()));
    }
    factor.inferred = near.inferred || scope.side.hold(run.source).is_some_and(Hold::inferred);
    findings.trails.extend(kept.iter().take(4).map(|came| way(scope, circle.official, came.run, came.near)));
    findings.factors.push(factor);
    if plain - size > 0.05 {
        hub(scope, all, size - plain, findings);
    }
    falls
}

/// What the narrowness of the go-betweens takes away again.
fn hub(scope: &Scope<'_>, all: &[Came<'_>], size: f64, findings: &mut Findings) {
    let between = all.iter().flat_map(|came| came.run.steps.iter().take(came.run.steps.len() - 1));
    let busiest = between
        .map(|step| (business(scope.ball, step.to), step.to))
        .max_by_key(|&(degree, node)| (degree, std::cmp::Reverse(node)));
    let Some((degree, hub)) = busiest else { return };
    let counted: Vec<TieIx> =
        findings.factors.iter().flat_map(|factor| factor.ties.iter().copied()).collect();
    let others = scope.ball.ties(hub, &[TieType::Payment]).map(|tie| tie.ix());
    let says = Message::new("umbrella-hub").text("hub", scope.name(hub)).count("ties", degree as usize);
    let mut found = Found::new("hub", size, says);
    found.ties = others.filter(|tie| !counted.contains(tie)).take(5).collect();
    if found.ties.is_empty() || f64::from(degree) < scope.weights.hub_ties {
        // No hub: the go-between has little other business to be put down to.
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
        then.extend(super::found::to_gang(scope, run.payer));
    }
    trail(official, near, &then)
}

/// A chain hop by hop, and what all runs to the same hands come to.
fn says(scope: &Scope<'_>, circle: &Circle, chain: &Chain<'_, '_>, all: &[Came<'_>]) -> Message {
    let Some(Came { run, near, .. }) = chain.came.first() else {
        return Message::new("umbrella-money-direct");
    };
    let key = if run.steps.len() == 1 { "umbrella-money-direct" } else { "umbrella-money-chain" };
    let hops = (0..run.steps.len()).map(|at| hop(scope, chain, run, at)).collect();
    // What reached somebody else of the circle, or came without a go-between, is told apart.
    let (along, aside): (Vec<&Run>, Vec<&Run>) =
        all.iter().map(|came| came.run).partition(|other| is_along(circle, other, run));
    let arrived = Sum::of(scope, along.iter().filter_map(|run| entry(circle, run)));
    let others = aside.iter().filter_map(|run| entry(circle, run));
    let besides = Sum::of(scope, others.filter(|flow| !arrived.ties.contains(&flow.tie)));
    let ways = along.iter().map(|run| run.nodes().into_iter().take(entered(circle, run) + 2));
    let ways: BTreeSet<Vec<NodeIx>> = ways.map(Iterator::collect).collect();
    let hands = run.steps.get(entered(circle, run)).map(|step| scope.name(step.to)).unwrap_or_default();
    Message::new(key)
        .with("hops", Arg::List(hops))
        .with(
            "end",
            Arg::List(run.steps.last().map(|step| close(scope, step.to, near)).into_iter().collect()),
        )
        .count("runs", along.len())
        .count("ways", ways.len())
        .count("known", usize::from(arrived.amount.is_some()))
        .with("total", arrived.arg())
        .text("hands", hands)
        .count("besides", usize::from(!besides.ties.is_empty() && besides.amount.is_some()))
        .with("more", besides.arg())
}

/// Whether a run is told with another: over go-betweens, or not, into the same hands.
fn is_along(circle: &Circle, run: &Run, other: &Run) -> bool {
    let into = |run: &Run| {
        let at = entered(circle, run);
        (run.steps.get(at).map(|step| step.to), at == 0)
    };
    into(run) == into(other)
}

/// The payment by which a run came into the circle: what went from hand to hand within it came once.
fn entry<'a>(circle: &Circle, run: &'a Run) -> Option<&'a Flow> {
    run.steps.iter().find(|step| circle.near.contains_key(&step.to))
}

/// One hop of a chain: who paid whom how much, in how many payments, and when.
fn hop(scope: &Scope<'_>, chain: &Chain<'_, '_>, run: &Run, at: usize) -> Message {
    let from = if at == 0 { run.payer } else { run.steps[at - 1].to };
    let to = run.steps.get(at).map(|step| step.to);
    let steps = chain.came.iter().filter_map(|came| came.run.steps.get(at));
    let sum = Sum::of(scope, steps.filter(|step| Some(step.to) == to));
    let message = Message::new("umbrella-money-hop")
        .text("from", scope.name(from))
        .text("to", run.steps.get(at).map(|step| scope.name(step.to)).unwrap_or_default())
        .count("payments", sum.ties.len())
        .count("known", usize::from(sum.amount.is_some()))
        .with("amount", sum.arg());
    match sum.days {
        None => message.count("days", 0).text("first", "").text("last", ""),
        Some((first, last)) => message
            .count("days", if first == last { 1 } else { 2 })
            .with("first", Arg::Date(first))
            .with("last", Arg::Date(last)),
    }
}

/// What some payments come to, each once.
struct Sum<'a> {
    ties: BTreeSet<TieIx>,
    /// `None` where one of them has no amount, or where they are in several currencies.
    amount: Option<Amount>,
    currency: &'a str,
    days: Option<(Date, Date)>,
}

impl<'a> Sum<'a> {
    fn of<'f>(scope: &Scope<'a>, flows: impl Iterator<Item = &'f Flow>) -> Self {
        let ties: BTreeSet<TieIx> = flows.map(|flow| flow.tie).collect();
        let paid = || ties.iter().map(|&tie| scope.tie(tie));
        let currency = paid().map(|tie| tie.currency()).next().unwrap_or("CNY");
        let amounts: Option<Vec<f64>> =
            paid().map(|tie| tie.amount().filter(|_| tie.currency() == currency)).collect();
        let amount = amounts.and_then(|all| format!("{:.2}", all.iter().sum::<f64>()).parse().ok());
        let mut days: Vec<Date> = paid().filter_map(|tie| tie.start()).collect();
        days.sort();
        let days = days.first().copied().zip(days.last().copied());
        Self { ties, amount, currency, days }
    }

    fn arg(&self) -> Arg {
        self.amount.map_or(Arg::Text(String::new()), |amount| Arg::Money(amount, self.currency.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Town;
    use super::super::tests::{outcome, pair};
    use super::super::towns::quiet;
    use crate::messages::{Catalogue, Lang};
    use crate::model::{Kind, Table, TieType};

    /// Three rounds over a go-between to the wife, and a gift to the brother.
    fn town() -> Town {
        let mut town = quiet();
        town.entity("between", Kind::Company, Table::Organisations, &[]);
        town.add(TieType::Family, "o20", "p50", &[("role", "spouse")]);
        town.add(TieType::Family, "o20", "p51", &[("role", "sibling")]);
        for month in 1..=3 {
            let (first, second) = (format!("2019-0{month}-05"), format!("2019-0{month}-09"));
            town.add(TieType::Payment, "c-g1", "between", &[("amount", "200000"), ("start", &first)]);
            town.add(TieType::Payment, "between", "p50", &[("amount", "170000"), ("start", &second)]);
        }
        town.add(TieType::Gift, "m-g1-0", "p51", &[("amount", "28000"), ("start", "2019-06-01")]);
        town
    }

    #[test]
    fn what_came_in_by_the_chain_is_told_apart_from_a_gift_to_another() {
        let outcome = outcome(&town());
        let factors = &pair(&outcome, "o20", "g1").unwrap().factors;
        let says = &factors.iter().find(|factor| factor.factor == "money_chain").unwrap().says;
        let en = Catalogue::new(Lang::En).say(says);
        assert!(en.contains("3 runs; CNY 510,000 reached name of p50 that way. Besides, CNY 28,000"), "{en}");
        let zh = Catalogue::new(Lang::Zh).say(says);
        assert!(zh.contains("接成3趟，由此到name of p50手中共51万元。另有2.8万元"), "{zh}");
    }

    /// What the factor of money says of the wife of `o20` when a company that the gang's front pays is said
    /// to be the gang's, too: its size, and the sentence.
    fn told(control: Option<&str>) -> (f64, String) {
        let mut town = town();
        if let Some(status) = control {
            town.add(TieType::Controls, "g1", "between", &[("status", status)]);
        }
        let outcome = outcome(&town);
        let factors = &pair(&outcome, "o20", "g1").unwrap().factors;
        let factor = factors.iter().find(|factor| factor.factor == "money_chain").unwrap();
        (factor.log_odds, Catalogue::new(Lang::En).say(&factor.says))
    }

    #[test]
    fn what_is_only_suspected_to_be_the_gangs_cuts_no_chain_and_counts_it_once() {
        let ((plain, _), (suspected, says)) = (told(None), told(Some("suspected")));
        let (stated, short) = told(Some("confirmed"));
        assert!(says.contains("name of c-g1 → name of between CNY 600,000 in 3 payments"), "{says}");
        assert!(says.contains("3 runs; CNY 510,000 reached name of p50 that way"), "{says}");
        assert!(
            !short.contains("→ name of between"),
            "a chain begins where the gang's own company is: {short}"
        );
        assert!(plain <= suspected, "{plain} {suspected}: suspicion of a go-between takes nothing away");
        let (refuted, says) = told(Some("refuted"));
        assert!(says.contains("name of c-g1 → name of between"), "{says}");
        assert!(refuted <= suspected && stated > 0.0, "{refuted} {suspected} {stated}");
    }

    #[test]
    fn what_is_handed_on_takes_nothing_away_and_is_told_with_the_rest() {
        let told = |handed_on: bool| {
            let mut town = town();
            town.add(TieType::Family, "p50", "p52", &[("role", "child")]);
            if handed_on {
                town.add(TieType::Payment, "p50", "p52", &[("amount", "150000"), ("start", "2019-03-15")]);
            }
            let outcome = outcome(&town);
            let factors = &pair(&outcome, "o20", "g1").unwrap().factors;
            let money = factors.iter().find(|factor| factor.factor == "money_chain").unwrap();
            (money.log_odds, Catalogue::new(Lang::En).say(&money.says))
        };
        let ((before, says), (after, with)) = (told(false), told(true));
        for says in [&says, &with] {
            assert!(says.contains("3 runs; CNY 510,000 reached name of p50"), "{says}");
        }
        assert!(with.contains("name of p50 → name of p52 CNY 150,000"), "{with}");
        assert!(after >= before - 1e-9, "{after} {before}");
    }

    #[test]
    fn a_chain_is_told_as_far_as_it_went() {
        let mut town = town();
        for month in 1..=3 {
            let third = format!("2019-0{month}-15");
            town.add(TieType::Payment, "p50", "o20", &[("amount", "150000"), ("start", &third)]);
        }
        let outcome = outcome(&town);
        let factors = &pair(&outcome, "o20", "g1").unwrap().factors;
        let money = factors.iter().find(|factor| factor.factor == "money_chain").unwrap();
        let says = Catalogue::new(Lang::En).say(&money.says);
        assert!(says.contains("name of p50 → name of o20 CNY 450,000 in 3 payments"), "{says}");
    }
}
