//! Invented cities, from end to end: generated, imported, scored.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};

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

/// On a city, where work is shared out: fixtures are too small to need a second thread.
#[test]
fn the_number_of_threads_changes_nothing() {
    let told = |threads: &str| {
        let desk = Desk::new();
        let with = |args: &[&str]| desk.ok(&[args, &["--threads", threads]].concat()).out();
        with(&["generate", "--out", "city", "--people", "2500", "--relations", "40000", "--seed", "9"]);
        let read = |name: &str| fs::read(desk.path(name)).unwrap();
        let city = ["relations.csv", "leads.csv", "truth.csv"].map(|name| read(&format!("city/{name}")));
        with(&["import", "city"]);
        with(&["draw", "--all", "--out", "all.svg"]);
        let said = [
            &["info", "--json"][..],
            &["umbrella", "--json"],
            &["evaluate", "city/truth.csv", "--no-baselines", "--json"],
            &["rank", "--by", "approximate-betweenness", "--json"],
        ];
        (city, read("all.svg"), said.map(with))
    };
    assert!(told("1") == told("3"), "an answer depends on the number of threads");
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
    assert!(found[0]["weights"].is_string() && found[0]["any_discovery"].is_f64());
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
    assert!(
        best[0]["any_discovery"].is_null() && best[0]["weights"].is_null(),
        "a file says nothing of chance"
    );
    for (figure, wanted) in
        [("average_precision", 1.0), ("precision", 1.0), ("brier", 0.0), ("decoys_in_top", 0.0)]
    {
        assert_eq!(best[0][figure]["mean"], wanted, "{figure}");
    }
    let turned = |line: &String| match (line.strip_suffix(",1"), line.strip_suffix(",0")) {
        (Some(pair), _) => format!("{pair},0"),
        (_, Some(pair)) => format!("{pair},1"),
        _ => line.clone(),
    };
    // The same turned round has wrong whatever can be wrong, and each file is told by itself.
    let worst: Vec<String> = lines.iter().map(turned).collect();
    fs::write(desk.path("worst.csv"), worst.join("\n")).unwrap();
    let args = ["evaluate", "city/truth.csv", "best.csv", "worst.csv", "--no-baselines", "--wrong", "2"];
    let both = desk.json(&args);
    let wrong: Vec<(&str, &str)> = both[2..]
        .iter()
        .map(|line| (line["file"].as_str().unwrap(), line["wrong"].as_str().unwrap()))
        .collect();
    assert_eq!(wrong, [("worst.csv", "false"), ("worst.csv", "false")]);
    let table = desk.ok(&args).out();
    assert!(table.contains("base rate") && table.contains("+ worst.csv  1  "), "{table}");
    assert!(!table.contains("q ≤ 0.1") && !table.contains("weights"), "{table}");
    assert!(desk.ok(&args[..2]).out().contains("weights"));
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
    for part in ["average precision", "skill", "seeds 1001–1002", "styles county, port", "needs 5 cities"] {
        assert!(table.out().contains(part), "{part}: {}", table.out());
    }
    assert!(found[0]["average_precision"]["low"].is_null(), "two cities say nothing of others");
    assert_eq!(desk.json(&args), found, "the same cities give the same figures");
}

#[test]
fn cities_that_were_measured_before_ctrl_c_are_told_and_nothing_is_left() {
    let desk = Desk::new();
    fs::create_dir(desk.path("scratch")).unwrap();
    let city = ["evaluate", "--people", "400", "--no-baselines", "--cities"];
    let interrupted = |is_time: &mut dyn FnMut() -> bool| {
        let mut run = Command::new(env!("CARGO_BIN_EXE_parasol"));
        run.args(city)
            .args(["100000", "--lang", "en", "--json"])
            .current_dir(desk.path("."))
            .env_clear()
            .env("TMPDIR", desk.path("scratch"));
        let mut run = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        while !is_time() {
            assert!(run.try_wait().unwrap().is_none(), "it ended by itself");
        }
        assert!(Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap().success());
        let ended = run.wait_with_output().unwrap();
        let (out, said) = (ended.stdout, String::from_utf8(ended.stderr).unwrap());
        assert_eq!(ended.status.code(), Some(130), "{said}");
        assert_eq!(fs::read_dir(desk.path("scratch")).unwrap().count(), 0, "{said}");
        (String::from_utf8(out).unwrap(), said)
    };
    // Folders come and go: after some of them, some cities are done.
    let mut folders = BTreeSet::new();
    let folder =
        || fs::read_dir(desk.path("scratch")).unwrap().filter_map(|entry| Some(entry.ok()?.file_name()));
    let (out, said) = interrupted(&mut || {
        folders.extend(folder());
        folders.len() > 7
    });
    let found: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let done = found[0]["cities"].as_u64().unwrap();
    assert!(said.contains(&format!("{done} of 100000 cities were measured")), "{said}");
    assert!(done > 1 && found[0]["broken_off"] == true);
    // They are what these cities are without anybody who interrupts.
    let mut whole = desk.json(&[&city[..], &[&done.to_string()]].concat());
    whole.iter_mut().for_each(|line| line["broken_off"] = true.into());
    assert_eq!(whole, found);
    // Before any is done there is nothing to tell but that.
    let (out, said) = interrupted(&mut || folder().next().is_some());
    assert!(out.is_empty() && said.contains("no city was measured"), "{said}");
}
