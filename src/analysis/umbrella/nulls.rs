//! Whether p holds what it says: in towns where nobody shields anybody, `P(p ≤ a) ≤ a`.

use super::chance::{fisher, scored_sums, scored_tail, together};
use super::testing::Town;
use super::*;
use crate::model::Table;

/// Dice addressed by their number: no clock, the same on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    fn below(&mut self, count: u64) -> u64 {
        self.next() % count
    }

    fn chance(&mut self, p: f64) -> bool {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64 <= p
    }
}

/// Holds that of `all` p no more than chance allows are at or under each level.
fn holds(p: &[f64], name: &str) {
    let all = p.len() as f64;
    for level in [0.005, 0.01, 0.05, 0.1, 0.2, 0.5] {
        let under = p.iter().filter(|p| **p <= level).count() as f64;
        let most = level * all + 3.0 * libm::sqrt(all * level * (1.0 - level));
        assert!(under <= most, "{name}: {under} of {all} p are at or under {level}");
    }
}

#[test]
fn the_exact_test_of_decisions_holds_whatever_the_leniency() {
    let mut dice = Dice(7);
    let mut p = Vec::new();
    for _ in 0..6000 {
        let mut kinds = Vec::new();
        for _ in 0..2 {
            let (lenient, all, ours) =
                (dice.below(9) as f64 / 10.0 + 0.1, 10 + dice.below(30), 2 + dice.below(6));
            let grades: Vec<u64> = (0..all)
                .map(|_| u64::from(dice.chance(lenient)) + u64::from(dice.chance(lenient / 2.0)))
                .collect();
            let mut counts = [0; 3];
            grades.iter().for_each(|grade| counts[*grade as usize] += 1);
            // Grades fell as they fell: the first ones are the gang's.
            kinds.push((scored_sums(ours, counts), grades.iter().take(ours as usize).sum::<u64>()));
        }
        let sums = together(&kinds[0].0, &kinds[1].0);
        p.push(libm::exp(scored_tail(&sums, kinds[0].1 + kinds[1].1)));
        let apart: Vec<f64> = kinds.iter().map(|(sums, seen)| scored_tail(sums, *seen)).collect();
        p.push(libm::exp(fisher(&apart)));
    }
    holds(&p, "decisions");
    let low = p.iter().filter(|p| **p <= 0.2).count() as f64;
    assert!(low > 0.05 * p.len() as f64, "and is not so cautious that it says nothing: {low}");
}

/// A town where everything is dealt at random: leniency differs from official to official, contacts
/// flock by district, and no gang is treated otherwise than anybody.
fn random(seed: u64) -> Town {
    let mut dice = Dice(seed.wrapping_mul(0x0100_0000_01b3));
    let mut town = Town::default();
    let people: Vec<String> = (0..80).map(|at| format!("p{at:02}")).collect();
    people.iter().for_each(|id| {
        town.people(&[id]);
    });
    for (at, sector) in ["police", "court", "market_regulation"].iter().enumerate() {
        town.entity(&format!("a{at}"), Kind::Agency, Table::Organisations, &[("sector", sector)]);
        (0..6).for_each(|n| {
            town.official(&format!("o{at}{n}"), &format!("a{at}"));
        });
    }
    for gang in 0..4 {
        let id = format!("g{gang}");
        town.entity(&id, Kind::Gang, Table::Organisations, &[("class", "criminal_group")]);
        (0..5).for_each(|n| {
            town.member(&format!("m{gang}{n}"), &id);
        });
    }
    let lenient: Vec<f64> = (0..18).map(|_| 0.1 + dice.below(7) as f64 / 10.0).collect();
    for at in 0..24_u64 {
        let company = format!("c{at:02}");
        town.entity(&company, Kind::Company, Table::Organisations, &[]);
        town.add(TieType::Ownership, &people[dice.below(80) as usize], &company, &[("share", "60")]);
        if at < 8 {
            town.add(TieType::Controls, &format!("g{}", at % 4), &company, &[]);
        }
    }
    for at in 0..120_u64 {
        let id = format!("k{at:03}");
        let gang = format!("g{}", dice.below(4));
        let props = [("gang", gang.as_str())];
        town.entity(&id, Kind::Case, Table::Cases, if at % 3 == 0 { &props } else { &[] });
        for (agency, role) in [(0, "investigator"), (1, "judge")] {
            let n = dice.below(6);
            let yes = dice.chance(lenient[(agency * 6 + n) as usize]);
            let values = [("role", role), ("decision", if yes { "dropped" } else { "charged" })];
            town.add(TieType::Handled, &format!("o{agency}{n}"), &id, &values);
        }
        let (n, company) = (dice.below(6), format!("c{:02}", dice.below(24)));
        let (passed, waived) = (dice.chance(lenient[12 + n as usize]), dice.chance(0.3));
        let decision = if !passed {
            "fined"
        } else if waived {
            "waived"
        } else {
            "passed"
        };
        town.add(
            TieType::Inspected,
            &format!("o2{n}"),
            &company,
            &[("decision", decision), ("start", "2019-02-03")],
        );
    }
    let officials: Vec<String> = (0..18).map(|at| format!("o{}{}", at / 6, at % 6)).collect();
    let mut everybody: Vec<String> = (0..20).map(|at| format!("m{}{}", at / 5, at % 5)).collect();
    everybody.extend(people.iter().cloned());
    everybody.extend(officials.iter().cloned());
    for _ in 0..260 {
        let (a, b) = (dice.below(118) as usize, dice.below(118) as usize);
        let day = format!("2019-{:02}-{:02}", 1 + dice.below(12), 1 + dice.below(28));
        town.add(TieType::Call, &everybody[a], &everybody[b], &[("start", &day)]);
    }
    for official in &officials {
        town.add(TieType::Family, official, &people[dice.below(80) as usize], &[("role", "sibling")]);
    }
    for at in 0..12_u64 {
        let (id, gang) = (format!("e{at:02}"), format!("g{}", at % 4));
        let day = format!("2019-{:02}-15", at + 1);
        let outcome = if dice.chance(0.3) { "empty" } else { "found" };
        town.entity(&id, Kind::Event, Table::Objects, &[("date", &day), ("outcome", outcome)]);
        town.add(TieType::Targets, &id, &gang, &[]);
        let (lead, source) = (format!("l{at:02}"), format!("s{at}"));
        let about = [gang, officials[dice.below(18) as usize].clone()];
        let about: Vec<&str> = about.iter().map(String::as_str).collect();
        super::towns::lead(
            &mut town,
            &lead,
            &about,
            &[("source", &source), ("grade", "C3")],
            &[("status", "open")],
        );
    }
    town
}

#[test]
fn in_random_towns_p_is_no_smaller_than_it_says() {
    let mut p = Vec::new();
    let mut found = 0;
    for seed in 0..24 {
        let outcome = run(&random(seed).network(), &Options::default());
        let of_pairs: Vec<f64> = outcome.pairs.iter().filter_map(|pair| pair.p_value).collect();
        found += usize::from(outcome.pairs.iter().any(|pair| pair.q_value.is_some_and(|q| q <= 0.1)));
        // Who has no trace at all has p = 1.
        p.extend((of_pairs.len()..18 * 4).map(|_| 1.0));
        p.extend(of_pairs);
    }
    holds(&p, "towns");
    assert!(found <= 4, "{found} of 24 towns have a false discovery at q 0.1");
}
