//! Sets the weights of the score together, on invented cities whose seeds are kept for fitting.
//!
//! `cargo run --release --example fit -- [FIRST] [COUNT]` makes COUNT cities from seed FIRST on (all styles in
//! turn; nothing, a quarter and half of the rows missing), scores them without gains, and prints the gains, the
//! weight of silence and the calibration that fit best: what stands as "fitted" in
//! `src/analysis/umbrella/weights.rs`. Seeds from 1001 on are for testing and are refused.

use std::io::Write;

use parasol::analysis::evaluate::Truth;
use parasol::analysis::evaluate::fit::{Before, Row, fit};
use parasol::analysis::umbrella::{Factor, GAINS, Pair, Weights, calibrated_by, is_own};
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

/// A pair before any gain.
struct Sizes {
    prior: f64,
    /// What no weight touches (`refuted`, `recusal`).
    rest: f64,
    /// What speaks of it, by [`FITTED`].
    sizes: [f64; FITTED.len()],
    /// What is about the official himself, with gains.
    own: f64,
    /// What complete silence would speak.
    silent: f64,
    /// How much is missing, from 0 to 1.
    missing: f64,
    is_true: bool,
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
            let (outcome, truth, complete) = scored_city(&options, &plain)?;
            all.extend(outcome.pairs.iter().map(|pair| sizes(pair, &truth, &complete, &plain)));
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

fn sizes(pair: &Pair, truth: &Truth, complete: &[f64], plain: &Weights) -> Sizes {
    let known = truth.get(&(pair.official.id.clone(), pair.gang.id.clone()));
    let kinds = complete.len().max(1) as f64;
    let mut row = Sizes {
        prior: 0.0,
        rest: 0.0,
        sizes: [0.0; FITTED.len()],
        own: pair.factors.iter().filter(|factor| is_own(factor)).map(with_gain).sum(),
        silent: plain.silence * complete.iter().sum::<f64>(),
        missing: 1.0 - complete.iter().sum::<f64>() / kinds,
        is_true: known.is_some_and(|known| known.is_true()),
    };
    for factor in &pair.factors {
        let name = plain.gain(factor.factor).map_or(factor.factor, |(name, _)| name);
        match FITTED.iter().position(|fitted| *fitted == name) {
            Some(at) => row.sizes[at] += factor.log_odds,
            None if name == "prior" => row.prior += factor.log_odds,
            None if matches!(name, "kin_cap" | "alone") => {}
            None => row.rest += factor.log_odds,
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
    let row = |one: &Sizes| Row {
        offset: one.prior + one.rest,
        features: one.sizes.iter().copied().chain([1.0, one.missing]).collect(),
        is_true: one.is_true,
    };
    let rows: Vec<Row> = all.iter().map(row).collect();
    Some(fit(&rows, &before)?.into_iter().take(FITTED.len()).collect())
}

/// What is to be added with such gains, by how much evidence there is and how much is missing.
fn calibration(all: &[Sizes], gains: &[f64]) -> Option<Vec<f64>> {
    let weights = Weights::default();
    let evidence =
        |one: &Sizes| one.rest + one.sizes.iter().zip(gains).map(|(size, gain)| size * gain).sum::<f64>();
    let row = |one: &Sizes| {
        let beyond = evidence(one) + one.silent * gains.last().copied().unwrap_or(1.0);
        let features = calibrated_by(&weights, one.prior, beyond, one.missing).to_vec();
        (beyond >= CALIBRATED[0] && one.own >= CALIBRATED[1]).then(|| Row {
            offset: one.prior + evidence(one),
            features,
            is_true: one.is_true,
        })
    };
    let rows: Vec<Row> = all.iter().filter_map(row).collect();
    fit(&rows, &[Before { weight: 0.0, pull: 1e-3, range: [0.0, f64::INFINITY] }; 3])
}
