//! Strength: the probability that a tie is real and live, computed from its claims.
//!
//! The rule, in three steps:
//!
//! 1. A claim is believed with `p = reliability × credibility`, both read from the Admiralty
//!    grade (NATO AJP-2.1; the numbers are stated judgement, kept in [`RELIABILITY`] and
//!    [`CREDIBILITY`]); a claim that is only `suspected` is believed [`SUSPECTED`] as much.
//! 2. Independence is about one fact: of one voice only the claim believed most counts.
//!    Independent voices combine as a noisy-or, `1 − Π(1 − p)` (Pearl, *Probabilistic Reasoning
//!    in Intelligent Systems*, 1988, §4.3.2).
//! 3. Refuted claims combine the same way to a disbelief `r`, and the strength is `p (1 − r)`.
//!
//! The result is held inside [[`LEAST`], [`MOST`]]: nothing is certain, and a tie that is kept has
//! a cost `−ln s` that is finite.

use super::{Claim, Credibility, Reliability, Status, Voice};

/// How far a source is believed, `A` to `F`. `F` is "cannot be judged": not as bad as `E`.
pub const RELIABILITY: [f64; 6] = [1.0, 0.9, 0.75, 0.5, 0.25, 0.5];
/// How far a piece of information is believed, `1` to `6`.
pub const CREDIBILITY: [f64; 6] = [0.95, 0.8, 0.6, 0.35, 0.15, 0.4];
/// What being only suspected leaves of a claim.
pub const SUSPECTED: f64 = 0.6;
/// The least strength of a tie.
pub const LEAST: f64 = 0.01;
/// The greatest strength of a tie.
pub const MOST: f64 = 0.99;

/// How far one claim is believed, from its grade alone: in (0, 0.95].
pub fn belief(reliability: Reliability, credibility: Credibility) -> f64 {
    RELIABILITY.get(reliability as usize).copied().unwrap_or(0.5)
        * CREDIBILITY.get(credibility as usize).copied().unwrap_or(0.4)
}

/// What strength needs to know of a claim: its voice, its grade, how it stands.
#[derive(Clone, Copy, Debug)]
pub struct Graded<V> {
    /// Who says so; equal voices are one voice.
    pub voice: V,
    /// How reliable the source is.
    pub reliability: Reliability,
    /// How credible the information is.
    pub credibility: Credibility,
    /// Whether it is so.
    pub status: Status,
}

impl<'a> From<&'a Claim> for Graded<&'a Voice> {
    fn from(claim: &'a Claim) -> Self {
        Self {
            voice: &claim.voice,
            reliability: claim.reliability,
            credibility: claim.credibility,
            status: claim.status,
        }
    }
}

/// The strength of a tie with these claims, in [[`LEAST`], [`MOST`]]. Cost: a sort of the claims.
pub fn strength<V: Ord + Copy>(claims: impl Iterator<Item = Graded<V>> + Clone) -> f64 {
    let believed = noisy_or(claims.clone(), |status| match status {
        Status::Confirmed => 1.0,
        Status::Suspected => SUSPECTED,
        Status::Refuted => 0.0,
    });
    let disbelieved = noisy_or(claims, |status| f64::from(u8::from(status == Status::Refuted)));
    (believed * (1.0 - disbelieved)).clamp(LEAST, MOST)
}

/// `1 − Π(1 − p)` over the voices, each by the claim of its that weighs most.
fn noisy_or<V: Ord + Copy>(claims: impl Iterator<Item = Graded<V>>, weight: impl Fn(Status) -> f64) -> f64 {
    let mut voices: Vec<(V, f64)> =
        claims.map(|c| (c.voice, weight(c.status) * belief(c.reliability, c.credibility))).collect();
    voices.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    voices.dedup_by(|later, first| later.0 == first.0);
    // In order of size, so that the last bit does not depend on how voices are numbered.
    voices.sort_by(|a, b| a.1.total_cmp(&b.1));
    1.0 - voices.iter().map(|(_, p)| 1.0 - p).product::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Values;

    fn claim(voice: &str, reliability: Reliability, credibility: Credibility, status: Status) -> Claim {
        Claim {
            row: "r".into(),
            voice: Voice::Source(voice.into()),
            reliability,
            credibility,
            status,
            known: None,
            values: Values::default(),
            change: 1,
        }
    }

    fn of(claims: &[Claim]) -> f64 {
        strength(claims.iter().map(Graded::from))
    }

    #[test]
    fn one_voice_counts_once_and_two_add_up() {
        use {Credibility::*, Reliability::*, Status::*};
        let one = claim("a", B, C2, Confirmed);
        let s = of(std::slice::from_ref(&one));
        assert!((s - 0.72).abs() < 1e-12);
        assert_eq!(of(&[one.clone(), one.clone()]), s);
        let two = of(&[one, claim("b", B, C2, Confirmed)]);
        assert!((two - (1.0 - 0.28 * 0.28)).abs() < 1e-12);
    }

    #[test]
    fn a_refuted_claim_counts_against() {
        use {Credibility::*, Reliability::*, Status::*};
        let said = claim("a", C, C3, Suspected);
        let with = of(&[said.clone(), claim("b", A, C1, Refuted)]);
        assert!(with < of(&[said]) / 10.0);
        assert_eq!(of(&[claim("b", A, C1, Refuted)]), LEAST);
    }
}
