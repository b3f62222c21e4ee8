//! Invented cities, from end to end: generated, imported, scored.

use std::fs;

use crate::program::Desk;

#[test]
fn a_city_of_each_style_is_read_whole_and_has_pairs() {
    for style in ["county", "port", "mine", "precinct", "murky"] {
        let desk = Desk::new();
        let args = ["generate", "--out", "city", "--people", "900", "--seed", "5", "--style", style];
        let made = desk.json(&[&args[..], &["--missing", "0.2"]].concat());
        assert!(made[0]["umbrellas"].as_u64().unwrap() > 0 && made[0]["lost"].as_u64().unwrap() > 1000);
        let read = desk.json(&["import", "city", "--strict"]);
        assert_eq!(read[0]["rejected"], 0, "{style}");
        assert_eq!(read[0]["tables"]["relations"]["sound"], made[0]["relations"], "{style}");
        assert!(!desk.json(&["umbrella", "--top", "5"]).is_empty());
    }
}

#[test]
fn a_city_is_never_written_over_something() {
    let desk = Desk::new();
    fs::create_dir(desk.path("city")).unwrap();
    desk.ok(&["generate", "--out", "city", "--people", "400", "--quiet"]);
    let truth = fs::read(desk.path("city/truth.csv")).unwrap();
    let again = desk.run(&["generate", "--out", "city", "--people", "500"]);
    assert_eq!(again.code(), 2, "{}", again.err());
    assert_eq!(fs::read(desk.path("city/truth.csv")).unwrap(), truth);
    for wrong in
        [["--people", "3"], ["--style", "x"], ["--missing", "1"], ["--mechanisms", "x"], ["--loss", "x"]]
    {
        let run = desk.run(&[&["generate", "--out", "other"], &wrong[..]].concat());
        assert_eq!(run.code(), 2, "{wrong:?}: {}", run.err());
    }
    assert!(!desk.path("other").exists());
}
