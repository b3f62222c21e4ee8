//! The generator of plain rows keeps its word: as many rows as asked, the same bytes again.

use std::collections::BTreeSet;
use std::fs::read_to_string;
use std::path::Path;

use crate::program::Desk;
use crate::rows;

fn table(dir: &Path, name: &str) -> String {
    read_to_string(dir.join(format!("{name}.csv"))).unwrap()
}

#[test]
fn the_same_numbers_and_seed_give_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    rows::write_bundle(one.path(), 500, 2_000, 7).unwrap();
    rows::write_bundle(two.path(), 500, 2_000, 7).unwrap();
    for name in ["sources", "organisations", "officials", "gang_members", "people", "cases", "relations"] {
        assert_eq!(table(one.path(), name), table(two.path(), name), "{name}");
    }
    assert_eq!(table(one.path(), "relations").lines().count(), 2_001);
}

#[test]
fn every_row_names_what_there_is() {
    let dir = tempfile::tempdir().unwrap();
    rows::write_bundle(dir.path(), 500, 2_000, 1).unwrap();
    let tables = ["organisations", "officials", "gang_members", "people", "cases", "objects"];
    let text: String = tables.iter().map(|name| table(dir.path(), name)).collect();
    let ids: BTreeSet<&str> = text.lines().filter_map(|line| line.split(',').next()).collect();
    for line in table(dir.path(), "relations").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        assert!(ids.contains(cells[2]) && ids.contains(cells[3]) && cells[2] != cells[3], "{line}");
    }
}

/// A file in which nothing is planted, unlike the cities that the score was fitted on: no reports, no reviews, a
/// third of the payments that officials would have.
#[test]
fn a_file_without_any_story_has_hardly_a_pair_over_the_line() {
    let over = |seed: u64| {
        let desk = Desk::new();
        rows::write_bundle(&desk.path("rows"), 4_000, 80_000, seed).unwrap();
        desk.ok(&["import", "rows"]);
        let pairs = desk.json(&["umbrella", "--min-score", "0.3"]);
        pairs.iter().filter(|pair| pair["over_line"] == true).count()
    };
    let all: Vec<usize> = (1..=4).map(over).collect();
    assert!(all.iter().sum::<usize>() <= all.len(), "at most one a file on average: {all:?}");
}
