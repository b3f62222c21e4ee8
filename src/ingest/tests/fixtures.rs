//! The fixtures: what must be said of each bad row, and that nothing is said of sound ones.

use std::path::{Path, PathBuf};

use super::help::{Kept, read_with};
use crate::ingest::Nothing;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

fn read(name: &str) -> Kept {
    let kept = read_with(&fixture(name), &Nothing);
    kept.check_laws();
    kept
}

#[test]
fn sound_fixtures_have_no_rejected_rows() {
    for name in ["harbour-town", "obvious-suspect", "crimenet"] {
        assert_eq!(read(name).reasons(), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn of_the_bad_bundle_every_bad_row_is_rejected_for_what_is_wrong_with_it() {
    let text = std::fs::read_to_string(fixture("bad-bundle").join("expected.json")).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
    let line = |r: &serde_json::Value| {
        let word = |key: &str| r[key].as_str().unwrap().to_owned();
        format!("{}:{} {} {}", word("file"), r["line"], word("column"), word("code"))
    };
    let mut expected: Vec<String> = expected["rejected"].as_array().unwrap().iter().map(line).collect();
    let mut found = read("bad-bundle").reasons();
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
}
