//! What a reader should do with a pair: what is missing, what to check, how it may be innocent.

use super::coverage::{self, Coverage};
use super::found::Scope;
use super::outcome::{Factor, logistic};
use super::{score, settle};
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
/// So much less complete than in the whole file is said of the place and the years in office.
const LOCAL: f64 = 0.1;

/// Advice from a pair's factors.
pub(super) fn of(
    scope: &Scope<'_>,
    official: NodeIx,
    kinds: &[Coverage],
    factors: &[Factor],
    log_odds: f64,
) -> Advice {
    let missing = kinds
        .iter()
        .filter(|kind| kind.complete < INCOMPLETE)
        .map(|kind| {
            Message::new(missing_key(kind.kind))
                .with("complete", Arg::Share(kind.complete))
                .count("none", usize::from(kind.complete < coverage::NOTHING))
                .count("local", usize::from(kind.complete < kind.everywhere - LOCAL))
        })
        .collect();
    let innocent = Message::new(strongest(factors).map_or("umbrella-innocent-none", innocent_key))
        .text("official", scope.name(official));
    Advice { missing, check: check(scope, official, factors, kinds, log_odds), innocent }
}

/// The factor whose innocent reading is told: what says most for the pair, else the reading that says
/// most against it.
fn strongest(factors: &[Factor]) -> Option<&Factor> {
    let most = |side: &dyn Fn(&Factor) -> bool| {
        let told = factors.iter().filter(|f| is_told(f) && f.factor != "silence" && side(f));
        told.max_by(|a, b| a.log_odds.abs().total_cmp(&b.log_odds.abs()).then(b.factor.cmp(a.factor)))
    };
    most(&|f| f.log_odds > 0.0).or_else(|| most(&|f| f.log_odds < 0.0))
}

/// Whether a factor says something of the pair, and is no starting point and nothing made of the sum.
fn is_told(factor: &Factor) -> bool {
    !matches!(factor.factor, "prior" | "calibration" | "alone" | "ceiling")
}

/// The single check that would move the score most: the strongest factor falling away, or a kind of
/// record that is silent, and named as missing, speaking up as it does for true pairs. What is on file
/// need not be fetched.
fn check(
    scope: &Scope<'_>,
    official: NodeIx,
    factors: &[Factor],
    kinds: &[Coverage],
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
    let without = |left_out: &Factor| {
        let others = factors.iter().filter(|factor| !std::ptr::eq(*factor, left_out));
        settle::settled(scope, kinds, &others.cloned().collect::<Vec<_>>())
    };
    for factor in factors.iter().filter(|factor| is_told(factor) && factor.log_odds > 0.0) {
        offer(check_key(factor), without(factor));
    }
    for kind in kinds {
        let silent = !factors.iter().any(|f| f.factor == kind.mechanism && f.log_odds > 0.0);
        if silent && kind.complete < INCOMPLETE {
            // What a mechanism says where it is found is about three; the less is on file, the
            // likelier a search brings something new.
            let more = score::plain(kind.mechanism, 3.0 * (1.0 - 0.6 * kind.complete), Message::new(""));
            let found: Vec<Factor> = factors.iter().cloned().chain([more]).collect();
            offer(search_key(kind.kind), settle::settled(scope, kinds, &found));
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

fn innocent_key(factor: &Factor) -> &'static str {
    match factor.factor {
        "kin_front" if is_own(factor) => "umbrella-innocent-kin-front-own",
        "money_chain" if is_direct(factor) => "umbrella-innocent-money-direct",
        "kin_front" => "umbrella-innocent-kin-front",
        "money_chain" => "umbrella-innocent-money-chain",
        "case_favour" => "umbrella-innocent-case-favour",
        "raid_leak" => "umbrella-innocent-raid-leak",
        "licence_favour" => "umbrella-innocent-licence-favour",
        "sign_off" => "umbrella-innocent-sign-off",
        "allegation" => "umbrella-innocent-allegation",
        "broker" => "umbrella-innocent-broker",
        "contact" => "umbrella-innocent-contact",
        "handler" => "umbrella-innocent-handler",
        "slander" => "umbrella-innocent-slander",
        "popular_target" => "umbrella-innocent-popular-target",
        "unfounded" => "umbrella-innocent-unfounded",
        "light_office" => "umbrella-innocent-light-office",
        "lenient_with_all" => "umbrella-innocent-lenient-with-all",
        "strict_decisions" => "umbrella-innocent-strict-decisions",
        "strict_permits" => "umbrella-innocent-strict-permits",
        "fair_review" => "umbrella-innocent-fair-review",
        "duty_contact" => "umbrella-innocent-duty-contact",
        "familiar" => "umbrella-innocent-familiar",
        "popular" => "umbrella-innocent-popular",
        "hub" => "umbrella-innocent-hub",
        "shared" => "umbrella-innocent-shared",
        "recusal" => "umbrella-innocent-recusal",
        "refuted" => "umbrella-innocent-refuted",
        "kin_cap" if factor.says.key == "umbrella-kin-cap" => "umbrella-innocent-kin",
        _ => "umbrella-innocent-none",
    }
}

/// Whether a role in a company of the gang is the official's own, no relative's.
fn is_own(factor: &Factor) -> bool {
    factor.says.key.starts_with("umbrella-kin-front-own")
}

/// Whether money came without a go-between.
fn is_direct(factor: &Factor) -> bool {
    factor.says.key == "umbrella-money-direct"
}

fn check_key(factor: &Factor) -> &'static str {
    match factor.factor {
        "kin_front" if is_own(factor) => "umbrella-check-kin-front-own",
        "money_chain" if is_direct(factor) => "umbrella-check-money-direct",
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

#[cfg(test)]
mod tests {
    use super::*;

    fn factor(name: &'static str, log_odds: f64, key: &'static str) -> Factor {
        let says = Message::new(key);
        Factor { factor: name, log_odds, says, evidence: vec![], context: vec![], inferred: false }
    }

    #[test]
    fn every_factor_has_a_reading_of_its_own() {
        // Every name of a factor that a source file of this folder makes.
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/analysis/umbrella");
        let mut made = std::collections::BTreeSet::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            for start in ["Found::new(\"", "push(\"", " (\""] {
                let names = text.split(start).skip(1).filter_map(|rest| rest.split_once('"'));
                let names = names.filter(|(_, rest)| start != " (\"" || rest.starts_with(", \"umbrella-"));
                made.extend(names.map(|(name, _)| name.to_owned()));
            }
        }
        made.retain(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
        assert!(made.len() > 12 && made.contains("handler") && made.contains("fair_review"), "{made:?}");
        for name in made {
            let name: &'static str = name.leak();
            assert_ne!(innocent_key(&factor(name, -1.0, "x")), "umbrella-innocent-none", "{name}");
        }
    }

    #[test]
    fn a_reading_fits_what_is_told() {
        let direct = factor("money_chain", 1.0, "umbrella-money-direct");
        assert_eq!(innocent_key(&direct), "umbrella-innocent-money-direct");
        assert_eq!(check_key(&direct), "umbrella-check-money-direct");
        let own = factor("kin_front", 1.0, "umbrella-kin-front-own-seat");
        assert_eq!(innocent_key(&own), "umbrella-innocent-kin-front-own");
        let both =
            [factor("handler", -3.0, "x"), factor("allegation", 1.0, "x"), factor("silence", -4.0, "x")];
        assert_eq!(strongest(&both).map(|f| f.factor), Some("allegation"));
        assert_eq!(strongest(&[both[2].clone(), both[0].clone()]).map(|f| f.factor), Some("handler"));
        assert!(strongest(&[both[2].clone()]).is_none());
    }
}
