//! The generator of plain rows keeps its word: as many rows as asked, the same bytes again.

use std::collections::BTreeSet;
use std::fs::read_to_string;
use std::path::Path;

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
