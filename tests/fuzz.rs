//! The targets of `fuzz/` over their seeds, and over seeds that were spoilt: short, in every run.

use crate::faults::{Dice, rounds, spoil};

#[path = "../fuzz/src/targets.rs"]
mod targets;

/// Runs a target over each seed, and over as many spoilt ones as are asked for.
fn run(name: &str, usual: u64) {
    let (_, seeds, target) = targets::ALL.iter().find(|(own, ..)| *own == name).unwrap();
    let seeds = seeds();
    assert!(!seeds.is_empty());
    seeds.iter().for_each(|seed| target(seed));
    for round in 0..rounds("PARASOL_FUZZ", usual) {
        let mut dice = Dice::of(round);
        let mut input = seeds[dice.below(seeds.len() as u64) as usize].clone();
        spoil(&mut input, &mut dice);
        let outcome = std::panic::catch_unwind(|| target(&input));
        assert!(outcome.is_ok(), "{name}, round {round}: {:?}", String::from_utf8_lossy(&input));
    }
}

#[test]
fn tables_may_hold_anything() {
    run("table", 2_000);
}

#[test]
fn workbooks_may_hold_anything() {
    run("workbook", 400);
}

#[test]
fn mappings_may_hold_anything() {
    run("mapping", 1_500);
}

#[test]
fn dates_may_be_anything() {
    run("date", 3_000);
}

#[test]
fn amounts_may_be_anything() {
    run("amount", 3_000);
}

#[test]
fn labels_may_be_anything() {
    run("label", 400);
}

#[test]
fn stores_may_hold_anything() {
    run("store", 400);
}
