//! The figures of one ranking of one city.

use std::collections::BTreeMap;

use super::{Judged, Judgement, Share};

/// The bins of the reliability table, over pairs scored at least the first bound.
pub const BINS: [f64; 7] = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0];

/// One bin of a reliability table.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// Pairs in it.
    pub pairs: u64,
    /// Their scores added up.
    pub said: f64,
    /// How many are true.
    pub so: u64,
}

impl Bin {
    /// What was said of its pairs, on average; `None` without any.
    pub fn mean_said(self) -> Option<f64> {
        (self.pairs > 0).then(|| self.said / self.pairs as f64)
    }

    /// How many of its pairs are true.
    pub fn truths(self) -> Share {
        Share { part: self.so as f64, all: self.pairs }
    }
}

/// How good a ranking of one city is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// All pairs of an official and a gang.
    pub pairs: u64,
    /// Those with an umbrella.
    pub truths: u64,
    /// Innocent ones that look bad.
    pub decoys: u64,
    /// Average precision, by expectation over equal scores; `None` without true pairs.
    pub average_precision: Option<f64>,
    /// Share of true pairs among the first k, k being their number, by expectation over equal scores.
    pub precision: Option<f64>,
    /// Share of decoys among the first k, likewise.
    pub decoys_in_top: Option<f64>,
    /// Share of the true pairs that are over the line; this and what follows `None` for a ranking whose
    /// scores are no probabilities.
    pub recall: Option<f64>,
    /// Pairs over the line, and how many of them are not true.
    pub over_line: Option<[u64; 2]>,
    /// Mean squared error over all pairs.
    pub brier: Option<f64>,
    /// One less the Brier score over that of always saying the base rate; `None` without true pairs.
    pub brier_skill: Option<f64>,
    /// Pairs with q at most 0.1; how many of them are not true; how many of those are decoys. `None` for a
    /// ranking without q.
    pub discoveries: Option<[u64; 3]>,
    /// By mechanism: true pairs that have it, and how many of them are among the first k.
    pub mechanisms: BTreeMap<String, (u64, f64)>,
    /// The reliability table.
    pub reliability: [Bin; BINS.len() - 1],
}

/// A run of equal scores: listed pairs, or all that are not listed.
struct Run<'a> {
    listed: &'a [Judgement],
    all: u64,
    truths: u64,
    decoys: u64,
}

/// The figures of a ranking. Cost: one pass over its pairs, and over those it leaves out.
pub fn figures(judged: &Judged) -> Figures {
    let runs = runs(judged);
    let truths: u64 = runs.iter().map(|run| run.truths).sum();
    let decoys: u64 = runs.iter().map(|run| run.decoys).sum();
    let mut figures = Figures { pairs: judged.pairs, truths, decoys, ..Figures::default() };
    let (precision, decoys_in_top) = top(&runs, truths, &mut figures.mechanisms);
    for missed in judged.missed.iter().flatten() {
        figures.mechanisms.entry(missed.clone()).or_default().0 += 1;
    }
    let some = |value: f64| (truths > 0).then_some(value);
    figures.average_precision = some(average_precision(&runs, truths));
    (figures.precision, figures.decoys_in_top) = (some(precision), some(decoys_in_top));
    if judged.probable {
        over_line(judged, &mut figures);
        errors(judged, &mut figures);
    }
    figures
}

/// Equal scores together, the highest first; last what is not listed, with whatever is scored 0.
fn runs(judged: &Judged) -> Vec<Run<'_>> {
    let count =
        |of: &[Judgement], is_so: fn(&Judgement) -> bool| of.iter().filter(|j| is_so(j)).count() as u64;
    let mut runs: Vec<Run<'_>> = judged
        .listed
        .chunk_by(|a, b| a.score == b.score)
        .map(|listed| Run {
            listed,
            all: listed.len() as u64,
            truths: count(listed, |j| j.known.is_true()),
            decoys: count(listed, |j| j.known.decoy.is_some()),
        })
        .collect();
    let rest = judged.pairs - judged.listed.len() as u64;
    let [truths, decoys] = judged.unlisted;
    match runs.last_mut().filter(|run| run.listed.first().is_some_and(|j| j.score == 0.0)) {
        Some(zero) => {
            (zero.all, zero.truths, zero.decoys) =
                (zero.all + rest, zero.truths + truths, zero.decoys + decoys);
        }
        None => runs.push(Run { listed: &[], all: rest, truths, decoys }),
    }
    runs
}

/// The mean over true pairs of the precision down to each, where equal scores stand in any order
/// with the same chance. (McSherry and Najork, ECIR 2008.)
fn average_precision(runs: &[Run<'_>], truths: u64) -> f64 {
    let (mut before, mut found, mut sum) = (0.0, 0.0, 0.0);
    for run in runs {
        let (all, so) = (run.all as f64, run.truths as f64);
        if run.truths > 0 {
            let others = if run.all > 1 { (so - 1.0) / (all - 1.0) } else { 0.0 };
            for at in 0..run.all {
                let at = at as f64;
                sum += so / all * (found + 1.0 + at * others) / (before + at + 1.0);
            }
        }
        before += all;
        found += so;
    }
    sum / (truths.max(1)) as f64
}

/// True pairs and decoys among the first `k`, as shares; and how much of each mechanism is there.
fn top(runs: &[Run<'_>], k: u64, mechanisms: &mut BTreeMap<String, (u64, f64)>) -> (f64, f64) {
    let (mut left, mut truths, mut decoys) = (k, 0.0, 0.0);
    for run in runs {
        let taken = run.all.min(left);
        let share = if run.all > 0 { taken as f64 / run.all as f64 } else { 0.0 };
        truths += share * run.truths as f64;
        decoys += share * run.decoys as f64;
        for mechanism in run.listed.iter().flat_map(|judgement| &judgement.known.mechanisms) {
            let entry = mechanisms.entry(mechanism.clone()).or_default();
            *entry = (entry.0 + 1, entry.1 + share);
        }
        left -= taken;
    }
    let k = k.max(1) as f64;
    (truths / k, decoys / k)
}

fn over_line(judged: &Judged, figures: &mut Figures) {
    let (mut over, mut found) = ([0, 0], [0, 0, 0]);
    for one in &judged.listed {
        let so = one.known.is_true();
        if one.over_line {
            over = [over[0] + 1, over[1] + u64::from(!so)];
        }
        if one.q_value.is_some_and(|q| q <= 0.1) {
            let decoy = u64::from(!so && one.known.decoy.is_some());
            found = [found[0] + 1, found[1] + u64::from(!so), found[2] + decoy];
        }
    }
    figures.over_line = Some(over);
    figures.discoveries = judged.with_q.then_some(found);
    figures.recall = (figures.truths > 0).then(|| (over[0] - over[1]) as f64 / figures.truths as f64);
}

fn errors(judged: &Judged, figures: &mut Figures) {
    let mut sum = judged.unlisted[0] as f64;
    for one in &judged.listed {
        let so = one.known.is_true();
        let error = one.score - f64::from(u8::from(so));
        sum += error * error;
        let bin = BINS.windows(2).position(|bounds| {
            one.score >= bounds[0] && (one.score < bounds[1] || bounds[1] >= 1.0 && one.score <= 1.0)
        });
        if let Some(bin) = bin {
            let bin = &mut figures.reliability[bin];
            *bin = Bin { pairs: bin.pairs + 1, said: bin.said + one.score, so: bin.so + u64::from(so) };
        }
    }
    let pairs = judged.pairs.max(1) as f64;
    let base = figures.truths as f64 / pairs;
    figures.brier = Some(sum / pairs);
    figures.brier_skill = (figures.truths > 0).then(|| 1.0 - sum / pairs / (base * (1.0 - base)));
}

#[cfg(test)]
mod tests {
    use super::super::{Known, Scored, Truth, judge};
    use super::*;
    use crate::model::Id;

    fn ranking(scores: &[f64]) -> Vec<Scored> {
        let one = |(at, score): (usize, &f64)| Scored {
            official: Id::from(format!("o{at}")),
            gang: Id::from("g"),
            score: *score,
            over_line: *score >= 0.5,
            q_value: Some(1.0 - score),
        };
        scores.iter().enumerate().map(one).collect()
    }

    /// Truth: pairs at these places are true, those at those are decoys.
    fn truth(yes: &[usize], decoys: &[usize]) -> Truth {
        let key = |at: &usize| (Id::from(format!("o{at}")), Id::from("g"));
        let so = Known { mechanisms: vec!["kin_front".into()], decoy: None };
        let not = Known { mechanisms: vec![], decoy: Some("hub".into()) };
        let yes = yes.iter().map(|at| (key(at), so.clone()));
        yes.chain(decoys.iter().map(|at| (key(at), not.clone()))).collect()
    }

    #[test]
    fn figures_of_a_small_ranking_by_hand() {
        // True: first, third, and one that is not listed. Decoy: the second.
        let judged = judge(&truth(&[0, 2, 9], &[1]), &ranking(&[0.9, 0.8, 0.7, 0.1]), 10);
        let figures = figures(&judged);
        assert_eq!((figures.pairs, figures.truths, figures.decoys), (10, 3, 1));
        assert_eq!(figures.precision, Some(2.0 / 3.0));
        assert_eq!(figures.decoys_in_top, Some(1.0 / 3.0));
        assert_eq!((figures.recall, figures.over_line), (Some(2.0 / 3.0), Some([3, 1])));
        assert_eq!(figures.discoveries, Some([1, 0, 0]));
        assert_eq!(figures.mechanisms["kin_front"], (3, 2.0));
        // The unlisted true pair stands anywhere in places 5 to 10.
        let last: f64 = (5..=10).map(|at| 3.0 / f64::from(at)).sum::<f64>() / 6.0;
        let wanted = (1.0 + 2.0 / 3.0 + last) / 3.0;
        assert!((figures.average_precision.unwrap() - wanted).abs() < 1e-12);
        let brier = (0.01 + 0.64 + 0.09 + 0.01 + 1.0) / 10.0;
        assert!((figures.brier.unwrap() - brier).abs() < 1e-12);
        assert!((figures.brier_skill.unwrap() - (1.0 - brier / 0.21)).abs() < 1e-12);
        let bins: Vec<u64> = figures.reliability.iter().map(|bin| bin.pairs).collect();
        assert_eq!(bins, [0, 1, 0, 0, 1, 2]);
    }

    /// All orders of equal scores, each as likely: the plain twin.
    fn plain(scores: &[u8], truths: &[bool]) -> f64 {
        fn orders(left: Vec<usize>, done: Vec<usize>, scores: &[u8], all: &mut Vec<Vec<usize>>) {
            let Some(best) = left.iter().map(|&at| scores[at]).max() else { return all.push(done) };
            for &at in left.iter().filter(|&&at| scores[at] == best) {
                let rest = left.iter().copied().filter(|&other| other != at).collect();
                orders(rest, [done.clone(), vec![at]].concat(), scores, all);
            }
        }
        let mut all = Vec::new();
        orders((0..scores.len()).collect(), vec![], scores, &mut all);
        let k = truths.iter().filter(|so| **so).count() as f64;
        let one = |order: &Vec<usize>| {
            let (mut found, mut sum) = (0.0, 0.0);
            for (at, place) in order.iter().enumerate() {
                if truths[*place] {
                    found += 1.0;
                    sum += found / (at + 1) as f64;
                }
            }
            sum / k
        };
        all.iter().map(one).sum::<f64>() / all.len() as f64
    }

    proptest::proptest! {
        #[test]
        fn average_precision_is_the_mean_over_all_orders_of_equal_scores(
            scores in proptest::collection::vec(0_u8..3, 1..7),
            bits in 1_usize..64,
        ) {
            let so: Vec<bool> = (0..scores.len()).map(|at| bits >> at & 1 == 1).collect();
            proptest::prop_assume!(so.iter().any(|so| *so));
            let yes: Vec<usize> = (0..so.len()).filter(|&at| so[at]).collect();
            let list = ranking(&scores.iter().map(|score| f64::from(*score) / 4.0).collect::<Vec<_>>());
            let found = figures(&judge(&truth(&yes, &[]), &list, scores.len() as u64));
            proptest::prop_assert!((found.average_precision.unwrap() - plain(&scores, &so)).abs() < 1e-9);
        }
    }

    #[test]
    fn a_pair_counts_once_and_an_empty_truth_has_no_precision() {
        let mut twice = ranking(&[0.9]);
        twice.extend(ranking(&[0.2]));
        let judged = judge(&Truth::new(), &twice, 4);
        let figures = figures(&judged);
        assert_eq!((figures.pairs, figures.average_precision, figures.recall), (4, None, None));
        assert_eq!(figures.over_line, Some([1, 1]));
        let counts = super::figures(&judge(&truth(&[0], &[]), &ranking(&[7.0, 3.0]), 4));
        assert_eq!((counts.average_precision, counts.brier, counts.over_line), (Some(1.0), None, None));
    }
}
