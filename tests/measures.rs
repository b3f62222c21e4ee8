//! Measures, paths and groups through their commands, as an investigator asks for them.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::program::Desk;

fn is_sound(value: &Value) -> bool {
    match value {
        Value::Array(all) => all.iter().all(is_sound),
        Value::Object(all) => all.values().all(is_sound),
        // JSON has no NaN: serde writes null for it.
        Value::Number(number) => number.as_f64().is_some_and(f64::is_finite),
        _ => true,
    }
}

/// The lines of a command with one thread, which are those with three.
fn lines(desk: &Desk, args: &[&str]) -> Vec<Value> {
    let one = desk.json(&[args, &["--threads", "1"]].concat());
    assert_eq!(one, desk.json(&[args, &["--threads", "3"]].concat()), "{args:?}");
    assert!(one.iter().all(is_sound), "{args:?}");
    one
}

#[test]
fn every_measure_answers_with_bands_chance_and_layers() {
    let desk = Desk::with(&["harbour-town"]);
    let list = desk.json(&["rank", "--list"]);
    assert!(list.len() >= 19);
    for measure in &list {
        let name = measure["measure"].as_str().unwrap();
        let from: &[&str] =
            if desk.run(&["rank", "--by", name]).code() == 2 { &["--from", "g1"] } else { &[] };
        let ask = [&["rank", "--by", name, "--top", "3", "--by-layer", "--draws", "9"], from].concat();
        for more in [&["--bands", "--chance"][..], &["--bands=people"]] {
            for row in lines(&desk, &[&ask[..], more].concat()) {
                assert!(row["value"].is_number() && row["by_layer"].is_object(), "{name}: {row}");
                let is_share =
                    |key: &str| row[key].as_f64().is_some_and(|share| (0.0..=1.0).contains(&share));
                assert!(
                    is_share("top_ten") && row["best"].as_u64() <= row["worst"].as_u64(),
                    "{name}: {row}"
                );
                assert!(more.len() == 1 || is_share("p") && is_share("q"), "{name}: {row}");
            }
        }
    }
    for name in ["degree", "constraint", "effective-size", "clustering", "triangles", "pagerank", "katz"] {
        assert!(!lines(&desk, &["rank", "--by", name, "--directed"]).is_empty());
    }
    assert_eq!(desk.run(&["rank", "--by", "degree", "--chance", "--directed"]).code(), 2);
}

#[test]
fn whoever_is_tied_already_lacks_no_tie_and_nobody_is_ranked_by_nothing() {
    let desk = Desk::with(&["harbour-town"]);
    for name in
        ["common-neighbours", "adamic-adar", "resource-allocation", "l3", "katz-from", "pagerank-from"]
    {
        let found = lines(&desk, &["rank", "--by", name, "--from", "g1", "--all-people", "--top", "99"]);
        assert!(!found.is_empty() && found.iter().all(|row| row["value"].as_f64() > Some(0.0)), "{name}");
        for row in &found {
            let id = row["id"].as_str().unwrap();
            assert_eq!(desk.run(&["paths", "g1", id, "--max-hops", "1"]).code(), 3, "{name} {id}");
            assert_eq!(
                desk.run(&["paths", "g1", id, "--max-hops", "1", "--members"]).code(),
                3,
                "{name} {id}"
            );
        }
    }
    let nobody = desk.run(&["rank", "--by", "l3", "--from", "o01", "--layers", "communication"]);
    assert_eq!(nobody.code(), 3);
    for idle in
        [&["pagerank", "--from", "g1"][..], &["degree", "--epsilon", "0.1"], &["degree", "--draws", "9"]]
    {
        assert_eq!(desk.run(&[&["rank", "--by"], idle].concat()).code(), 2, "{idle:?}");
    }
}

#[test]
fn the_least_constrained_come_first_and_an_estimate_says_how_far_off_it_is() {
    let desk = Desk::with(&["harbour-town"]);
    let all = lines(&desk, &["rank", "--by", "constraint", "--all-people", "--top", "99"]);
    let values: Vec<f64> = all.iter().map(|row| row["value"].as_f64().unwrap()).collect();
    let tied = values.iter().take_while(|value| **value > 0.0).count();
    let in_order = values[..tied].windows(2).all(|w| w[0] <= w[1] + 1e-9);
    assert!(tied > 9 && in_order && values[tied..].iter().all(|value| *value == 0.0));
    let ask = ["rank", "--by", "approximate-betweenness", "--epsilon", "0.05"];
    let row = &lines(&desk, &ask)[0];
    assert!(row["error"].as_f64() > Some(0.0) && row["delta"] == 0.1);
    let text = desk.run(&[&ask[..], &["--lang", "en"]].concat()).out();
    assert!(text.contains("no value is further off than"), "{text}");
}

#[test]
fn the_few_nearest_are_the_first_of_all() {
    let desk = Desk::with(&["obvious-suspect"]);
    let few = lines(&desk, &["rank", "--by", "closeness", "--all-people", "--top", "4"]);
    let all = lines(&desk, &["rank", "--by", "closeness", "--all-people", "--top", "9999"]);
    assert_eq!(few, all[..4]);
}

#[test]
fn calls_come_with_a_warning_where_ties_are_said_to_be_missing() {
    let desk = Desk::with(&["harbour-town"]);
    let ask = |by: &str, layers: &str| {
        desk.run(&["rank", "--by", by, "--from", "g1", "--all-people", "--layers", layers, "--lang", "en"])
            .err()
    };
    assert!(ask("adamic-adar", "communication").contains("calls"));
    assert!(ask("pagerank-from", "communication").contains("calls"));
    assert!(!ask("adamic-adar", "kinship,social,crime").contains("calls"));
    assert!(!ask("pagerank", "communication").contains("calls"));
}

#[test]
fn paths_are_counted_taken_together_and_set_against_chance() {
    let desk = Desk::with(&["harbour-town"]);
    let ask = ["paths", "o01", "g1", "--within", "0.05", "--together", "--chance=30"];
    let found = lines(&desk, &ask);
    let count = found.iter().find(|line| !line["paths"].is_null()).unwrap();
    assert_eq!(count["exact"], true);
    let shown = found.iter().filter(|line| !line["rank"].is_null()).count() as u64;
    assert_eq!(count["paths"].as_u64().unwrap().min(100), shown);
    let sure = &found.iter().find(|line| !line["together"].is_null()).unwrap()["together"];
    let (least, most) = (sure["least"].as_f64().unwrap(), sure["most"].as_f64().unwrap());
    assert!(found[0]["reliability"].as_f64().unwrap() <= least + 1e-9 && least <= most && most <= 1.0);
    let chance = &found.iter().find(|line| !line["chance"].is_null()).unwrap()["chance"];
    assert!(
        ["tied", "shared", "three_hops"].iter().all(|key| chance[key]["p"].as_f64().is_some_and(|p| p > 0.0))
    );
    // Whoever is avoided is on no path, and members are where paths end.
    let over = found[0]["nodes"][1].as_str().unwrap();
    for line in lines(&desk, &["paths", "o01", "g1", "--members", "--avoid", over, "--max-hops", "20"]) {
        let nodes = line["nodes"].as_array().unwrap();
        assert!(nodes.iter().all(|node| node != over && node != "g1"));
    }
    assert_eq!(desk.run(&["paths", "o01", "g1", "--until", "1950"]).code(), 3);
    assert_eq!(desk.run(&["paths", "o01", "g1", "--within", "2"]).code(), 2);
    for nonsense in [
        &["--since", "2021", "--until", "2020"][..],
        &["--avoid", "o01"],
        &["--max-hops", "0"],
        &["--chance=9", "--avoid", "m01"],
    ] {
        assert_eq!(desk.run(&[&["paths", "o01", "g1"], nonsense].concat()).code(), 2, "{nonsense:?}");
    }
    let none = desk.run(&["paths", "o01", "g1", "--together", "--until", "1950", "--json"]);
    assert_eq!(
        (none.code(), none.out().trim()),
        (3, r#"{"together":{"drawn":null,"least":0.0,"most":0.0}}"#)
    );
    let same = desk.run(&["paths", "o01", "o01", "--lang", "en"]);
    assert!(same.code() == 2 && same.err().contains("the same entry"));
    assert_eq!(desk.run(&["paths", "o01", "g1", "--wait", "3"]).code(), 2);
}

#[test]
fn the_chains_of_money_in_the_fixture_are_found_in_time() {
    let desk = Desk::with(&["harbour-town"]);
    let ask = |from: &str, to: &str, more: &[&str]| {
        lines(&desk, &[&["paths", from, to, "--in-time", "-k", "9"], more].concat())
    };
    // Rounds of 200,000 and 176,000, and so on, over accounts; of one way the best round is told.
    let chains = ask("c01", "p04", &[]);
    assert_eq!(chains.len(), 1);
    let rows = |chain: &Value| -> Vec<String> {
        let hops = chain["hops"].as_array().unwrap();
        hops.iter().map(|hop| hop["relations"][0].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(rows(&chains[0]), ["r054", "r064", "r065", "r057"]);
    assert!((chains[0]["share"].as_f64().unwrap() - 0.88).abs() < 1e-9);
    // 170,000 of 250,000 came through to the last account.
    let last = ask("c01", "p02", &[]);
    assert_eq!(rows(&last[0]), ["r054", "r068", "r069", "r070", "r055"]);
    assert!((last[0]["share"].as_f64().unwrap() - 0.68).abs() < 1e-9);
    for more in [&["--wait", "5"][..], &["--share", "0.7"], &["--until", "2020-11"], &["--avoid", "b03"]] {
        assert_eq!(desk.run(&[&["paths", "c01", "p02", "--in-time"], more].concat()).code(), 3, "{more:?}");
    }
    assert_eq!(desk.run(&["paths", "p02", "c01", "--in-time"]).code(), 3, "money goes one way");
}

#[test]
fn every_way_of_grouping_answers_and_is_listed() {
    let desk = Desk::with(&["harbour-town"]);
    let list = desk.json(&["groups", "--list"]);
    assert_eq!(list.len(), 11);
    for method in &list {
        let name = method["method"].as_str().unwrap();
        let of: &[&str] = if name == "faction" { &["--of", "o01"] } else { &[] };
        let found = lines(&desk, &[&["groups", "--by", name], of].concat());
        assert!(!found.is_empty(), "{name}");
        let text = desk.run(&[&["groups", "--by", name, "--lang", "en"], of].concat()).out();
        assert!(text.lines().count() > 3, "{text}");
    }
    for bridge in lines(&desk, &["groups", "--by", "bridges", "--top", "9999"]) {
        let ends: Vec<&str> =
            bridge["ends"].as_array().unwrap().iter().map(|end| end.as_str().unwrap()).collect();
        // Without the tie there is no way: avoiding nothing else, every path of the two is that tie.
        let paths = lines(&desk, &["paths", ends[0], ends[1], "-k", "2", "--max-hops", "30"]);
        assert!(paths.len() == 1 && paths[0]["length"] == 1, "{bridge}");
    }
    let directed = lines(&desk, &["groups", "--by", "brokers", "--directed"]);
    assert!(directed.iter().all(|row| row["representative"].is_u64()));
    for nonsense in [
        &["--size", "0"][..],
        &["--by", "potts", "--resolution", "1e300"],
        &["--by", "cores", "--of", "o01"],
        &["--by", "reach", "--directed"],
    ] {
        assert_eq!(desk.run(&[&["groups"], nonsense].concat()).code(), 2, "{nonsense:?}");
    }
}

#[test]
fn a_circle_has_his_side_first() {
    let desk = Desk::with(&["harbour-town"]);
    let sides = lines(&desk, &["groups", "--by", "faction", "--of", "o01"]);
    assert!(sides[0]["nodes"].as_array().unwrap().iter().any(|node| node == "o01"));
    assert_eq!(desk.run(&["groups", "--by", "faction"]).code(), 2);
}

#[test]
fn a_long_measure_ends_when_it_is_told_to() {
    let desk = Desk::with(&["obvious-suspect"]);
    let mut run = Command::new(env!("CARGO_BIN_EXE_parasol"))
        .args(["rank", "--by", "closeness", "--all-people", "--bands", "--draws", "1000000000"])
        .current_dir(desk.folder.path())
        .env_clear()
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    crate::program::wait_until_it_hears(&mut run);
    std::thread::sleep(Duration::from_millis(700));
    assert!(run.try_wait().unwrap().is_none(), "it was over before it was told to end");
    assert!(Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap().success());
    let asked = Instant::now();
    while run.try_wait().unwrap().is_none() {
        // It ends within a second where nothing else runs; what never would is a hang.
        if asked.elapsed() > Duration::from_secs(60) {
            run.kill().unwrap();
            panic!("it did not end");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(run.wait().unwrap().code(), Some(130));
}
