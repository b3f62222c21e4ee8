//! What a reader should do with a pair: what is missing, what to check, how it may be innocent.

use super::coverage::{self, Coverage};
use super::found::Scope;
use super::outcome::{Factor, Innocent, logistic};
use super::{score, settle};
use crate::model::{Arg, Message};
use crate::network::{NodeIx, TieIx};

/// Advice on one pair.
pub(super) struct Advice {
    pub missing: Vec<Message>,
    pub check: Message,
    pub innocent: Vec<Innocent>,
}

/// A kind of record under this completeness is named as missing.
const INCOMPLETE: f64 = 0.85;
/// What a mechanism says where it is found.
const FOUND: f64 = 3.0;
/// A pair that no check brings over this needs none.
const HOPELESS: f64 = 0.05;
/// So much less complete than in the whole file is said of the place and the years in office.
const LOCAL: f64 = 0.1;

/// Advice from a pair's factors.
pub(super) fn of(
    scope: &Scope<'_>,
    official: NodeIx,
    (kinds, refuted): (&[Coverage], &[TieIx]),
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
    let innocent = innocent(factors, &scope.name(official));
    Advice { missing, check: check(scope, official, factors, (kinds, refuted), log_odds), innocent }
}

/// How each thing that speaks for the pair may be innocent, each reading once.
fn innocent(factors: &[Factor], official: &str) -> Vec<Innocent> {
    let mut all: Vec<Innocent> = Vec::new();
    for factor in read(factors) {
        let says = Message::new(innocent_key(factor)).text("official", official);
        if all.iter().all(|known| known.says != says) {
            all.push(Innocent { factor: Some(factor.factor), says });
        }
    }
    if all.is_empty() {
        let says = Message::new("umbrella-innocent-none").text("official", official);
        all.push(Innocent { factor: None, says });
    }
    all
}

/// The factors whose innocent readings are told: whatever speaks for the pair, what says most first; else the
/// reading that says most against it.
fn read(factors: &[Factor]) -> Vec<&Factor> {
    let told = factors.iter().filter(|f| is_told(f) && f.factor != "silence" && f.log_odds != 0.0);
    let mut told: Vec<&Factor> = told.collect();
    told.sort_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()).then(a.factor.cmp(b.factor)));
    let (speaking, against): (Vec<&Factor>, Vec<&Factor>) = told.into_iter().partition(|f| f.log_odds > 0.0);
    if speaking.is_empty() { against.into_iter().take(1).collect() } else { speaking }
}

/// Whether a factor says something of the pair, and is no starting point and nothing made of the sum.
fn is_told(factor: &Factor) -> bool {
    !matches!(factor.factor, "prior" | "calibration" | "alone" | "ceiling")
}

/// The single check that would move the score most: the strongest factor falling away, a denial falling away so
/// that what was denied counts again, or a kind of record that is silent, and named as missing, speaking up as it
/// does for true pairs. What is on file need not be fetched, and what was denied is on file. Where no check would
/// lift the score out of the least band, that is said.
fn check(
    scope: &Scope<'_>,
    official: NodeIx,
    factors: &[Factor],
    (kinds, refuted): (&[Coverage], &[TieIx]),
    log_odds: f64,
) -> Message {
    let now = logistic(log_odds);
    let mut best: (f64, f64, &'static str) = (0.0, now, "umbrella-check-any");
    let mut highest = now;
    let mut offer = |key: &'static str, then: f64| {
        let moved = (logistic(then) - now).abs();
        highest = highest.max(logistic(then));
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
    // What is found speaks up: its kind is silent no more, and it is more than kinship. What such records say
    // already leaves so much less to say.
    let with = |kind: &Coverage, size: f64, without: &str| {
        let says =
            factors.iter().filter(|factor| factor.factor == kind.mechanism).map(|factor| factor.log_odds);
        let room = scope.weights.most_of(kind.mechanism) - says.sum::<f64>().max(0.0);
        let more = score::plain(kind.mechanism, size.min(room.max(0.0)), Message::new(""));
        let others = factors.iter().filter(|factor| factor.factor != without && factor.factor != "kin_cap");
        let heard = others.cloned().map(|factor| match factor.factor {
            "silence" => {
                let log_odds = (factor.log_odds + kind.silence(scope.weights)).min(0.0);
                Factor { log_odds, ..factor }
            }
            _ => factor,
        });
        settle::settled(scope, kinds, &heard.chain([more]).collect::<Vec<_>>())
    };
    for kind in kinds {
        let silent = !factors.iter().any(|f| f.factor == kind.mechanism && f.log_odds > 0.0);
        if refuted.iter().any(|&tie| kind.holds(scope.network(), tie)) {
            offer("umbrella-check-refuted", with(kind, FOUND, "refuted"));
        } else if silent && kind.complete < INCOMPLETE {
            // The less is on file, the likelier a search brings something new.
            offer(search_key(kind.kind), with(kind, FOUND * (1.0 - 0.6 * kind.complete), ""));
        }
    }
    if highest < HOPELESS {
        (best.1, best.2) = (highest, "umbrella-check-none");
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
        let names = |factors: &[Factor]| read(factors).iter().map(|f| f.factor).collect::<Vec<_>>();
        assert_eq!(names(&both), ["allegation"]);
        assert_eq!(names(&[both[2].clone(), both[0].clone()]), ["handler"]);
        assert!(names(&[both[2].clone()]).is_empty());
    }

    #[test]
    fn every_mechanism_that_counts_has_its_innocent_reading_told_once() {
        let all = [
            factor("broker", 0.5, "x"),
            factor("licence_favour", 3.0, "x"),
            factor("handler", -1.0, "x"),
            factor("contact", 0.0, "x"),
            factor("licence_favour", 0.2, "x"),
        ];
        let told = innocent(&all, "o");
        let names: Vec<_> = told.iter().filter_map(|one| one.factor).collect();
        assert_eq!(names, ["licence_favour", "broker"]);
        let none = innocent(&[], "o");
        assert_eq!((none.len(), none[0].says.key), (1, "umbrella-innocent-none"));
    }
}
