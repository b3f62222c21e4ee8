//! Sets the weights of the score together, on invented cities whose seeds are kept for fitting.
//!
//! `cargo run --release --example fit -- [FIRST] [COUNT]` makes COUNT cities from seed FIRST on (all styles in
//! turn; nothing, a quarter and half of the rows missing), scores them without gains and limits, and prints the
//! gains, the weight of silence and the calibration that fit best under the limits: what stands as "fitted" in
//! `src/analysis/umbrella/weights.rs`. A size under its limit is no multiple of its gain; so the fit is made again
//! from where the last one led, each time with what a little more gain would change, until it stays. Seeds from
//! 1001 on are for testing and are refused.

use std::io::Write;

use parasol::analysis::evaluate::Truth;
use parasol::analysis::evaluate::fit::{Before, Row, fit};
use parasol::analysis::umbrella::{Factor, GAINS, Pair, READINGS, Weights, calibrated_by, is_own};
use parasol::generate::{self, STYLES};
use parasol::tasks::evaluate::{TESTING, scored_city};

/// What is fitted first, in the order of the features; silence is the last.
const FITTED: [&str; 8] = [
    "gain_circle",
    "gain_case",
    "gain_raid",
    "gain_permit",
    "gain_sign",
    "gain_report",
    "gain_contact",
    "silence",
];
/// Shares of rows missing.
const MISSING: [f64; 3] = [0.0, 0.25, 0.5];
/// How strongly a gain is pulled towards 1: only some hundreds of true pairs outvote it.
const PULL: f64 = 100.0;
/// Calibration is fitted on pairs with so much evidence, those that may come to be said at all, of which so much
/// is about the official himself: others are held back by `alone`.
const CALIBRATED: [f64; 2] = [3.0, 1.0];
const ANY: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];

/// What a mechanism says together with these readings is held under its limit; other readings are taken from
/// what is left.
const SHARED: [&str; 7] =
    ["shared", "hub", "lenient_with_all", "light_office", "duty_contact", "familiar", "popular"];
/// Fits, each from the last, at most; and how far a gain may move in the last.
const ROUNDS: usize = 40;
const STAYS: f64 = 1e-3;

/// A pair before any gain and limit.
struct Sizes {
    prior: f64,
    /// What no weight touches (`refuted`, `recusal`).
    rest: f64,
    /// What its mechanisms say, each net of the readings in [`SHARED`].
    said: [f64; READINGS.len()],
    /// What else speaks of it, by [`FITTED`].
    more: [f64; FITTED.len()],
    /// What is about the official himself, with gains.
    own: f64,
    /// How complete the kinds of record are, added up.
    complete: f64,
    /// How much of the file is missing, from 0 to 1.
    missing: f64,
    is_true: bool,
}

impl Sizes {
    /// What each of [`FITTED`] says with these gains, and how much more it would with one more of each.
    fn with(&self, gains: &[f64]) -> [(f64, f64); FITTED.len()] {
        let weights = weights_of(gains);
        let mut all = std::array::from_fn(|at| (gains[at] * self.more[at], self.more[at]));
        for (&(mechanism, _), &size) in READINGS.iter().zip(&self.said) {
            let Some(at) = place(&weights, mechanism).filter(|_| size != 0.0) else { continue };
            let counted = |gain: f64| {
                let mut other = gains.to_vec();
                other[at] = gain;
                weights_of(&other).counted(mechanism, size, weights.most_of(mechanism))
            };
            let (now, little) = (counted(gains[at]), 1e-4);
            let (said, more): &mut (f64, f64) = &mut all[at];
            (*said, *more) = (*said + now, *more + (counted(gains[at] + little) - now) / little);
        }
        all
    }
}

/// The weights with these gains and this silence.
fn weights_of(gains: &[f64]) -> Weights {
    let at = |name: &str| FITTED.iter().position(|fitted| *fitted == name).and_then(|at| gains.get(at));
    let gain = |name: &str| at(name).copied().unwrap_or(1.0);
    Weights {
        gain_circle: gain("gain_circle"),
        gain_case: gain("gain_case"),
        gain_raid: gain("gain_raid"),
        gain_permit: gain("gain_permit"),
        gain_sign: gain("gain_sign"),
        gain_report: gain("gain_report"),
        gain_contact: gain("gain_contact"),
        ..Weights::default()
    }
}

/// Which of [`FITTED`] a factor is weighed by.
fn place(weights: &Weights, factor: &str) -> Option<usize> {
    let name = weights.gain(factor).map_or(factor, |(name, _)| name);
    FITTED.iter().position(|fitted| *fitted == name)
}

fn main() -> anyhow::Result<()> {
    let words: Vec<u64> = std::env::args().skip(1).map(|word| word.parse()).collect::<Result<_, _>>()?;
    let (first, count) = (words.first().copied().unwrap_or(1), words.get(1).copied().unwrap_or(60));
    anyhow::ensure!(first + count <= TESTING, "seeds from {TESTING} on are for testing");
    let plain = Weights::plain();
    let mut all = Vec::new();
    for (seed, style) in (first..first + count).zip(STYLES.iter().cycle()) {
        for missing in MISSING {
            let options = generate::Options { style, missing, ..generate::Options::new(6000, seed) };
            let (outcome, truth, seen) = scored_city(&options, &plain)?;
            all.extend(outcome.pairs.iter().map(|pair| sizes(pair, &truth, seen, &plain)));
        }
    }
    let fail = || anyhow::anyhow!("these cities cannot be fitted");
    let gains = gains(&all).ok_or_else(fail)?;
    let calibration = calibration(&all, &gains).ok_or_else(fail)?;
    let mut out = std::io::stdout().lock();
    for (name, gain) in FITTED.iter().zip(&gains) {
        writeln!(out, "{name} = {:.2}", if *name == "silence" { gain * plain.silence } else { *gain })?;
    }
    for (name, weight) in ["full", "thin", "more"].iter().zip(calibration) {
        writeln!(out, "calibration_{name} = {weight:.1}")?;
    }
    Ok(())
}

fn sizes(pair: &Pair, truth: &Truth, missing: f64, plain: &Weights) -> Sizes {
    let known = truth.get(&(pair.official.id.clone(), pair.gang.id.clone()));
    let mut row = Sizes {
        prior: 0.0,
        rest: 0.0,
        said: [0.0; READINGS.len()],
        more: [0.0; FITTED.len()],
        own: pair.factors.iter().filter(|factor| is_own(factor)).map(with_gain).sum(),
        complete: pair.coverage.iter().map(|(_, complete)| complete).sum(),
        missing,
        is_true: known.is_some_and(|known| known.is_true()),
    };
    for factor in &pair.factors {
        let (name, size) = (factor.factor, factor.log_odds);
        let said = READINGS.iter().position(|(mechanism, readings)| {
            *mechanism == name || SHARED.contains(&name) && readings.contains(&name)
        });
        match (said, place(plain, name)) {
            (Some(at), _) => row.said[at] += size,
            (None, Some(at)) => row.more[at] += size,
            _ if name == "prior" => row.prior += size,
            _ if matches!(name, "kin_cap" | "alone" | "ceiling" | "calibration") => {}
            _ => row.rest += size,
        }
    }
    row
}

fn with_gain(factor: &Factor) -> f64 {
    Weights::default().gain(factor.factor).map_or(1.0, |(_, gain)| gain) * factor.log_odds
}

/// The gains, beside what a constant and what is missing explain.
fn gains(all: &[Sizes]) -> Option<Vec<f64>> {
    let free = Before { weight: 0.0, pull: 1e-3, range: ANY };
    let gain = Before { weight: 1.0, pull: PULL, range: GAINS };
    let before: Vec<Before> = FITTED.iter().map(|_| gain).chain([free, free]).collect();
    let mut gains = vec![1.0; FITTED.len()];
    for _ in 0..ROUNDS {
        let row = |one: &Sizes| {
            let with = one.with(&gains);
            let said: f64 = with.iter().zip(&gains).map(|((said, more), gain)| said - gain * more).sum();
            Row {
                offset: one.prior + one.rest + said,
                features: with.iter().map(|(_, more)| *more).chain([1.0, one.missing]).collect(),
                is_true: one.is_true,
            }
        };
        let rows: Vec<Row> = all.iter().map(row).collect();
        let found = fit(&rows, &before)?;
        let moved = found.iter().zip(&gains).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        // Half the way, so that a limit is not stepped over.
        gains.iter_mut().zip(&found).for_each(|(gain, found)| *gain = 0.5 * (*gain + found));
        if moved < STAYS {
            break;
        }
    }
    Some(gains)
}

/// What is to be added with such gains, by how much evidence there is and how much is missing.
fn calibration(all: &[Sizes], gains: &[f64]) -> Option<Vec<f64>> {
    let weights = Weights::default();
    let silence = Weights::plain().silence * gains.last().copied().unwrap_or(1.0);
    let row = |one: &Sizes| {
        let evidence = one.rest + one.with(gains).iter().map(|(said, _)| said).sum::<f64>();
        let beyond = evidence + silence * one.complete;
        let features = calibrated_by(&weights, one.prior, beyond, one.missing).to_vec();
        (beyond >= CALIBRATED[0] && one.own >= CALIBRATED[1]).then_some(Row {
            offset: one.prior + evidence,
            features,
            is_true: one.is_true,
        })
    };
    let rows: Vec<Row> = all.iter().filter_map(row).collect();
    fit(&rows, &[Before { weight: 0.0, pull: 1e-3, range: [0.0, f64::INFINITY] }; 3])
}
