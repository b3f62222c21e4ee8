//! What a reader should do with a pair: what is missing, what to check, how it may be innocent.

use super::coverage;
use super::found::Scope;
use super::outcome::{Factor, logistic};
use crate::model::{Arg, Message};
use crate::network::NodeIx;

/// Advice on one pair.
pub(super) struct Advice {
    pub missing: Vec<Message>,
    pub check: Message,
    pub innocent: Message,
}

/// A kind of record under this completeness is named as missing.
const INCOMPLETE: f64 = 0.85;

/// Advice from a pair's factors.
pub(super) fn of(scope: &Scope<'_>, official: NodeIx, factors: &[Factor], log_odds: f64) -> Advice {
    let kinds = scope.coverage;
    let missing = kinds
        .iter()
        .filter(|kind| kind.complete < INCOMPLETE)
        .map(|kind| {
            Message::new(missing_key(kind.kind))
                .with("complete", Arg::Share(kind.complete))
                .count("none", usize::from(kind.complete < coverage::NOTHING))
        })
        .collect();
    let best = strongest(factors);
    let innocent = Message::new(best.map_or("umbrella-innocent-none", |f| innocent_key(f.factor)))
        .text("official", scope.name(official));
    Advice { missing, check: check(scope, official, factors, kinds, log_odds), innocent }
}

/// The positive factor that says most.
fn strongest(factors: &[Factor]) -> Option<&Factor> {
    let positive = factors.iter().filter(|f| f.log_odds > 0.0 && f.factor != "prior");
    positive.max_by(|a, b| a.log_odds.total_cmp(&b.log_odds).then(b.factor.cmp(a.factor)))
}

/// The single check that would move the score most: the strongest factor falling away, or a kind of
/// record that is silent speaking up as it does for true pairs.
fn check(
    scope: &Scope<'_>,
    official: NodeIx,
    factors: &[Factor],
    kinds: &[coverage::Coverage],
    log_odds: f64,
) -> Message {
    let now = logistic(log_odds);
    let mut best: (f64, f64, &'static str) = (0.0, now, "umbrella-check-any");
    let mut offer = |key: &'static str, then: f64| {
        let moved = (logistic(then) - now).abs();
        if moved > best.0 {
            best = (moved, logistic(then), key);
        }
    };
    for factor in factors.iter().filter(|factor| factor.factor != "prior" && factor.log_odds > 0.0) {
        offer(check_key(factor.factor), log_odds - factor.log_odds);
    }
    for kind in kinds {
        let silent = !factors.iter().any(|f| f.factor == kind.mechanism && f.log_odds > 0.0);
        if silent {
            // What a mechanism says where it is found is about three; the less is on file, the
            // likelier a search brings something new.
            offer(search_key(kind.kind), log_odds + 3.0 * (1.0 - 0.6 * kind.complete));
        }
    }
    Message::new(best.2)
        .with("now", Arg::Share(now))
        .with("then", Arg::Share(best.1))
        .text("official", scope.name(official))
        .text("gang", scope.name(scope.side.gang))
}

fn missing_key(kind: &str) -> &'static str {
    match kind {
        "companies" => "umbrella-missing-companies",
        "payments" => "umbrella-missing-payments",
        "handled" => "umbrella-missing-handled",
        "calls" => "umbrella-missing-calls",
        "permits" => "umbrella-missing-permits",
        "reviews" => "umbrella-missing-reviews",
        _ => "umbrella-missing-leads",
    }
}

fn search_key(kind: &str) -> &'static str {
    match kind {
        "companies" => "umbrella-search-companies",
        "payments" => "umbrella-search-payments",
        "handled" => "umbrella-search-handled",
        "calls" => "umbrella-search-calls",
        "permits" => "umbrella-search-permits",
        "reviews" => "umbrella-search-reviews",
        _ => "umbrella-search-leads",
    }
}

fn innocent_key(factor: &str) -> &'static str {
    match factor {
        "kin_front" => "umbrella-innocent-kin-front",
        "money_chain" => "umbrella-innocent-money-chain",
        "case_favour" => "umbrella-innocent-case-favour",
        "raid_leak" => "umbrella-innocent-raid-leak",
        "licence_favour" => "umbrella-innocent-licence-favour",
        "sign_off" => "umbrella-innocent-sign-off",
        "allegation" => "umbrella-innocent-allegation",
        "broker" => "umbrella-innocent-broker",
        "contact" => "umbrella-innocent-contact",
        _ => "umbrella-innocent-none",
    }
}

fn check_key(factor: &str) -> &'static str {
    match factor {
        "kin_front" => "umbrella-check-kin-front",
        "money_chain" => "umbrella-check-money-chain",
        "case_favour" => "umbrella-check-case-favour",
        "raid_leak" => "umbrella-check-raid-leak",
        "licence_favour" => "umbrella-check-licence-favour",
        "sign_off" => "umbrella-check-sign-off",
        "allegation" => "umbrella-check-allegation",
        "broker" => "umbrella-check-broker",
        "contact" => "umbrella-check-contact",
        _ => "umbrella-check-any",
    }
}
