//! How much of each kind of record the file holds: what silence is worth, and what to say is missing.

use super::found::Found;
use super::globals::Globals;
use super::weights::Weights;
use crate::model::TieType;
use crate::network::{Network, TieIx};

/// A kind of record less complete than this is not on file at all.
pub(super) const NOTHING: f64 = 0.01;

/// A kind of record of which there are some is so complete at least.
const LITTLE: f64 = 0.1;

/// One kind of record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coverage {
    /// The mechanism that reads it.
    pub mechanism: &'static str,
    /// Its name in `missing` and `coverage`.
    pub kind: &'static str,
    /// The ties that are such records.
    pub types: &'static [TieType],
    /// From 0 (none of it is in the file) to 1 (nothing seems to be missing).
    pub complete: f64,
}

impl Coverage {
    /// Whether a finding, for or against, rests on such records of the pair.
    pub fn is_heard_in(&self, network: &Network, found: &Found) -> bool {
        // A closing may stand on a case's own row, which is no tie.
        let signed = self.mechanism == "sign_off" && found.factor == "fair_review";
        let named = found.factor == self.mechanism || signed;
        named
            || (!ELSEWHERE.contains(&found.factor) && found.ties.iter().any(|&tie| self.holds(network, tie)))
    }

    /// What its silence speaks for an official.
    pub fn silence(&self, weights: &Weights) -> f64 {
        if self.complete < NOTHING { 0.0 } else { weights.silence * self.complete }
    }

    /// Whether a tie is such a record.
    pub fn holds(&self, network: &Network, tie: TieIx) -> bool {
        self.types.contains(&network.tie(tie).ty())
    }
}

/// How complete a file is in all: the mean over the kinds of record.
pub(super) fn whole(kinds: &[Coverage]) -> f64 {
    kinds.iter().map(|kind| kind.complete).sum::<f64>() / kinds.len().max(1) as f64
}

/// What the silence of every kind of record would speak for an official.
pub(super) fn all_silent(weights: &Weights, kinds: &[Coverage]) -> f64 {
    kinds.iter().map(|kind| kind.silence(weights)).sum()
}

/// Readings that rest on rows of other people and matters, which say nothing between the two.
const ELSEWHERE: [&str; 5] = ["hub", "lenient_with_all", "light_office", "popular", "popular_target"];

/// The kinds of record, by mechanism. Measured by what should be there and is not: years that are
/// thin, accounts without a holder, cases that nobody handled, raids that nobody knew of.
pub(super) fn of(globals: &Globals) -> Vec<Coverage> {
    let even = |ty| globals.evenness(ty);
    let any = |ty: TieType| f64::from(u8::from(globals.ties_of(ty) > 0.0));
    let share = |tally: super::globals::Tally| tally.share().unwrap_or(1.0);
    let kind = |mechanism, kind, types: &'static [TieType], complete: f64| {
        // What there are rows of is on file, however little of it.
        let some = types.iter().any(|&ty| globals.ties_of(ty) > 0.0);
        Coverage { mechanism, kind, types, complete: complete.max(if some { LITTLE } else { 0.0 }) }
    };
    vec![
        kind(
            "kin_front",
            "companies",
            COMPANIES,
            any(TieType::Family) * share(globals.owned) * share(globals.kin),
        ),
        kind("money_chain", "payments", PAYMENTS, even(TieType::Payment) * share(globals.held)),
        kind("case_favour", "handled", &[TieType::Handled], even(TieType::Handled) * share(globals.handled)),
        kind(
            "raid_leak",
            "calls",
            &[TieType::Call, TieType::Briefed],
            even(TieType::Call) * share(globals.briefed),
        ),
        kind("licence_favour", "permits", PERMITS, even(TieType::Inspected).max(even(TieType::Licensed))),
        kind("sign_off", "reviews", &[TieType::Reviewed], even(TieType::Reviewed)),
        kind("allegation", "leads", &[TieType::About], any(TieType::About) * share(globals.named)),
    ]
}

/// Registers of companies and of kin.
const COMPANIES: &[TieType] =
    &[TieType::Family, TieType::Ownership, TieType::Directorship, TieType::Employment, TieType::Controls];
/// Money.
const PAYMENTS: &[TieType] = &[TieType::Payment, TieType::Gift];
/// Inspections and permits.
const PERMITS: &[TieType] = &[TieType::Inspected, TieType::Licensed];
