//! How much of each kind of record the file holds: what silence is worth, and what to say is missing.

use super::globals::Globals;
use crate::model::TieType;

/// A kind of record less complete than this is not on file at all.
pub(super) const NOTHING: f64 = 0.01;

/// One kind of record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coverage {
    /// The mechanism that reads it.
    pub mechanism: &'static str,
    /// Its name in `missing` and `coverage`.
    pub kind: &'static str,
    /// From 0 (none of it is in the file) to 1 (nothing seems to be missing).
    pub complete: f64,
}

/// The kinds of record, by mechanism. Measured by what should be there and is not: years that are
/// thin, accounts without a holder, cases that nobody handled, raids that nobody knew of.
pub(super) fn of(globals: &Globals) -> Vec<Coverage> {
    let even = |ty| globals.evenness(ty);
    let any = |ty: TieType| f64::from(u8::from(globals.ties_of(ty) > 0.0));
    let share = |tally: super::globals::Tally| tally.share().unwrap_or(1.0);
    let kinds = [
        ("kin_front", "companies", any(TieType::Family) * share(globals.owned) * share(globals.kin)),
        ("money_chain", "payments", even(TieType::Payment) * share(globals.held)),
        ("case_favour", "handled", even(TieType::Handled) * share(globals.handled)),
        ("raid_leak", "calls", even(TieType::Call) * share(globals.briefed)),
        ("licence_favour", "permits", even(TieType::Inspected).max(even(TieType::Licensed))),
        ("sign_off", "reviews", even(TieType::Reviewed)),
        ("allegation", "leads", any(TieType::About) * share(globals.named)),
    ];
    kinds.into_iter().map(|(mechanism, kind, complete)| Coverage { mechanism, kind, complete }).collect()
}
