//! One small town for each mechanism and for each innocent reading of it: the mechanism's factor is
//! positive, the decoy stays under the line and under the true one.

use super::testing::Town;
use super::tests::{log_odds, outcome, size, under};
use super::*;
use crate::model::Table;

/// A town of two gangs with members, companies and cases, twelve officials with ordinary work, and
/// people who know one another: nobody is anything but innocent in it.
pub(super) fn quiet() -> Town {
    let mut town = Town::default();
    let everybody: Vec<String> = (0..60).map(|at| format!("p{at:02}")).collect();
    everybody.iter().for_each(|id| {
        town.people(&[id]);
    });
    let sectors = ["police", "court", "market_regulation"];
    for (at, sector) in sectors.iter().enumerate() {
        let agency = format!("a{at}");
        town.entity(&agency, Kind::Agency, Table::Organisations, &[("sector", sector)]);
        (0..4).for_each(|n| {
            town.official(&format!("o{at}{n}"), &agency);
        });
    }
    for gang in ["g1", "g2"] {
        town.entity(gang, Kind::Gang, Table::Organisations, &[("class", "criminal_syndicate")]);
        (0..5).for_each(|n| {
            town.member(&format!("m-{gang}-{n}"), gang);
        });
        let front = format!("c-{gang}");
        town.entity(&front, Kind::Company, Table::Organisations, &[]);
        town.add(TieType::Controls, gang, &front, &[]);
        town.add(TieType::Ownership, &format!("m-{gang}-0"), &front, &[("share", "80")]);
    }
    for at in 0..20 {
        let company = format!("c{at:02}");
        town.entity(&company, Kind::Company, Table::Organisations, &[]);
        town.add(TieType::Ownership, &everybody[(at * 7 + 3) % 60], &company, &[("share", "100")]);
        town.add(TieType::Employment, &everybody[(at * 11 + 5) % 60], &company, &[("start", "2016-03")]);
    }
    work(&mut town);
    for at in 0..60 {
        let (a, b) = (&everybody[at], &everybody[(at * 17 + 29) % 60]);
        town.add(TieType::Call, a, b, &[("start", &format!("2019-{:02}-{:02}", at % 12 + 1, at % 27 + 1))]);
        town.add(
            TieType::Payment,
            a,
            b,
            &[("amount", &format!("{}", 900 + 37 * at)), ("start", "2018-05-04")],
        );
    }
    town
}

/// Ordinary cases, inspections and permits: peers to compare with.
fn work(town: &mut Town) {
    for at in 0..24 {
        let case = format!("k{at:02}");
        town.entity(&case, Kind::Case, Table::Cases, &[]);
        town.add(TieType::Suspect, &format!("p{at:02}"), &case, &[]);
        let decision = if at % 6 == 0 { "bail" } else { "charged" };
        town.add(
            TieType::Handled,
            &format!("o0{}", at % 4),
            &case,
            &[("role", "investigator"), ("decision", decision)],
        );
        town.add(
            TieType::Handled,
            &format!("o1{}", at % 4),
            &case,
            &[("role", "judge"), ("decision", "charged")],
        );
    }
    for at in 0..40 {
        let (who, company) = (format!("o2{}", at % 4), format!("c{:02}", at % 20));
        let decision = ["passed", "passed", "fined", "warned"][(at / 4) % 4];
        town.add(TieType::Inspected, &who, &company, &[("decision", decision), ("start", "2018-02-03")]);
        let end = format!("2018-03-{:02}", 15 + at % 14);
        let values = [("decision", "granted"), ("start", "2018-03-01"), ("end", end.as_str())];
        town.add(TieType::Licensed, &who, &company, &values);
    }
}

/// Adds the gang's case with one handler and his decision.
pub(super) fn case(town: &mut Town, id: &str, gang: &str, who: &str, decision: &str) {
    town.entity(id, Kind::Case, Table::Cases, &[("gang", gang)]);
    town.add(TieType::Suspect, &format!("m-{gang}-1"), id, &[]);
    town.add(TieType::Handled, who, id, &[("role", "investigator"), ("decision", decision)]);
}

/// Adds a raid on a gang, with a briefed official.
pub(super) fn raid(town: &mut Town, id: &str, gang: &str, day: &str, outcome: &str, who: &str) {
    town.entity(id, Kind::Event, Table::Objects, &[("date", day), ("outcome", outcome)]);
    town.add(TieType::Targets, id, gang, &[]);
    town.add(TieType::Briefed, who, id, &[("start", day)]);
}

/// Adds a lead about these.
pub(super) fn lead(
    town: &mut Town,
    id: &str,
    about: &[&str],
    values: &[(&str, &str)],
    props: &[(&str, &str)],
) {
    town.entity(id, Kind::Lead, Table::Leads, props);
    for to in about {
        town.tie(&format!("about:{id}:{to}"), TieType::About, id, to, values);
    }
}

#[test]
fn in_a_quiet_town_nobody_is_over_the_line() {
    let outcome = outcome(&quiet());
    assert!(outcome.pairs.iter().all(|pair| !pair.over_line && pair.q_value.is_none_or(|q| q > 0.1)));
}

#[test]
fn kin_front_a_share_says_much_and_a_job_little() {
    let mut town = quiet();
    town.add(TieType::Family, "o20", "p50", &[("role", "spouse")]);
    town.add(TieType::Family, "p50", "p51", &[("role", "sibling")]);
    town.add(TieType::Ownership, "p51", "c-g1", &[("share", "30")]);
    town.add(TieType::Directorship, "p51", "c-g1", &[]);
    town.add(TieType::Family, "o21", "p52", &[("role", "sibling")]);
    town.add(TieType::Employment, "p52", "c-g1", &[]);
    (1..9).for_each(|month| {
        let day = format!("2019-{month:02}-05");
        town.add(TieType::Payment, "c-g1", "p52", &[("amount", "5000"), ("start", &day)]);
    });
    let outcome = outcome(&town);
    assert!(size(&outcome, "o20", "kin_front") > 1.0);
    assert!(size(&outcome, "o21", "kin_front") < 0.5 && size(&outcome, "o21", "money_chain") < 0.3);
    assert!(log_odds(&outcome, "o20") > log_odds(&outcome, "o21"));
    under(&outcome, "o21");
}

/// Money from the front over a go-between to an end, so many times.
fn rounds(town: &mut Town, between: &str, end: &str, times: usize) {
    for at in 1..=times {
        let (first, second) = (format!("2019-{at:02}-05"), format!("2019-{at:02}-09"));
        town.add(TieType::Payment, "c-g1", between, &[("amount", "200000"), ("start", &first)]);
        town.add(TieType::Payment, between, end, &[("amount", "170000"), ("start", &second)]);
    }
}

#[test]
fn money_chain_quiet_repeats_say_much_and_a_way_through_a_hub_little() {
    let mut town = quiet();
    town.add(TieType::Family, "o20", "p50", &[("role", "spouse")]);
    town.add(TieType::Family, "o21", "p52", &[("role", "spouse")]);
    town.people(&["quiet", "bank"]);
    rounds(&mut town, "quiet", "p50", 4);
    rounds(&mut town, "bank", "p52", 1);
    for at in 0..60 {
        let (from, to) = (format!("p{at:02}"), format!("p{:02}", (at + 13) % 60));
        town.add(TieType::Payment, &from, "bank", &[("amount", "180000"), ("start", "2019-01-04")]);
        town.add(TieType::Payment, "bank", &to, &[("amount", "160000"), ("start", "2019-01-08")]);
    }
    let outcome = outcome(&town);
    assert!(size(&outcome, "o20", "money_chain") > 1.5, "{}", size(&outcome, "o20", "money_chain"));
    let hub = size(&outcome, "o21", "money_chain") + size(&outcome, "o21", "hub");
    assert!(hub < 0.5 * size(&outcome, "o20", "money_chain"), "{hub}");
    under(&outcome, "o21");
}

#[test]
fn case_favour_is_set_against_his_own_other_cases() {
    let mut town = quiet();
    (0..5).for_each(|at| case(&mut town, &format!("kg{at}"), "g1", "o00", "dropped"));
    (5..10).for_each(|at| case(&mut town, &format!("kg{at}"), "g1", "o01", "charged"));
    (10..14).for_each(|at| case(&mut town, &format!("kg{at}"), "g1", "o02", "bail"));
    for at in 0..14 {
        let id = format!("kl{at}");
        town.entity(&id, Kind::Case, Table::Cases, &[]);
        town.add(TieType::Handled, "o02", &id, &[("role", "investigator"), ("decision", "bail")]);
    }
    let outcome = outcome(&town);
    assert!(size(&outcome, "o00", "case_favour") > 2.0);
    assert!(size(&outcome, "o01", "strict_decisions") < 0.0, "an honest judge who gets many gang cases");
    assert!(size(&outcome, "o02", "lenient_with_all") < -0.5, "lenient with everybody");
    assert!(log_odds(&outcome, "o02") < log_odds(&outcome, "o00"));
    under(&outcome, "o01");
}

#[test]
fn raid_leak_counts_contacts_before_empty_raids_and_handler_those_before_successful_ones() {
    let mut town = quiet();
    for (at, outcome) in ["empty", "empty", "empty", "found", "found", "found"].iter().enumerate() {
        let (day, eve) = (format!("2019-{:02}-20", at + 1), format!("2019-{:02}-19", at + 1));
        let who = if *outcome == "empty" { "o00" } else { "o01" };
        raid(&mut town, &format!("e{at}"), "g1", &day, outcome, who);
        if who == "o00" {
            town.add(TieType::Call, "o00", "p50", &[("start", &eve)]);
            town.add(TieType::Call, "p50", "m-g1-2", &[("start", &eve)]);
        } else {
            town.add(TieType::Call, "o01", "m-g1-3", &[("start", &eve)]);
        }
    }
    town.add(TieType::Family, "o00", "p50", &[("role", "sibling")]);
    let outcome = outcome(&town);
    assert!(size(&outcome, "o00", "raid_leak") > 2.0);
    assert!(size(&outcome, "o01", "handler") < -1.0 && size(&outcome, "o01", "raid_leak") <= 0.0);
    assert!(log_odds(&outcome, "o01") < -5.0, "{}", log_odds(&outcome, "o01"));
}

#[test]
fn licence_favour_is_set_against_his_other_companies() {
    let mut town = quiet();
    for who in ["o20", "o21"] {
        (0..4).for_each(|_| {
            town.add(TieType::Inspected, who, "c-g1", &[("decision", "waived"), ("start", "2019-02-03")]);
        });
        let values = [("decision", "granted"), ("start", "2019-03-01"), ("end", "2019-03-02")];
        town.add(TieType::Licensed, who, "c-g1", &values);
    }
    for at in 0..20 {
        let company = format!("c{at:02}");
        town.add(TieType::Inspected, "o21", &company, &[("decision", "waived"), ("start", "2019-02-03")]);
        let values = [("decision", "granted"), ("start", "2019-03-01"), ("end", "2019-03-02")];
        town.add(TieType::Licensed, "o21", &company, &values);
    }
    let outcome = outcome(&town);
    let (favour, light) = (size(&outcome, "o20", "licence_favour"), size(&outcome, "o21", "light_office"));
    assert!(favour > 2.0 && light < -0.5, "{favour} {light}");
    assert!(log_odds(&outcome, "o21") + 0.5 < log_odds(&outcome, "o20"));
}

#[test]
fn nobody_is_his_own_peer_and_permits_alone_prove_nothing() {
    let mut town = quiet();
    let at_work = |town: &mut Town, company: &str| {
        let values = [("role", "approver"), ("decision", "granted"), ("start", "2019-03-01")];
        town.add(TieType::Inspected, "o20", company, &[values[0], ("decision", "waived"), values[2]]);
        town.add(TieType::Licensed, "o20", company, &values);
    };
    (0..30).for_each(|_| at_work(&mut town, "c-g1"));
    let network = town.network();
    let globals = globals(&network);
    let (mut his, mut usual) = (Globals::default(), 1.0);
    let official = network.node("o20").unwrap();
    let own: Vec<_> = network.arcs(official).map(|arc| network.tie(arc.tie)).collect();
    own.iter().for_each(|tie| his.tie(&network, *tie));
    for tie in own.iter().filter(|tie| tie.role() == Some("approver")) {
        usual = globals.peers(*tie, "market_regulation", 0.7, 6.0, &his).min(usual);
    }
    let passed_by_others = globals.others("inspected//", &his).rate(0.7, 6.0);
    assert_eq!(usual, passed_by_others, "he alone has the role: all inspections but his are the usual");
    let outcome = outcome(&town);
    let favour = size(&outcome, "o20", "licence_favour");
    let pair = super::tests::pair(&outcome, "o20", "g1").unwrap();
    let weights = Weights::default();
    assert!(favour > 2.0 && favour < weights.most && pair.score < 0.5, "{favour} {}", pair.score);
}

#[test]
fn sign_off_counts_when_others_keep_reporting() {
    let mut town = quiet();
    for (who, gang_leads) in [("o00", 3), ("o01", 3)] {
        for at in 0..gang_leads {
            let id = format!("l-{who}-{at}");
            lead(&mut town, &id, &["g1"], &[("source", &id), ("grade", "C3")], &[("received", "2019-01-01")]);
            let decision = if who == "o00" { "unfounded" } else { "verified" };
            town.add(TieType::Reviewed, who, &id, &[("decision", decision), ("start", "2019-02-01")]);
        }
    }
    for at in 0..3 {
        let id = format!("later{at}");
        lead(&mut town, &id, &["g1"], &[("source", &id), ("grade", "C3")], &[("received", "2019-06-01")]);
    }
    let outcome = outcome(&town);
    assert!(size(&outcome, "o00", "sign_off") > 0.5 && size(&outcome, "o01", "fair_review") < 0.0);
}

#[test]
fn a_signature_on_a_case_is_a_closing_of_its_own_and_counts_once() {
    let town = |reviewed: bool, day: &str| {
        let mut town = quiet();
        let props = [("gang", "g1"), ("umbrella_finding", "none"), ("signed_by", "o00"), ("signed", day)];
        town.entity("kg", Kind::Case, Table::Cases, &props);
        town.add(TieType::Handled, "o00", "kg", &[("role", "investigator")]);
        if reviewed {
            town.add(TieType::Reviewed, "o00", "kg", &[("decision", "no_umbrella"), ("start", day)]);
        }
        for at in 0..3 {
            let id = format!("later{at}");
            lead(&mut town, &id, &["g1"], &[("source", &id), ("grade", "B2")], &[("received", "2019-06-01")]);
        }
        outcome(&town)
    };
    let signed = town(false, "2019-02-01");
    let pair = super::tests::pair(&signed, "o00", "g1").unwrap();
    let factor = pair.factors.iter().find(|factor| factor.factor == "sign_off").unwrap();
    assert!(factor.log_odds > 0.5 && factor.evidence == [Id::from("kg")], "{factor:?}");
    let both = town(true, "2019-02-01");
    assert!((size(&both, "o00", "sign_off") - factor.log_odds).abs() < 0.1, "the same closing, told twice");
    assert!(
        size(&town(false, "2019-07-01"), "o00", "sign_off") < 0.5 * factor.log_odds,
        "nobody reported since"
    );
}

/// Of a gang's ball the signer may be unknown, of the whole file he is not: one answer either way.
#[test]
fn an_earlier_signature_does_not_stand_in_for_one_of_somebody_unknown() {
    let signed = |later: &str| {
        let mut town = quiet();
        let props = [("gang", "g1"), ("umbrella_finding", "none")];
        town.entity("k-signed", Kind::Case, Table::Cases, &props);
        let by = |who: &'static str| [("by", who), ("value", "none")];
        town.step("st1", "k-signed", "signed_off", "2019-03-01", &by("o00"));
        if !later.is_empty() {
            let props = [("by", later), ("value", "none")];
            town.step("st2", "k-signed", "signed_off", "2020-03-01", &props);
        }
        town.add(TieType::Meeting, "o00", "m-g1-0", &[("start", "2019-05")]);
        let outcome = outcome(&town);
        let pair = super::tests::pair(&outcome, "o00", "g1").unwrap();
        pair.factors.iter().any(|factor| matches!(factor.factor, "sign_off" | "fair_review"))
    };
    assert!(signed(""), "he signed last");
    assert!(!signed("o01"), "another did, who is on file");
    assert!(!signed("nobody-here"), "somebody did of whom nothing else is");
}

#[test]
fn allegation_counts_voices_by_grade_not_letters() {
    let mut town = quiet();
    for (at, channel) in ["public_report", "detainee_interview", "case_investigation"].iter().enumerate() {
        let source = format!("s{at}");
        let values = [("source", source.as_str()), ("grade", "B2")];
        lead(
            &mut town,
            &format!("la{at}"),
            &["o00", "g1"],
            &values,
            &[("channel", channel), ("status", "open")],
        );
    }
    for at in 0..20 {
        let values = [("source", "angry"), ("grade", "D4")];
        let props = [("channel", "public_report"), ("status", "open")];
        lead(&mut town, &format!("lb{at}"), &["o01", "g1"], &values, &props);
    }
    lead(
        &mut town,
        "lc",
        &["o02", "g1"],
        &[("source", "-"), ("grade", "F6")],
        &[("channel", "public_report")],
    );
    let outcome = outcome(&town);
    assert!(size(&outcome, "o00", "allegation") > 2.0);
    assert!(size(&outcome, "o01", "allegation") + size(&outcome, "o01", "slander") < 0.3, "one voice");
    let hearsay = size(&outcome, "o02", "allegation");
    assert!(hearsay < 0.25 * size(&outcome, "o00", "allegation"), "{hearsay}");
    under(&outcome, "o01");
    under(&outcome, "o02");
}

#[test]
fn contact_is_what_the_number_of_contacts_does_not_explain() {
    let mut town = quiet();
    for member in 0..4 {
        for who in ["o10", "o11"] {
            town.add(TieType::Meeting, who, &format!("m-g1-{member}"), &[("start", "2019-05")]);
        }
    }
    for at in 0..90 {
        town.add(TieType::Call, "o11", &format!("p{:02}", at % 60), &[("start", "2019-07")]);
    }
    let outcome = outcome(&town);
    let (contact, popular) = (size(&outcome, "o10", "contact"), size(&outcome, "o11", "popular"));
    assert!(contact > 0.5 && popular < -0.2, "{contact} {popular}");
    assert!(log_odds(&outcome, "o11") < log_odds(&outcome, "o10"));
    under(&outcome, "o11");
}

#[test]
fn contact_is_weighed_by_how_often_and_how_long_ago() {
    let with = |count: &str, year: u16| {
        let mut town = quiet();
        let day = format!("{year}-05-06");
        for who in ["m-g1-1", "m-g1-2"] {
            town.add(TieType::Call, "o10", who, &[("start", &day), ("count", count)]);
        }
        size(&outcome(&town), "o10", "contact")
    };
    assert!(with("1", 2019) < with("6", 2019) && with("6", 2019) < with("20", 2019));
    assert!(with("6", 2012) < with("6", 2019), "not renewed for seven years");
    assert_eq!(with("50", 2019), with("5000", 2019), "however often, there is a limit");
}

#[test]
fn duty_kinship_and_origin_explain_contact() {
    let mut town = quiet();
    for who in ["o00", "o10", "o20", "o21"] {
        let values = [("start", "2019-05-06"), ("count", "9")];
        town.add(TieType::Call, who, "m-g1-1", &values);
        town.add(TieType::Call, who, "m-g1-2", &values);
    }
    town.entity(
        "kg",
        Kind::Case,
        Table::Cases,
        &[("gang", "g1"), ("opened", "2019-04-01"), ("closed", "2019-08-01")],
    );
    for who in ["m-g1-1", "m-g1-2"] {
        town.add(TieType::Suspect, who, "kg", &[]);
        town.add(TieType::Associate, "o21", who, &[("role", "same_hometown")]);
    }
    for (who, role) in [("o00", "investigator"), ("o10", "judge")] {
        town.add(
            TieType::Handled,
            who,
            "kg",
            &[("role", role), ("decision", "charged"), ("start", "2019-07-01")],
        );
    }
    let outcome = outcome(&town);
    let of = |who, factor| size(&outcome, who, factor);
    let whole = of("o20", "contact");
    assert!(whole > 1.0 && of("o20", "duty_contact") == 0.0, "{whole}");
    assert!(
        of("o00", "duty_contact") < of("o10", "duty_contact"),
        "who investigates must speak with suspects"
    );
    assert!(
        of("o10", "duty_contact") < 0.0 && of("o00", "contact") + of("o00", "duty_contact") < 0.5 * whole
    );
    assert!(of("o21", "familiar") < -0.3 && of("o20", "familiar") == 0.0, "{}", of("o21", "familiar"));
}

#[test]
fn a_call_before_a_raid_does_not_count_as_contact_again() {
    let mut town = quiet();
    for (at, day) in ["2019-01-20", "2019-03-20"].iter().enumerate() {
        raid(&mut town, &format!("e{at}"), "g1", day, "empty", "o00");
    }
    let before = town.add(TieType::Call, "o00", "m-g1-1", &[("start", "2019-01-19")]);
    let other = town.add(TieType::Call, "o00", "m-g1-2", &[("start", "2019-08-01")]);
    let outcome = outcome(&town);
    let pair = super::tests::pair(&outcome, "o00", "g1").unwrap();
    let rows = |factor: &str| -> Vec<&str> {
        let of = pair.factors.iter().filter(|f| f.factor == factor);
        of.flat_map(|f| f.evidence.iter().map(Id::as_str)).collect()
    };
    assert!(rows("raid_leak").contains(&before.as_str()));
    assert_eq!(rows("contact"), [other.as_str()]);
}

#[test]
fn broker_is_somebody_close_in_contact_with_several() {
    let mut town = quiet();
    town.add(TieType::Family, "o10", "p50", &[("role", "sibling")]);
    for member in 0..4 {
        town.add(TieType::Meeting, "p50", &format!("m-g1-{member}"), &[("start", "2019-05")]);
    }
    town.add(TieType::Call, "o10", "m-g1-0", &[("start", "2019-05-06")]);
    let outcome = outcome(&town);
    assert!(size(&outcome, "o10", "broker") > 0.5, "{}", size(&outcome, "o10", "broker"));
    assert_eq!(size(&outcome, "o10", "contact"), 0.0, "told, and counts nothing beside the greater");
    let pair = super::tests::pair(&outcome, "o10", "g1").unwrap();
    assert!(pair.factors.iter().any(|factor| factor.factor == "contact" && !factor.context.is_empty()));
}

#[test]
fn a_report_by_who_files_rows_of_his_own_is_no_further_voice() {
    let town = |source: &str| {
        let mut town = quiet();
        let values = [("source", "screening"), ("decision", "waived"), ("start", "2019-02-03")];
        town.add(TieType::Inspected, "o20", "c-g1", &values);
        lead(
            &mut town,
            "l1",
            &["o20", "g1"],
            &[("source", source), ("grade", "B2")],
            &[("channel", "government_screening"), ("status", "open")],
        );
        size(&outcome(&town), "o20", "allegation")
    };
    assert!(town("somebody") > 0.5 && town("screening") == 0.0, "{} {}", town("somebody"), town("screening"));
}

#[test]
fn a_refuted_contact_is_none_and_is_told_as_refuted() {
    let mut town = quiet();
    let calls: Vec<String> = (1..4)
        .map(|member| {
            town.add(
                TieType::Call,
                "o20",
                &format!("m-g1-{member}"),
                &[("count", "6"), ("start", "2019-05-03")],
            )
        })
        .collect();
    let of = |town: &Town, name: &str| {
        let outcome = outcome(town);
        super::tests::pair(&outcome, "o20", "g1")
            .and_then(|pair| pair.factors.iter().find(|factor| factor.factor == name).cloned())
    };
    let cites = |factor: &Option<Factor>, row: &str| {
        factor.as_ref().is_some_and(|factor| factor.evidence.iter().any(|own| own.as_str() == row))
    };
    assert!(cites(&of(&town, "contact"), &calls[0]) && of(&town, "refuted").is_none());
    town.refute(&calls[0]);
    let (contact, refuted) = (of(&town, "contact"), of(&town, "refuted"));
    assert!(!cites(&contact, &calls[0]) && cites(&contact, &calls[1]), "{contact:?}");
    let denial = refuted.unwrap();
    assert!(
        denial.log_odds < 0.0
            && denial.context.iter().chain(&denial.evidence).any(|row| row.as_str() == calls[0])
    );
    calls[1..].iter().for_each(|row| {
        town.refute(row);
    });
    assert!(of(&town, "contact").is_none(), "none is left");
}
