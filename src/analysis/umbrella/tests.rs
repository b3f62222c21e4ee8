use super::testing::bundle;
use super::*;
use crate::messages::{Catalogue, Lang};

fn fixture(name: &str) -> Network {
    bundle(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)).network()
}

/// Every key that a source file of this folder names.
fn keys() -> BTreeSet<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/analysis/umbrella");
    let mut keys = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        keys.extend(text.split('"').filter(|part| part.starts_with("umbrella-")).map(str::to_owned));
    }
    keys
}

#[test]
fn both_languages_have_every_sentence() {
    let (en, zh) = (Catalogue::new(Lang::En), Catalogue::new(Lang::Zh));
    for key in keys().iter().filter(|key| key.len() > "umbrella-".len()) {
        assert!(en.has(key) && zh.has(key), "{key}");
    }
}

/// What every outcome keeps to, whatever the network.
pub(crate) fn check_laws(network: &Network, outcome: &Outcome) {
    let mut rows: BTreeSet<&str> = network.ties().flat_map(|tie| network.tie(tie).rows()).collect();
    rows.extend(network.steps().iter().map(|step| step.row.as_str()));
    for pair in &outcome.pairs {
        let name = format!("{} {}", pair.official.id, pair.gang.id);
        let sum: f64 = pair.factors.iter().map(|factor| factor.log_odds).sum();
        assert_eq!(sum, pair.log_odds, "{name}: the factors add up to the whole");
        assert_eq!(pair.score, logistic(pair.log_odds), "{name}");
        assert!(pair.p_value.is_none_or(|p| (0.0..=1.0).contains(&p)), "{name}");
        let mut seen = BTreeSet::new();
        for factor in &pair.factors {
            let free = ["prior", "silence", "kin_cap", "calibration"].contains(&factor.factor);
            assert!(
                free || factor.log_odds == 0.0 || !factor.evidence.is_empty(),
                "{name}: {}",
                factor.factor
            );
            for row in &factor.evidence {
                assert!(rows.contains(row.as_str()), "{name}: {row} is not in the network");
                assert!(seen.insert(row.clone()), "{name}: {row} counts twice");
            }
        }
    }
}

#[test]
fn a_probability_for_each_pair_and_the_parts_add_up() {
    for name in ["harbour-town", "obvious-suspect"] {
        let network = fixture(name);
        check_laws(&network, &run(&network, &Options::default()));
    }
}
