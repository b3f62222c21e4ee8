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

#[test]
fn a_ranking_is_measured_against_the_truth_beside_plain_measures() {
    let desk = Desk::new();
    desk.ok(&["generate", "--out", "city", "--people", "700", "--seed", "3"]);
    desk.ok(&["import", "city"]);
    let found = desk.json(&["evaluate", "city/truth.csv", "--wrong", "3"]);
    let names: Vec<&str> = found.iter().filter_map(|line| line["ranking"].as_str()).collect();
    assert_eq!((names.len(), names[0]), (8, "parasol"));
    assert!(found[0]["brier"]["mean"].is_f64() && found[1]["brier"].is_null());
    assert!(found.iter().skip(8).all(|line| line["factors"].is_object()));
    // The truth itself, as a ranking, is without a fault.
    let truth = fs::read_to_string(desk.path("city/truth.csv")).unwrap();
    let rows = truth.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    let score = |row: &[&str]| format!("{},{},{}", row[0], row[1], u8::from(!row[2].is_empty()));
    let lines: Vec<String> =
        std::iter::once("official,gang,score".to_owned()).chain(rows.map(|row| score(&row))).collect();
    fs::write(desk.path("best.csv"), lines.join("\n")).unwrap();
    let best = desk.json(&["evaluate", "city/truth.csv", "best.csv", "--no-baselines"]);
    assert_eq!(best.len(), 1);
    for (figure, wanted) in
        [("average_precision", 1.0), ("precision", 1.0), ("brier", 0.0), ("decoys_in_top", 0.0)]
    {
        assert_eq!(best[0][figure]["mean"], wanted, "{figure}");
    }
    assert_eq!(desk.run(&["evaluate", "city/leads.csv"]).code(), 2);
    assert_eq!(desk.run(&["evaluate"]).code(), 2);
    assert_eq!(desk.run(&["evaluate", "--cities", "0"]).code(), 2);
    // The truth of another city would look like a very bad score.
    std::fs::write(desk.path("other.csv"), "official,gang,mechanisms,decoy,evidence\nzz,yy,broker,no,\n")
        .unwrap();
    let other = desk.run(&["evaluate", "other.csv", "--lang", "en"]);
    assert!(other.code() == 2 && other.err().contains("another city"), "{}", other.err());
    std::fs::write(desk.path("strange.csv"), "official,gang,score\nzz,yy,0.5\n").unwrap();
    assert_eq!(desk.run(&["evaluate", "city/truth.csv", "strange.csv"]).code(), 2);
}

#[test]
fn cities_are_made_and_measured_in_one_go_and_nothing_is_left() {
    let desk = Desk::new();
    let args = ["evaluate", "--cities", "2", "--people", "500", "--missing", "0,0.5", "--no-baselines"];
    let found = desk.json(&args);
    let own: Vec<(f64, u64)> = found
        .iter()
        .filter(|line| line["style"].is_null())
        .map(|line| (line["missing"].as_f64().unwrap(), line["cities"].as_u64().unwrap()))
        .collect();
    assert_eq!(own, [(0.0, 2), (0.5, 2)]);
    assert_eq!(found.len(), 6, "and each of the two styles by itself");
    assert_eq!(fs::read_dir(desk.folder.path()).unwrap().count(), 0);
    let table = desk.ok(&args);
    assert!(table.out().contains("average precision"), "{}", table.out());
    assert_eq!(desk.json(&args), found, "the same cities give the same figures");
}
