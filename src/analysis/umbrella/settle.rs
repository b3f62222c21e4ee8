//! What is made of the sum of a pair's evidence: `calibration`, `alone`, and `ceiling`.
//!
//! All depend on the other factors' sizes alone and grow with each of them: they never turn the order of a
//! gang's pairs, and refuting a row never raises a score by them. Without evidence all are nothing.

use super::coverage::{self, Coverage};
use super::found::Scope;
use super::outcome::Factor;
use super::score::{self, plain};
use super::weights::Weights;
use crate::model::Message;

/// Mechanisms that go over those near to the official: one relative whom the gang has to do with for
/// whatever reason brings all of them.
const HOUSE: [&str; 3] = ["kin_front", "money_chain", "broker"];
/// Mechanisms that are about what he did himself, or what is said of him.
const OWN: [&str; 6] = ["case_favour", "raid_leak", "licence_favour", "sign_off", "allegation", "contact"];

/// What the innocent readings of a mechanism leave of it is what it says.
pub const READINGS: [(&str, &[&str]); 9] = [
    ("kin_front", &["shared"]),
    ("money_chain", &["hub"]),
    ("broker", &[]),
    ("case_favour", &["lenient_with_all", "strict_decisions"]),
    ("raid_leak", &["handler"]),
    ("licence_favour", &["light_office", "strict_permits"]),
    ("sign_off", &["fair_review"]),
    ("allegation", &["slander", "popular_target", "unfounded"]),
    ("contact", &["duty_contact", "familiar", "popular"]),
];

/// Adds them to the other factors of a pair.
pub(super) fn settle(scope: &Scope<'_>, kinds: &[Coverage], factors: &mut Vec<Factor>) {
    let settled = Settled::of(scope.weights, score::usual_prior(scope), kinds, factors);
    let key = if settled.house { "umbrella-alone-house" } else { "umbrella-alone" };
    let sized = [
        ("calibration", settled.calibration, "umbrella-calibration"),
        ("alone", settled.alone, key),
        ("ceiling", settled.ceiling, "umbrella-ceiling"),
    ];
    let told = sized.into_iter().filter(|(_, size, _)| *size != 0.0);
    factors.extend(told.map(|(name, size, key)| plain(name, size, Message::new(key))));
}

/// The log-odds that factors come to, calibrated and held back.
pub(super) fn settled(scope: &Scope<'_>, kinds: &[Coverage], factors: &[Factor]) -> f64 {
    let own = factors.iter().filter(|factor| !matches!(factor.factor, "calibration" | "alone" | "ceiling"));
    let own: Vec<Factor> = own.cloned().collect();
    Settled::of(scope.weights, score::usual_prior(scope), kinds, &own).log_odds()
}

/// A sum of factors, and what is made of it.
struct Settled {
    sum: f64,
    calibration: f64,
    alone: f64,
    ceiling: f64,
    /// Whether it is held back since nothing speaks but one house.
    house: bool,
}

impl Settled {
    /// `usual` is the log-odds of a usual prior among so many officials ([`score::usual_prior`]): calibration goes by
    /// that, since a prior that somebody asks for must never lower a score.
    fn of(weights: &Weights, usual: f64, kinds: &[Coverage], factors: &[Factor]) -> Self {
        let sum: f64 = factors.iter().map(|factor| factor.log_odds).sum();
        let prior: f64 = factors.iter().filter(|f| f.factor == "prior").map(|f| f.log_odds).sum();
        let evidence = sum - prior + coverage::all_silent(weights, kinds);
        let calibration = calibration(weights, usual, evidence, 1.0 - coverage::whole(kinds))
            .min(weights.calibration_most * (sum - prior).max(0.0));
        let (house, own) = (HOUSE.map(|name| says(factors, name)), OWN.map(|name| says(factors, name)));
        let all = || house.iter().chain(&own).copied();
        let others = all().sum::<f64>() - all().fold(0.0, f64::max);
        let line = [weights.alone_from, weights.alone_most];
        let of_house = [weights.alone_house_from, weights.alone_house_most];
        let one = held(weights, sum + calibration, others, line);
        let of_house = held(weights, sum + calibration, own.iter().sum(), of_house);
        let alone = one.min(of_house);
        let ceiling = pressed(sum + calibration + alone, [weights.ceiling_from, weights.ceiling_most]);
        // What is held back because so little speaks at all goes over nobody.
        let by_house = of_house < one && house.iter().sum::<f64>() > own.iter().sum::<f64>();
        Self { sum, calibration, alone, ceiling, house: by_house }
    }

    fn log_odds(&self) -> f64 {
        self.sum + self.calibration + self.alone + self.ceiling
    }
}

/// Whether a factor is about what the official did himself, or what is said of him, and speaks for the pair.
pub fn is_own(factor: &Factor) -> bool {
    factor.log_odds > 0.0 && OWN.contains(&factor.factor)
}

/// What a mechanism says for the pair, less what its innocent readings take away.
fn says(factors: &[Factor], mechanism: &str) -> f64 {
    let readings = READINGS.iter().find(|(name, _)| *name == mechanism).map_or(&[][..], |(_, own)| own);
    let own = factors.iter().filter(|factor| factor.factor == mechanism || readings.contains(&factor.factor));
    own.map(|factor| factor.log_odds).sum::<f64>().max(0.0)
}

/// What scores on files like this one have been too shy by, where `evidence` is what is said beyond complete
/// silence: nothing without evidence, never less for more of it, more where records are missing, and less
/// where there are few officials.
fn calibration(weights: &Weights, prior: f64, evidence: f64, missing: f64) -> f64 {
    let [full, thin, more] = calibrated_by(weights, prior, evidence, missing);
    full * weights.calibration_full + thin * weights.calibration_thin + more * weights.calibration_more
}

/// How much of each weight of calibration (`full`, `thin`, `more`) counts for a pair where a usual prior is this, with so
/// much evidence, where so much of the file is missing.
pub fn calibrated_by(weights: &Weights, prior: f64, evidence: f64, missing: f64) -> [f64; 3] {
    let (some, much) = (weights.calibration_some, weights.calibration_much);
    let (few, many) = (weights.calibration_few, weights.calibration_prior);
    let counts = ((prior - few) / (many - few)).clamp(0.0, 1.0);
    let full = counts * (evidence / some).clamp(0.0, 1.0);
    let more = counts * ((evidence - some) / (much - some)).clamp(0.0, 1.0);
    [full, full * missing.clamp(0.0, weights.calibration_thinnest), more]
}

/// What a pair is held back by for which others say so little: log-odds from `from` on are pressed under
/// `most`, both lifted by what the others say.
fn held(weights: &Weights, log_odds: f64, others: f64, [from, most]: [f64; 2]) -> f64 {
    pressed(log_odds - weights.alone_more * others, [from, most])
}

/// What takes log-odds from `from` on under `most`, in their order.
pub(super) fn pressed(log_odds: f64, [from, most]: [f64; 2]) -> f64 {
    let (over, room) = (log_odds - from, most - from);
    if over <= 0.0 { 0.0 } else { room * (1.0 - libm::exp(-over / room)) - over }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factor(name: &'static str, size: f64) -> Factor {
        plain(name, size, Message::new("umbrella-name"))
    }

    fn kinds(complete: f64) -> Vec<Coverage> {
        let kind = Coverage {
            mechanism: "kin_front",
            kind: "companies",
            types: &[],
            complete,
            everywhere: complete,
        };
        vec![Coverage { mechanism: "sign_off", kind: "reviews", ..kind }, kind]
    }

    #[test]
    fn calibration_is_nothing_without_evidence_and_grows_with_it_and_with_what_is_missing() {
        let weights = Weights::default();
        let silent = [factor("prior", -5.0), factor("silence", -2.0 * weights.silence)];
        let settled = Settled::of(&weights, -5.0, &kinds(1.0), &silent);
        assert_eq!((settled.calibration, settled.alone), (0.0, 0.0));
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
        let settled = |permits: f64, share: f64, money: f64| {
            let names = ["prior", "licence_favour", "kin_front", "money_chain"];
            let sizes = [-5.0, permits, share, money];
            let factors: Vec<Factor> =
                names.iter().zip(sizes).map(|(name, size)| factor(name, size)).collect();
            Settled::of(&weights, -5.0, &kinds(1.0), &factors)
        };
        let log_odds = |permits, share, money| settled(permits, share, money).log_odds();
        assert_eq!(settled(1.0, 0.0, 0.0).alone, 0.0);
        assert!(
            log_odds(3.0, 0.0, 0.0) < log_odds(5.0, 0.0, 0.0)
                && log_odds(30.0, 0.0, 0.0) <= weights.alone_most
        );
        assert!(
            log_odds(0.0, 4.0, 4.0) <= weights.alone_house_most && settled(0.0, 4.0, 4.0).house,
            "one house"
        );
        assert!(log_odds(4.0, 0.0, 4.0) > 1.0 && settled(4.0, 0.0, 4.0).alone == 0.0);
    }

    #[test]
    fn nothing_is_said_to_be_certain_and_a_mechanism_explained_away_frees_no_other() {
        let weights = Weights::default();
        let of = |sizes: &[(&'static str, f64)]| {
            let all = [("prior", -5.0)].iter().chain(sizes);
            let factors: Vec<Factor> = all.map(|&(name, size)| factor(name, size)).collect();
            Settled::of(&weights, -5.0, &kinds(1.0), &factors).log_odds()
        };
        let sure = of(&[("licence_favour", 9.0), ("case_favour", 6.0)]);
        assert!(sure < of(&[("licence_favour", 9.5), ("case_favour", 6.0)]) && sure < weights.ceiling_most);
        let explained = of(&[("licence_favour", 7.0), ("contact", 0.5), ("duty_contact", -0.5)]);
        assert!(explained < 0.0, "{explained}");
        assert!(of(&[("licence_favour", 7.0), ("contact", 1.5)]) > 0.0);
    }

    #[test]
    fn the_order_never_turns() {
        let weights = Weights::default();
        let total = |sizes: [f64; 4]| {
            let names = ["kin_front", "money_chain", "case_favour", "silence"];
            let own = names.iter().zip(sizes).map(|(name, size)| factor(name, size));
            let factors: Vec<Factor> = std::iter::once(factor("prior", -5.0)).chain(own).collect();
            Settled::of(&weights, -5.0, &kinds(0.8), &factors).log_odds()
        };
        for at in 0..12 * 12 * 12 {
            let sizes = [at % 12, at / 12 % 12, at / 144].map(|step| f64::from(step) / 1.5);
            let now = [sizes[0], sizes[1], sizes[2], -1.0];
            for more in 0..4 {
                let mut then = now;
                then[more] += 0.25;
                assert!(total(then) >= total(now), "{now:?} {more}");
            }
        }
    }
}
