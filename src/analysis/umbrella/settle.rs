//! What is made of the sum of a pair's evidence: `calibration`, and `alone`.
//!
//! Both depend on the other factors' sizes alone and grow with each of them: they never turn the order of a
//! gang's pairs, and refuting a row never raises a score by them. Without evidence both are nothing.

use super::coverage::{self, Coverage};
use super::found::Scope;
use super::outcome::Factor;
use super::score::plain;
use super::weights::Weights;
use crate::model::Message;

/// What a mechanism is called by: what may carry a pair.
const MECHANISMS: [&str; 9] = [
    "kin_front",
    "money_chain",
    "case_favour",
    "raid_leak",
    "licence_favour",
    "sign_off",
    "allegation",
    "contact",
    "broker",
];

/// Adds both to the other factors of a pair.
pub(super) fn settle(scope: &Scope<'_>, factors: &mut Vec<Factor>) {
    let [calibration, alone] = sizes(scope.weights, scope.coverage, factors);
    let sized = [("calibration", calibration, "umbrella-calibration"), ("alone", alone, "umbrella-alone")];
    let told = sized.into_iter().filter(|(_, size, _)| *size != 0.0);
    factors.extend(told.map(|(name, size, key)| plain(name, size, Message::new(key))));
}

/// The log-odds that factors come to, calibrated and held back.
pub(super) fn settled(scope: &Scope<'_>, factors: &[Factor]) -> f64 {
    let own = factors.iter().filter(|factor| !matches!(factor.factor, "calibration" | "alone"));
    let own: Vec<Factor> = own.cloned().collect();
    let sum: f64 = own.iter().map(|factor| factor.log_odds).sum();
    sum + sizes(scope.weights, scope.coverage, &own).iter().sum::<f64>()
}

/// The sizes of `calibration` and `alone`.
fn sizes(weights: &Weights, kinds: &[Coverage], factors: &[Factor]) -> [f64; 2] {
    let sum: f64 = factors.iter().map(|factor| factor.log_odds).sum();
    let prior: f64 = factors.iter().filter(|f| f.factor == "prior").map(|f| f.log_odds).sum();
    let evidence = sum - prior + coverage::all_silent(weights, kinds);
    let calibration = calibration(weights, prior, evidence, 1.0 - coverage::whole(kinds));
    [calibration, alone(weights, sum + calibration, others(factors))]
}

/// What scores on files like this one have been too shy by, where `evidence` is what is said beyond complete
/// silence: nothing without evidence, never less for more of it, more where records are missing, and less
/// where there are few officials.
fn calibration(weights: &Weights, prior: f64, evidence: f64, missing: f64) -> f64 {
    let [full, thin, more] = calibrated_by(weights, prior, evidence, missing);
    full * weights.calibration_full + thin * weights.calibration_thin + more * weights.calibration_more
}

/// How much of each weight of calibration (`full`, `thin`, `more`) counts for a pair with this prior and so
/// much evidence, where so much of the file is missing.
pub fn calibrated_by(weights: &Weights, prior: f64, evidence: f64, missing: f64) -> [f64; 3] {
    let (some, much) = (weights.calibration_some, weights.calibration_much);
    let few = (prior / weights.calibration_prior).clamp(0.0, 1.0);
    let full = few * (evidence / some).clamp(0.0, 1.0);
    let more = few * ((evidence - some) / (much - some)).clamp(0.0, 1.0);
    [full, full * missing.clamp(0.0, weights.calibration_thinnest), more]
}

/// What all mechanisms but the strongest say for the pair.
fn others(factors: &[Factor]) -> f64 {
    let sizes = MECHANISMS.map(|name| {
        let own = factors.iter().filter(|factor| factor.factor == name);
        own.map(|factor| factor.log_odds).sum::<f64>().max(0.0)
    });
    sizes.iter().sum::<f64>() - sizes.iter().copied().fold(0.0, f64::max)
}

/// What a pair is held back by for which, beside one mechanism, others say so little: log-odds from
/// `alone_from` on are pressed under `alone_most`, both lifted by what the others say.
fn alone(weights: &Weights, log_odds: f64, others: f64) -> f64 {
    let over = log_odds - weights.alone_more * others - weights.alone_from;
    let room = weights.alone_most - weights.alone_from;
    if over <= 0.0 { 0.0 } else { room * (1.0 - libm::exp(-over / room)) - over }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factor(name: &'static str, size: f64) -> Factor {
        plain(name, size, Message::new("umbrella-name"))
    }

    fn kinds(complete: f64) -> Vec<Coverage> {
        let kind = Coverage { mechanism: "kin_front", kind: "companies", types: &[], complete };
        vec![Coverage { mechanism: "sign_off", kind: "reviews", ..kind }, kind]
    }

    #[test]
    fn calibration_is_nothing_without_evidence_and_grows_with_it_and_with_what_is_missing() {
        let weights = Weights::default();
        let silent = [factor("prior", -5.0), factor("silence", -2.0 * weights.silence)];
        assert_eq!(sizes(&weights, &kinds(1.0), &silent), [0.0, 0.0]);
        for missing in [0.0, 0.3, 1.0] {
            let of = |at: i32| calibration(&weights, -5.0, f64::from(at) / 10.0, missing);
            assert!(of(0) == 0.0 && of(-30) == 0.0 && (-10..200).all(|at| of(at + 1) >= of(at)));
        }
        assert!(calibration(&weights, -5.0, 3.0, 0.2) > calibration(&weights, -5.0, 3.0, 0.1));
        assert!(
            calibration(&weights, -5.0, 3.0, 0.2) > calibration(&weights, -2.0, 3.0, 0.2),
            "few officials"
        );
    }

    #[test]
    fn one_mechanism_alone_stays_under_one_half_and_in_order_and_a_second_frees_it() {
        let weights = Weights::default();
        let held = |log_odds: f64| log_odds + alone(&weights, log_odds, 0.0);
        assert_eq!(held(-2.0), -2.0);
        assert!(held(1.0) < held(2.0) && held(2.0) < held(4.0) && held(30.0) <= weights.alone_most);
        assert_eq!(alone(&weights, 3.0, 2.0), 0.0);
        assert!(alone(&weights, 3.0, 0.5) > alone(&weights, 3.0, 0.2));
    }

    #[test]
    fn the_order_never_turns() {
        let weights = Weights::default();
        let total = |[kin, case, silence]: [f64; 3]| {
            let factors = [
                factor("prior", -5.0),
                factor("kin_front", kin),
                factor("case_favour", case),
                factor("silence", silence),
            ];
            let sum: f64 = factors.iter().map(|factor| factor.log_odds).sum();
            sum + sizes(&weights, &kinds(0.8), &factors).iter().sum::<f64>()
        };
        let steps = || (0..24).map(|at| f64::from(at) / 2.0);
        for kin in steps() {
            for case in steps() {
                let at = total([kin, case, -1.0]);
                for more in [[kin + 0.25, case, -1.0], [kin, case + 0.25, -1.0], [kin, case, -0.75]] {
                    assert!(total(more) >= at, "{kin} {case}");
                }
            }
        }
    }
}
