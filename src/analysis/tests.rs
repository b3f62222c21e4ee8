//! Tests that walk the table of measures.

use proptest::prelude::*;

use super::*;
use crate::network::NodeIx;

const CATALOGUES: [(&str, &str); 2] = [
    ("en", include_str!("../messages/analysis.en.ftl")),
    ("zh", include_str!("../messages/analysis.zh.ftl")),
];

fn values(analysis: &Analysis, projection: &Projection, from: &[u32]) -> Vec<f64> {
    let from = from.iter().map(|&node| NodeIx(node)).collect();
    // A wide error, for the estimate: few draws.
    (analysis.run)(projection, &RankOptions { from, epsilon: 0.2, ..RankOptions::default() })
        .unwrap_or_else(|why| panic!("{}: {why}", analysis.name))
}

#[test]
fn every_measure_has_its_messages_in_both_languages() {
    for (analysis, (language, catalogue)) in ALL.iter().flat_map(|a| CATALOGUES.map(|c| (a, c))) {
        for key in [analysis.title, analysis.says, analysis.cost] {
            let lines = catalogue.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
            assert_eq!(lines.filter(|text| !text.is_empty()).count(), 1, "{key} in {language}");
        }
    }
}

#[test]
fn every_message_on_measures_is_of_one_that_is_there() {
    for (language, catalogue) in CATALOGUES {
        let keys = catalogue.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key);
        for key in keys.filter(|key| key.starts_with("measure-")) {
            let known = ALL.iter().any(|a| [a.title, a.says, a.cost].contains(&key));
            assert!(known, "{key} in {language}");
        }
    }
}

#[test]
fn names_differ_and_find_their_measure() {
    for analysis in ALL {
        assert_eq!(ALL.iter().filter(|other| other.name == analysis.name).count(), 1);
        assert_eq!(measure(analysis.name).map(|found| found.title), Some(analysis.title));
    }
    assert!(measure("no such measure").is_none());
}

#[test]
fn every_measure_accepts_nobody_and_somebody_alone() {
    for analysis in ALL {
        assert_eq!(values(analysis, &Projection::default(), &[]), [] as [f64; 0]);
        let alone = Projection::from_arcs(1, &[(0, 0, 1.0)], false).unwrap();
        let values = values(analysis, &alone, &[0]);
        assert!(values.len() == 1 && values[0].is_finite(), "{}", analysis.name);
    }
}

#[test]
fn a_measure_that_needs_somebody_says_so() {
    let pair = Projection::from_arcs(2, &[(0, 1, 1.0)], false).unwrap();
    for analysis in ALL {
        let found = (analysis.run)(&pair, &RankOptions::default());
        assert_eq!(found == Err(RankError::NothingToStartFrom), analysis.needs_from, "{}", analysis.name);
    }
}

/// Measures that strengths do not matter to.
const PLAIN: &[&str] = &[
    "degree",
    "betweenness",
    "closeness",
    "core",
    "triangles",
    "clustering",
    "parts",
    "common-neighbours",
    "adamic-adar",
    "resource-allocation",
    "l3",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_doubled_tie_is_a_stronger_one_and_changes_nothing_else(
        arcs in proptest::collection::vec((0_u32..9, 0_u32..9, 0.05_f64..0.9), 1..25),
        again in 0.05_f64..0.9,
        directed: bool,
    ) {
        // A tie of two who have no other.
        let (a, b, s) = arcs[0];
        let same = |arc: &&(u32, u32, f64)| (arc.0, arc.1) == (a, b) || !directed && (arc.0, arc.1) == (b, a);
        prop_assume!(a != b && arcs.iter().filter(same).count() == 1);
        let of = |arcs: &[(u32, u32, f64)]| Projection::from_arcs(9, arcs, directed).unwrap();
        let doubled = of(&[&arcs[..], &[(a, b, again)]].concat());
        let stronger = of(&[&[(a, b, 1.0 - (1.0 - s) * (1.0 - again))], &arcs[1..]].concat());
        for analysis in ALL.iter().filter(|analysis| !analysis.is_estimate) {
            if directed && analysis.name == "eigenvector" {
                continue;
            }
            let near = |a: &[f64], b: &[f64]| {
                a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-7 * a.abs().max(1.0))
            };
            let values = |projection: &Projection| values(analysis, projection, &[0, 1]);
            prop_assert!(near(&values(&doubled), &values(&stronger)), "{}", analysis.name);
            if PLAIN.contains(&analysis.name) {
                prop_assert!(near(&values(&doubled), &values(&of(&arcs))), "{}", analysis.name);
            }
        }
        let strength = measure("strength").unwrap();
        let all = |projection: &Projection| values(strength, projection, &[]).iter().sum::<f64>();
        prop_assert!(all(&doubled) > all(&of(&arcs)), "two are more sure than one");
    }

    #[test]
    fn every_measure_is_blind_to_numbering_and_to_threads(
        arcs in proptest::collection::vec((0_u32..9, 0_u32..9, 0.05_f64..1.0), 0..25),
        order in Just((0_u32..9).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let projection = Projection::from_arcs(9, &arcs, false).unwrap();
        let renumbered: Vec<_> =
            arcs.iter().map(|&(a, b, s)| (order[a as usize], order[b as usize], s)).collect();
        let other = Projection::from_arcs(9, &renumbered, false).unwrap();
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        for analysis in ALL {
            let here = values(analysis, &projection, &[0, 1]);
            prop_assert_eq!(&here, &one.install(|| values(analysis, &projection, &[0, 1])));
            if analysis.is_estimate {
                continue;
            }
            let there = values(analysis, &other, &[order[0], order[1]]);
            for node in 0..9 {
                let (a, b) = (here[node], there[order[node] as usize]);
                prop_assert!((a - b).abs() <= 1e-8 * a.abs().max(1.0), "{}: {a} and {b}", analysis.name);
            }
        }
    }
}
