//! What scripts and people rely on of the command line (docs/COMMANDS.md).

use std::fs;
use std::path::Path;

use crate::program::{Desk, files, fixture};

#[test]
fn the_same_import_twice_changes_nothing() {
    let desk = Desk::with(&["harbour-town"]);
    let before = desk.json(&["info"]);
    let again = desk.json(&["import", &fixture("harbour-town")]);
    assert_eq!(again[0]["added"], 0);
    assert_eq!(again[0]["updated"], 0);
    assert_eq!(again[0]["rejected"], 0);
    assert!(again[0]["unchanged"].as_u64().unwrap() > 500);
    assert_eq!(desk.json(&["info"]), before);
    assert_eq!(desk.ok(&["verify"]).code(), 0);
}

#[test]
fn counts_of_an_import_add_up() {
    let desk = Desk::new();
    let run = desk.run(&["import", &fixture("bad-bundle"), "--json"]);
    assert_eq!(run.code(), 4);
    let counts: serde_json::Value = serde_json::from_str(run.out().trim()).unwrap();
    for (table, count) in counts["tables"].as_object().unwrap() {
        let number = |key: &str| count[key].as_u64().unwrap();
        assert_eq!(number("read"), number("sound") + number("rejected"), "{table}");
    }
    let rows: u64 =
        counts["tables"].as_object().unwrap().values().map(|count| count["rejected"].as_u64().unwrap()).sum();
    assert_eq!(counts["rejected"], rows + counts["refused"].as_u64().unwrap());
    assert!(counts["rejected"].as_u64().unwrap() > 10);
    fs::write(desk.path("people.csv"), "wer,was\np1,x\n").unwrap();
    let run = desk.run(&["import", "people.csv", "--dry-run"]);
    assert!(run.out().contains("one is a file or sheet that was refused"), "{}", run.out());
    assert!(run.err().contains("no header here names a column"), "{}", run.err());
}

#[test]
fn records_are_the_sound_rows_and_those_that_the_program_writes() {
    let desk = Desk::new();
    for (at, bundle) in ["harbour-town", "obvious-suspect", "bad-bundle"].iter().enumerate() {
        let store = format!("{at}.db");
        for _ in 0..2 {
            let run = desk.run(&["import", &fixture(bundle), "--store", &store, "--json"]);
            let counts: serde_json::Value = serde_json::from_str(run.out().trim()).unwrap();
            let of = |keys: &[&str]| -> u64 { keys.iter().map(|key| counts[key].as_u64().unwrap()).sum() };
            let tables = counts["tables"].as_object().unwrap().values();
            let sound: u64 = tables.map(|count| count["sound"].as_u64().unwrap()).sum();
            let records = of(&["added", "updated", "unchanged", "merged"]);
            assert_eq!(sound + of(&["written"]), records, "{bundle}: {counts}");
        }
    }
    let rows = ["officials", "gang_members", "people", "organisations", "cases", "objects", "leads"]
        .into_iter()
        .chain(["sources", "relations", "steps"])
        .map(|table| fs::read_to_string(format!("{}/{table}.csv", fixture("harbour-town"))).unwrap())
        .map(|text| text.lines().count() - 1);
    let told = format!("records of {} sound rows and ", rows.sum::<usize>());
    let run = desk.run(&["import", &fixture("harbour-town"), "--store", "again.db"]);
    assert!(run.out().contains(&told), "{told}: {}", run.out());
}

#[test]
fn bad_rows_are_all_in_the_file_and_strict_takes_nothing() {
    let desk = Desk::new();
    let rejects = desk.text("bad.jsonl");
    let run = desk.run(&["import", &fixture("bad-bundle"), "--strict", "--rejects", &rejects]);
    assert_eq!(run.code(), 4, "{}", run.err());
    assert!(run.err().contains("--strict"), "{}", run.err());
    let lines = fs::read_to_string(&rejects).unwrap();
    assert!(lines.lines().count() > 10);
    for line in lines.lines() {
        let reason: serde_json::Value = serde_json::from_str(line).unwrap();
        for key in ["file", "line", "column", "value", "code", "reason"] {
            assert!(reason.get(key).is_some(), "{line}");
        }
    }
    assert!(!desk.path("parasol.db").exists(), "a store that this import made is gone again");
    let run = desk.run(&["import", &fixture("bad-bundle"), "--rejects", &rejects]);
    assert_eq!(run.code(), 4);
    assert_eq!(fs::read_to_string(&rejects).unwrap(), lines);
    assert!(desk.json(&["info"])[0]["claims"].as_u64().unwrap() > 10);
}

#[test]
fn a_dry_run_writes_nothing() {
    let desk = Desk::new();
    let counts = desk.json(&["import", &fixture("harbour-town"), "--dry-run"]);
    assert!(counts[0]["added"].as_u64().unwrap() > 500);
    assert_eq!(fs::read_dir(desk.folder.path()).unwrap().count(), 0);
    let desk = Desk::with(&["harbour-town"]);
    let before = desk.json(&["info"]);
    desk.ok(&["import", &fixture("obvious-suspect"), "--dry-run"]);
    assert_eq!(desk.json(&["info"]), before);
}

#[test]
fn exit_codes_mean_what_they_say() {
    let desk = Desk::with(&["harbour-town"]);
    let code = |args: &[&str]| desk.run(args).code();
    assert_eq!(code(&["info"]), 0);
    assert_eq!(code(&["info", "--store", "nowhere.db"]), 1);
    assert_eq!(code(&["frobnicate"]), 2);
    assert_eq!(code(&["rank", "--by", "beauty"]), 2);
    assert_eq!(code(&["draw", "--all", "--out", "x.bmp"]), 2);
    assert_eq!(code(&["explain", "m01", "g1"]), 2);
    assert_eq!(code(&["show", "nobody"]), 3);
    assert_eq!(code(&["find", "zzzzzz"]), 3);
    assert_eq!(code(&["find", " "]), 2);
    assert_eq!(code(&["paths", "o01", "g1", "-k", "100000"]), 2);
    assert_eq!(code(&["paths", "o01", "g1", "--layers", "finding"]), 3);
    fs::write(desk.path("text.db"), "not a store at all").unwrap();
    assert_eq!(code(&["info", "--store", "text.db"]), 1);
    assert_eq!(code(&["--version"]), 0);
    assert_eq!(code(&["--help"]), 0);
}

#[test]
fn messages_say_what_to_do_next() {
    let desk = Desk::new();
    let run = desk.run(&["umbrella"]);
    assert!(run.err().contains("parasol.db") && run.err().contains("hint:"), "{}", run.err());
    assert!(run.out().is_empty());
    let run = desk.run(&["umbrella", "--lang", "zh"]);
    assert!(run.err().contains("提示"), "{}", run.err());
}

#[test]
fn a_name_is_as_good_as_an_id_when_only_one_has_it() {
    let desk = Desk::with(&["harbour-town"]);
    assert_eq!(desk.json(&["explain", "顾明远", "潮头帮"]), desk.json(&["explain", "o01", "g1"]));
}

#[test]
fn a_name_is_found_without_what_nobody_sees_and_dates_are_read_as_in_files() {
    let desk = Desk::new();
    fs::write(desk.path("people.csv"), "id,name\np1,顾\u{200B}明远\u{202E}\n").unwrap();
    desk.ok(&["import", "people.csv"]);
    for text in ["顾明远", "明远", "gmy", "顾\u{FEFF}明远"] {
        assert_eq!(desk.json(&["find", text])[0]["id"], "p1", "{text}");
    }
    assert_eq!(desk.json(&["show", "顾明远"])[0]["name"], "顾\u{200B}明远\u{202E}", "as it was typed");
    let desk = Desk::with(&["harbour-town"]);
    let as_of = |day: &str| desk.json(&["umbrella", "--as-of", day]);
    assert_eq!(as_of("2021年6月"), as_of("2021-06"));
    assert_eq!(desk.run(&["umbrella", "--as-of", "去年"]).code(), 2);
    let run = desk.run(&["info", "--store", "."]);
    assert!(run.code() == 1 && run.err().contains("`.`") && run.err().contains("folder"), "{}", run.err());
}

#[test]
fn part_of_a_name_is_nobody_and_who_may_be_meant_is_told() {
    let desk = Desk::with(&["harbour-town"]);
    let half: [&[&str]; 9] = [
        &["explain", "顾明", "g1"],
        &["explain", "o01", "潮头"],
        &["umbrella", "--official", "明远"],
        &["show", "gmy"],
        &["show", "gumingyuan"],
        &["paths", "顾明", "g1"],
        &["rank", "--by", "personalised-pagerank", "--from", "顾明"],
        &["draw", "--pair", "顾明", "g1", "--out", "x.svg"],
        &["brief", "--pair", "顾明", "g1", "--out", "x.pdf"],
    ];
    for args in half {
        let run = desk.run(args);
        assert_eq!(run.code(), 3, "{args:?}: {}", run.err());
        assert!(run.out().is_empty() && run.err().contains("did you mean"), "{args:?}: {}", run.err());
        let meant = if args.contains(&"潮头") { "潮头帮 [g1]" } else { "顾明远 [o01]" };
        assert!(run.err().contains(meant), "{args:?}: {}", run.err());
    }
    assert!(!desk.path("x.svg").exists() && !desk.path("x.pdf").exists());
    let zh = desk.run(&["show", "顾明", "--lang", "zh"]);
    assert!(zh.err().contains("是不是指 顾明远 [o01]"), "{}", zh.err());
    let none = desk.run(&["show", "zzzzzz"]).err();
    assert!(!none.contains("did you mean"), "{none}");
    desk.ok(&["find", "gmy"]);
}

#[test]
fn every_piece_of_evidence_leads_somewhere() {
    let desk = Desk::with(&["harbour-town", "obvious-suspect"]);
    let pairs = desk.json(&["umbrella"]);
    let mut ids: Vec<String> = pairs
        .iter()
        .flat_map(|pair| pair["factors"].as_array().unwrap())
        .flat_map(|factor| [&factor["evidence"], &factor["context"]])
        .flat_map(|list| list.as_array().unwrap())
        .map(|id| id.as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids.dedup();
    assert!(ids.len() > 20);
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let shown = desk.json(&[&["show"], ids.as_slice()].concat());
    assert_eq!(shown.len(), ids.len());
    for (id, row) in ids.iter().zip(&shown) {
        let rows = &row["ties"].as_array().unwrap_or_else(|| panic!("{id} is no row: {row}"))[0]["relations"];
        assert!(rows.as_array().unwrap().iter().any(|found| found == id), "{id}: {row}");
    }
}

#[test]
fn parts_add_up_to_the_score_as_printed() {
    let desk = Desk::with(&["harbour-town", "obvious-suspect"]);
    let pairs = desk.json(&["umbrella"]);
    assert!(!pairs.is_empty());
    for pair in pairs {
        let parts =
            pair["factors"].as_array().unwrap().iter().map(|factor| factor["log_odds"].as_f64().unwrap());
        let log_odds = pair["log_odds"].as_f64().unwrap();
        assert!((parts.sum::<f64>() - log_odds).abs() < 1e-9, "{pair}");
        let score = 1.0 / (1.0 + (-log_odds).exp());
        assert!((pair["score"].as_f64().unwrap() - score).abs() < 1e-12, "{pair}");
    }
}

#[test]
fn json_is_lines_of_json_and_nothing_else() {
    let desk = Desk::with(&["harbour-town"]);
    for args in [
        &["info"][..],
        &["find", "顾"],
        &["show", "o01"],
        &["show", "s01"],
        &["umbrella"],
        &["explain", "o01", "g1"],
        &["paths", "o01", "g1"],
        &["rank", "--by", "degree"],
        &["rank", "--by", "pagerank", "--bands", "--top", "3"],
        &["rank", "--by", "personalised-pagerank", "--from", "g1"],
        &["rank", "--list"],
        &["rank", "--by", "adamic-adar", "--from", "g1"],
        &["groups"],
        &["groups", "--by", "cores"],
        &["groups", "--by", "brokers"],
        &["groups", "--by", "fragment", "--size", "2"],
        &["chart", "--list"],
        &["verify"],
        &["import", "--list-names"],
    ] {
        assert!(!desk.json(args).is_empty(), "{args:?}");
        assert!(!desk.ok(args).out().is_empty(), "{args:?}");
        assert!(!desk.ok(&[args, &["--lang", "zh"]].concat()).out().is_empty(), "{args:?}");
    }
}

#[test]
fn reading_commands_do_not_touch_the_store() {
    let desk = Desk::with(&["harbour-town"]);
    let before = fs::read(desk.path("parasol.db")).unwrap();
    desk.ok(&["umbrella"]);
    desk.ok(&["draw", "--all", "--out", "all.svg"]);
    desk.ok(&["verify"]);
    desk.ok(&["backup", "copy.db"]);
    assert_eq!(fs::read(desk.path("parasol.db")).unwrap(), before);
    assert_eq!(desk.json(&["info", "--store", "copy.db"]), desk.json(&["info"]));
    assert_eq!(desk.run(&["backup", "copy.db"]).code(), 2, "a backup overwrites nothing");
}

#[test]
fn a_copy_is_the_store_in_another_place() {
    let desk = Desk::with(&["harbour-town"]);
    let digest = desk.json(&["info"])[0]["digest"].clone();
    assert_eq!(desk.json(&["copy", "parasol.db", "copy.db"])[0]["digest"], digest);
    assert_eq!(desk.json(&["info", "--store", "copy.db"]), desk.json(&["info"]));
    assert_eq!(desk.run(&["copy", "parasol.db", "copy.db"]).code(), 2, "a copy overwrites nothing");
    assert_eq!(desk.run(&["copy", "parasol.db", "parasol.db"]).code(), 2);
    assert_eq!(desk.run(&["copy", "none.db", "other.db"]).code(), 1);
    assert_eq!(desk.run(&["copy", "parasol.db", "none/other.db"]).code(), 1);
    assert_eq!(desk.run(&["copy", "parasol.db", "bolt://127.0.0.1:1"]).code(), 6);
    assert!(!desk.path("other.db").exists());
}

#[test]
fn every_picture_is_drawn_in_every_form() {
    let desk = Desk::with(&["harbour-town"]);
    let subjects: &[&[&str]] = &[
        &["--pair", "o01", "g1"],
        &["--lead", "l07"],
        &["--gang", "g1"],
        &["--around", "o01", "--hops", "2"],
        &["--path", "o02", "g2"],
        &["--all"],
    ];
    for (at, subject) in subjects.iter().enumerate() {
        for (ending, magic) in [("svg", "<svg"), ("png", "\u{FFFD}PNG"), ("pdf", "%PDF"), ("html", "<!DOC")] {
            let name = format!("{at}.{ending}");
            desk.ok(&[&["draw"], *subject, &["--out", &name]].concat());
            let bytes = fs::read(desk.path(&name)).unwrap();
            let head = String::from_utf8_lossy(bytes.get(..8).unwrap_or_default()).into_owned();
            assert!(head.starts_with(magic), "{name}: {head}");
        }
    }
    desk.ok(&["draw", "--pair", "o01", "g1", "--style", "print", "--out", "print.svg"]);
    let laid = ["rows", "springs", "circle"].map(|layout| {
        desk.ok(&["draw", "--pair", "o01", "g1", "--layout", layout, "--out", "laid.svg"]);
        fs::read_to_string(desk.path("laid.svg")).unwrap()
    });
    assert_eq!(laid[0], fs::read_to_string(desk.path("0.svg")).unwrap(), "rows are what a pair is drawn in");
    assert!(laid[1] != laid[0] && laid[2] != laid[0] && laid[1] != laid[2]);
    assert_eq!(desk.run(&["draw", "--all", "--layout", "spiral", "--out", "x.svg"]).code(), 2);
    let page = fs::read_to_string(desk.path("0.html")).unwrap();
    assert!(page.contains("<svg") && page.contains("<td>顾明远</td>"), "a picture, and its ties as a table");
    for kind in ["scores", "layers"] {
        desk.ok(&["chart", kind, "--out", &format!("{kind}.png")]);
    }
    for ending in ["html", "pdf"] {
        desk.ok(&["brief", "--pair", "o01", "g1", "--out", &format!("pair.{ending}")]);
        desk.ok(&["brief", "--lead", "l07", "--out", &format!("lead.{ending}")]);
    }
}

#[test]
fn new_leads_are_scored_and_the_store_stays_as_it_is() {
    let desk = Desk::with(&["harbour-town"]);
    let before = fs::read(desk.path("parasol.db")).unwrap();
    let leads = desk.json(&["score", &fixture("new-leads")]);
    let ids: Vec<&str> = leads.iter().map(|lead| lead["lead"].as_str().unwrap()).collect();
    assert_eq!(ids, ["n01", "n02", "n03", "n04"]);
    let priority = |at: usize| leads[at]["priority"].as_f64().unwrap();
    assert!(priority(1) > priority(2) && priority(2) < 0.5, "{leads:?}");
    assert_eq!(leads[1]["pairs"][0]["official"]["id"], "o01");
    assert!(leads[1]["pairs"][0].get("rank").is_none(), "a lead's pairs have no rank");
    assert!(!leads[3]["problems"].as_array().unwrap().is_empty(), "it names no official, and says so");
    assert_eq!(fs::read(desk.path("parasol.db")).unwrap(), before);
    desk.ok(&["score", &fixture("new-leads"), "--out", "s.jsonl"]);
    let whole = fs::read_to_string(desk.path("s.jsonl")).unwrap();
    let half: String = whole.lines().take(2).map(|line| format!("{line}\n")).collect();
    fs::write(desk.path("s.jsonl"), format!("{half}{{\"lead\":\"n0")).unwrap();
    desk.ok(&["score", &fixture("new-leads"), "--out", "s.jsonl", "--resume"]);
    assert_eq!(fs::read_to_string(desk.path("s.jsonl")).unwrap(), whole);
}

#[test]
fn a_lead_that_is_known_or_rejected_has_its_line_too() {
    let desk = Desk::with(&["harbour-town"]);
    let rows = "id,received,channel,text,about,source\n\
                l01,2022-06-01,public_report,again,o01,\n\
                n90,2022-06-01,public_report,new,o01,\n\
                n91,yesterday,public_report,bad,o01,\n";
    fs::write(desk.path("leads.csv"), rows).unwrap();
    let run = desk.run(&["score", "leads.csv", "--json"]);
    assert_eq!(run.code(), 4, "{}", run.err());
    let text = run.out();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let status: Vec<_> =
        lines.iter().map(|line| (line["lead"].as_str(), line["status"].as_str().unwrap())).collect();
    assert_eq!(status, [(Some("l01"), "known"), (Some("n90"), "scored"), (Some("n91"), "rejected")]);
    assert_eq!(lines[2]["reasons"][0]["code"], "bad_date");
    assert_eq!((&lines[2]["place"]["file"], &lines[2]["place"]["line"]), (&"leads.csv".into(), &4.into()));
    assert_eq!(lines[0]["reasons"][0]["code"], "known");
    let table = desk.run(&["score", "leads.csv"]).out();
    assert!(
        ["in the store already", "rejected: ", "favour in permits: 9 of 9"]
            .iter()
            .all(|said| table.contains(said)),
        "{table}"
    );
    desk.run(&["score", "leads.csv", "--out", "s.jsonl"]);
    desk.run(&["score", "leads.csv", "--out", "s.jsonl", "--resume"]);
    assert_eq!(fs::read_to_string(desk.path("s.jsonl")).unwrap(), text);
}

#[test]
fn explain_names_the_best_paths_and_how_far_it_looked() {
    let desk = Desk::with(&["harbour-town"]);
    let pair = &desk.json(&["explain", "o01", "g1"])[0];
    let (best, all) = (&pair["best_paths"], desk.json(&["paths", "o01", "g1"]));
    assert_eq!(best["paths"][0]["nodes"], all[0]["nodes"], "the gang's reaches hold the best path");
    assert!(best["paths"][0]["weakest"].is_u64() && best["ties"].as_u64() > Some(50), "{best}");
    let text = desk.ok(&["explain", "o01", "g1"]).out();
    assert!(text.contains("← weakest") && text.contains("parasol paths o01 g1"), "{text}");
}

#[test]
fn show_lists_the_claims_of_every_tie_and_folds_what_is_much() {
    let desk = Desk::with(&["harbour-town"]);
    let (some, full) = (desk.ok(&["show", "o01"]).out(), desk.ok(&["show", "o01", "--full"]).out());
    let claims =
        |text: &str| text.lines().filter(|line| line.starts_with("    r") && line.contains("known")).count();
    let ties = &desk.json(&["show", "o01"])[0]["ties"];
    let all: usize = ties.as_array().unwrap().iter().map(|tie| tie["claims"].as_array().unwrap().len()).sum();
    assert!(claims(&some) > 10 && claims(&some) < claims(&full) && claims(&full) <= all, "{some}");
    assert!(some.contains("more of") && some.contains("duty (20/") && !full.contains("more of"), "{some}");
}

#[test]
fn as_of_shows_the_file_as_it_was_known() {
    let desk = Desk::with(&["harbour-town"]);
    let ties = |day: &str| desk.json(&["info", "--as-of", day])[0]["claims"].as_u64().unwrap();
    assert!(ties("2019-01") < ties("2020-12-31") && ties("2020-12-31") < ties("2022"));
    assert_eq!(ties("2018"), 0);
    assert_eq!(desk.run(&["umbrella", "--as-of", "2018"]).code(), 3);
    assert_eq!(desk.run(&["umbrella", "--as-of", "yesterday"]).code(), 2);
}

#[test]
fn the_same_report_gives_the_same_bytes_with_any_number_of_threads() {
    let (one, two) = (Desk::new(), Desk::new());
    one.ok(&["report", &fixture("harbour-town"), "--out", "r", "--threads", "1", "--line", "0.05"]);
    two.ok(&["report", &fixture("harbour-town"), "--out", "r", "--threads", "2", "--line", "0.05"]);
    let (a, b) = (files(&one.path("r")), files(&two.path("r")));
    assert!(a.len() > 15, "{}", a.len());
    for ((name, bytes), (other, others)) in a.iter().zip(&b) {
        assert_eq!(name, other);
        assert!(bytes == others, "{name} differs");
    }
    two.ok(&["report", &fixture("harbour-town"), "--out", "r", "--line", "0.05"]);
    assert!(files(&two.path("r")) == b, "a second report into the same folder says something else");
    let other = two.run(&["report", &fixture("obvious-suspect"), "--out", "r"]);
    assert_eq!(other.code(), 2, "the report of other inputs is not overwritten");
    assert!(other.err().contains("--force"), "{}", other.err());
    two.ok(&["report", &fixture("obvious-suspect"), "--out", "r", "--force"]);
}

#[test]
fn a_bad_bundle_still_gives_a_report_with_pictures() {
    let desk = Desk::new();
    let run = desk.run(&["report", &fixture("bad-bundle"), "--out", "r"]);
    assert_eq!(run.code(), 4, "{}", run.err());
    for name in [
        "index.html",
        "network.svg",
        "network.png",
        "network.pdf",
        "rejected.jsonl",
        "pairs.csv",
        "manifest.json",
    ] {
        assert!(desk.path("r").join(name).metadata().unwrap().len() > 0, "{name}");
    }
    let page = fs::read_to_string(desk.path("r/index.html")).unwrap();
    assert!(!page.contains("<script"), "a name got out of its text");
    let manifest = fs::read_to_string(desk.path("r/manifest.json")).unwrap();
    assert!(!manifest.contains(env!("CARGO_MANIFEST_DIR")), "an absolute path in the manifest");
}

#[test]
fn the_index_page_links_only_to_what_is_there() {
    let desk = Desk::new();
    desk.ok(&["report", &fixture("harbour-town"), "--out", "r", "--line", "0.05"]);
    let root = desk.path("r");
    let pages = files(&root).into_iter().filter(|(name, _)| name.ends_with(".html"));
    for (name, bytes) in pages {
        let page = String::from_utf8(bytes).unwrap();
        let folder = root.join(&name).parent().unwrap().to_owned();
        let links = page.split("href=\"").chain(page.split("src=\"")).skip(1);
        for link in links.filter_map(|rest| rest.split('"').next()).filter(|link| !link.contains('<')) {
            assert!(folder.join(link).exists(), "{name} links to {link}");
        }
    }
}

#[test]
fn completions_and_the_manual_name_every_command() {
    let desk = Desk::new();
    let shell = desk.ok(&["completions", "bash"]).out();
    let manual = desk.ok(&["man"]).out();
    for command in
        ["report", "import", "umbrella", "explain", "score", "paths", "rank", "draw", "brief", "verify"]
    {
        assert!(shell.contains(command) && manual.contains(command), "{command}");
    }
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_failure() {
    let desk = Desk::with(&["harbour-town"]);
    let program = env!("CARGO_BIN_EXE_parasol");
    let line = format!("'{program}' import --list-names | head -n 1; echo ${{PIPESTATUS[0]}}");
    let out = std::process::Command::new("bash")
        .args(["-c", &line])
        .current_dir(desk.folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    assert!(text.trim_end().ends_with('0'), "{text}");
}

#[test]
fn no_output_is_written_over_the_store_or_an_input() {
    let desk = Desk::with(&["harbour-town"]);
    let before = fs::read(desk.path("parasol.db")).unwrap();
    let leads = fixture("new-leads");
    assert_eq!(desk.run(&["score", &leads, "--out", "parasol.db"]).code(), 2);
    assert_eq!(desk.run(&["import", &fixture("harbour-town"), "--rejects", "parasol.db"]).code(), 2);
    assert_eq!(desk.run(&["import", &fixture("harbour-town"), "--rejects", "./parasol.db-wal"]).code(), 2);
    assert_eq!(fs::read(desk.path("parasol.db")).unwrap(), before);
    fs::create_dir(desk.path("in")).unwrap();
    fs::copy(Path::new(&leads).join("leads.csv"), desk.path("in/leads.csv")).unwrap();
    assert_eq!(desk.run(&["import", "in", "--rejects", "in/leads.csv"]).code(), 2);
    assert!(fs::metadata(desk.path("in/leads.csv")).unwrap().len() > 0);
}

#[test]
fn an_import_that_fails_leaves_nothing_behind() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["import", &fixture("bad-bundle"), "--strict"]).code(), 4);
    assert_eq!(fs::read_dir(desk.folder.path()).unwrap().count(), 0);
    let run = desk.run(&["import", &fixture("harbour-town"), "--store", "nowhere/case.db"]);
    assert_eq!(run.code(), 1);
    assert!(run.err().contains("nowhere") && run.err().contains("does not exist"), "{}", run.err());
}

#[test]
fn options_that_mean_nothing_are_refused() {
    let desk = Desk::with(&["harbour-town"]);
    let code = |args: &[&str]| desk.run(args).code();
    assert_eq!(code(&["umbrella", "--line", "nan"]), 2);
    assert_eq!(code(&["umbrella", "--min-score", "1.1"]), 2);
    assert_eq!(code(&["umbrella", "--layers", "money"]), 2);
    assert_eq!(code(&["paths", "o01", "g1", "-k", "0"]), 2);
    let run = desk.run(&["paths", "o01", "g1", "--as-of", "2010"]);
    assert_eq!(run.code(), 3);
    assert!(run.err().contains("2010"), "{}", run.err());
}

#[test]
fn a_later_report_leaves_no_pair_of_an_earlier_one() {
    let desk = Desk::new();
    desk.ok(&["report", &fixture("harbour-town"), "--out", "r", "--line", "0.01"]);
    let briefs = || fs::read_dir(desk.path("r/pairs")).map_or(0, Iterator::count);
    let many = briefs();
    let third = fs::read_to_string(desk.path("r/pairs/003-chart.svg")).unwrap();
    assert!(third.contains("over the line of 0.01"), "a chart tells the line that was asked for");
    fs::write(desk.path("r/pairs/my-notes.txt"), "mine").unwrap();
    desk.ok(&["report", &fixture("harbour-town"), "--out", "r"]);
    assert!(briefs() < many, "{many}");
    assert!(desk.path("r/pairs/my-notes.txt").exists(), "only what the program wrote is removed");
    let rejected = fs::read(desk.path("r/rejected.jsonl")).unwrap();
    assert_eq!(desk.run(&["report", &fixture("bad-bundle"), "--out", "r"]).code(), 2);
    assert_eq!(
        fs::read(desk.path("r/rejected.jsonl")).unwrap(),
        rejected,
        "a refused report changes nothing"
    );
}

#[test]
fn a_store_named_in_the_folder_of_a_report_takes_no_other_inputs() {
    let desk = Desk::new();
    let report = |bundle: &str, more: &[&str]| {
        let bundle = fixture(bundle);
        desk.run(&[&["report", &bundle, "--out", "r", "--store", "r/case.db"], more].concat())
    };
    assert_eq!(report("obvious-suspect", &[]).code(), 0);
    assert_eq!(report("obvious-suspect", &[]).code(), 0, "the same again is no other input");
    let info = || desk.json(&["info", "--store", "r/case.db"]);
    let before = info();
    let run = report("harbour-town", &[]);
    assert_eq!(run.code(), 2, "{}", run.err());
    assert!(run.err().contains("--force"), "{}", run.err());
    assert_eq!(info(), before);
    assert_eq!(report("harbour-town", &["--force"]).code(), 0);
    desk.ok(&["import", &fixture("harbour-town"), "--store", "alone.db"]);
    assert_eq!(info()[0]["digest"], desk.json(&["info", "--store", "alone.db"])[0]["digest"]);
}

#[test]
fn a_store_of_another_name_is_added_to_and_never_replaced() {
    let desk = Desk::new();
    fs::create_dir(desk.path("cases")).unwrap();
    desk.ok(&["import", &fixture("obvious-suspect"), "--store", "cases/main.db"]);
    let changes = || desk.json(&["info", "--store", "cases/main.db"])[0]["changes"].as_u64().unwrap();
    let before = changes();
    desk.ok(&["report", &fixture("harbour-town"), "--out", ".", "--store", "cases/main.db", "--force"]);
    assert_eq!(changes(), before + 1, "what was there is there still");
    assert!(desk.run(&["show", "--store", "cases/main.db", "谭默"]).out().contains("谭默"));
}

#[test]
fn an_empty_name_is_nobodys_and_nobody_is_proposed() {
    let desk = Desk::with(&["harbour-town"]);
    for name in ["", "  ", "\u{200b}"] {
        for args in [["paths", name, "g1"], ["explain", name, "g1"]] {
            let run = desk.run(&args);
            assert_eq!(run.code(), 3, "{args:?} {}", run.err());
            assert!(!run.err().contains("[o0"), "{}", run.err());
        }
    }
}

#[test]
fn a_report_goes_into_no_folder_of_its_own_input() {
    let desk = Desk::new();
    let file = |name: &str| format!("{}/{name}", fixture("harbour-town"));
    fs::create_dir(desk.path("in")).unwrap();
    for name in ["organisations.csv", "sources.csv"] {
        fs::copy(file(name), desk.path("in").join(name)).unwrap();
    }
    for input in [&["in"][..], &["in/organisations.csv", "in/sources.csv"]] {
        let run = desk.run(&[&["report"], input, &["--out", "in"]].concat());
        assert_eq!(run.code(), 2, "{}", run.err());
    }
    assert_eq!(fs::read_dir(desk.path("in")).unwrap().count(), 2, "nothing was written");
}

/// Sealed rows are not counted on a page for those who may not know of them.
#[test]
fn a_page_is_the_same_whether_there_are_sealed_rows_or_not() {
    let desk = Desk::new();
    fs::create_dir_all(desk.path("without/harbour-town")).unwrap();
    let mut taken_out = 0;
    for entry in fs::read_dir(fixture("harbour-town")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "csv") {
            let text = fs::read_to_string(&path).unwrap();
            let rows = text.lines().filter(|line| !line.split(',').any(|cell| cell == "s15"));
            let kept: Vec<&str> = rows.collect();
            taken_out += text.lines().count() - kept.len();
            fs::write(desk.path("without/harbour-town").join(path.file_name().unwrap()), kept.join("\n"))
                .unwrap();
        }
    }
    assert!(taken_out > 2, "{taken_out}");
    copy_tables(&fixture("harbour-town"), &desk.path("with/harbour-town"));
    let append = |bundle: &str, file: &str, rows: &str| {
        let path = desk.path(bundle).join("harbour-town").join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{}\n{rows}", text.trim_end())).unwrap();
    };
    // An open row that is wrong stands in both; one of a sealed source that is wrong, one that is of a strange type, and
    // a sealed source that is wrong itself stand in one.
    for bundle in ["with", "without"] {
        append(bundle, "objects.csv", "q1,,,,\n");
    }
    let end = ",,,,,,,,,,s15,2,2020-09-01,";
    append("with", "relations.csv", &format!("x1,payment,p01,nobody{end}\nx2,gossips,p01,p02{end}\n"));
    append("with", "sources.csv", "s98,no such channel,,,,,sealed,,\n");
    let report = |bundle: &str, out: &str| {
        let run = desk.run(&["report", bundle, "--out", out, "--json", "--lang", "en"]);
        assert_eq!(run.code(), 4, "{}", run.err());
        let told: serde_json::Value = serde_json::from_str(run.out().trim()).unwrap();
        (told["rejected"].as_u64().unwrap(), told["rejected_sealed"].as_u64().unwrap())
    };
    assert_eq!(report("with/harbour-town", "a"), (1, 2));
    assert_eq!(report("without/harbour-town", "b"), (1, 0));
    let read = |path: &str| fs::read_to_string(desk.path(path)).unwrap();
    assert_eq!(read("a/rejected.jsonl"), read("b/rejected.jsonl"));
    assert!(read("a/rejected.jsonl").contains("objects.csv"));
    // Whoever imports is told of all.
    let imported =
        desk.run(&["import", "with/harbour-town", "--dry-run", "--rejects", "all.jsonl", "--lang", "en"]);
    assert!(imported.err().contains("gossips"), "{}", imported.err());
    assert!(read("all.jsonl").contains("nobody") && read("all.jsonl").contains("no such channel"));
    // The digest is of all that is there, and tells nothing of it.
    let page = |out: &str| {
        let digest = desk.json(&["info", "--store", &format!("{out}/case.db")])[0]["digest"]
            .as_str()
            .unwrap()
            .to_owned();
        read(&format!("{out}/index.html")).replace(&digest[..16], "DIGEST")
    };
    assert_eq!(page("a"), page("b"));
}

#[test]
fn a_forgotten_variable_does_not_mix_two_cases() {
    let desk = Desk::with(&["harbour-town"]);
    let before = desk.json(&["info"]);
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_parasol"))
        .args(["report", &fixture("obvious-suspect"), "--out", "r"])
        .current_dir(desk.folder.path())
        .env_clear()
        .env("PARASOL_STORE", "parasol.db")
        .output()
        .unwrap();
    assert!(out.status.success());
    assert_eq!(desk.json(&["info"]), before);
    assert!(desk.path("r/case.db").exists());
}

/// Copies the tables of a bundle.
fn copy_tables(from: &str, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "csv") {
            fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}

/// A harbour town whose go-between has part of his rows under a second record.
fn with_a_double(desk: &Desk) -> String {
    let bundle = desk.path("double");
    copy_tables(&fixture("harbour-town"), &bundle);
    let people = bundle.join("people.csv");
    let text = fs::read_to_string(&people).unwrap();
    let own = text.lines().find(|line| line.starts_with("p01,")).unwrap();
    fs::write(&people, format!("{text}{}\n", own.replacen("p01,", "p01b,", 1))).unwrap();
    let relations = bundle.join("relations.csv");
    let moved = |line: &str| {
        let his = ["r040,", "r041,", "r044,"].iter().any(|row| line.starts_with(row));
        if his { line.replacen(",p01,", ",p01b,", 1) } else { line.to_owned() }
    };
    let text = fs::read_to_string(&relations).unwrap();
    fs::write(&relations, text.lines().map(moved).collect::<Vec<_>>().join("\n") + "\n").unwrap();
    bundle.display().to_string()
}

#[test]
fn what_rests_on_a_likely_double_cites_it_and_its_row_leads_somewhere() {
    let desk = Desk::new();
    desk.ok(&["import", &with_a_double(&desk)]);
    let pair = &desk.json(&["explain", "o01", "g1"])[0];
    let rows = |list: &serde_json::Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|row| row.as_str().unwrap().to_owned()).collect()
    };
    let factors = pair["factors"].as_array().unwrap();
    let cites = |factor: &&serde_json::Value| rows(&factor["evidence"]).contains(&"same:p01:p01b".to_owned());
    let resting = factors.iter().find(cites).unwrap();
    assert_eq!(resting["inferred"], true);
    let hops = pair["paths"].as_array().unwrap().iter().flat_map(|path| path["hops"].as_array().unwrap());
    let same: Vec<_> = hops.filter(|hop| hop["type"] == "same").collect();
    assert!(!same.is_empty());
    assert!(same.iter().all(|hop| rows(&hop["relations"]) == ["same:p01:p01b"]));
    let double = &desk.json(&["show", "same:p01:p01b"])[0];
    assert_eq!(double["probability"], same[0]["strength"]);
    assert!(double["why"].as_array().unwrap().len() > 1);
    assert!(desk.ok(&["show", "same:p01:p01b"]).out().contains("likely one person"));
    assert_eq!(desk.run(&["show", "same:p01:p02"]).code(), 3);
    let told = &desk.json(&["show", "same:p01:p01b", "--withhold", "public"])[0];
    assert_eq!(told["probability"], double["probability"], "a pair has one score, whoever reads it");
    assert_eq!(told["why"].as_array().unwrap().len(), 0, "what the cards hold is not for the public");
}

#[test]
fn show_tells_which_change_renamed_something() {
    let desk = Desk::with(&["harbour-town"]);
    let text = fs::read_to_string(format!("{}/organisations.csv", fixture("harbour-town"))).unwrap();
    let mut rows = text.lines();
    let head = rows.next().unwrap();
    let old = rows.find(|line| line.starts_with("c01,")).unwrap();
    let name = old.split(',').nth(1).unwrap();
    let new = old.replacen(name, "另一家公司", 1);
    fs::write(desk.path("organisations.csv"), format!("{head}\n{new}\n")).unwrap();
    desk.ok(&["import", &desk.text("organisations.csv")]);
    let shown = desk.ok(&["show", "c01"]).out();
    assert!(shown.contains(&format!("name {name}")) && shown.contains("name 另一家公司"), "{shown}");
    assert_eq!(shown.matches("change 2").count(), 1, "{shown}");
}

#[test]
fn who_is_found_is_told_apart_from_others_of_the_name() {
    let desk = Desk::new();
    fs::create_dir(desk.path("in")).unwrap();
    let write = |name: &str, text: &str| fs::write(desk.path("in").join(name), text).unwrap();
    write("organisations.csv", "id,name,kind\na1,港口分局,agency\ng1,码头帮,gang\n");
    write("officials.csv", "id,name,agency,post\no1,王秀英,a1,副局长\n");
    write("gang_members.csv", "id,name,gang,role,birth_date\nm1,王秀英,g1,core,1970\n");
    write(
        "people.csv",
        "id,name,occupation,birth_date,hometown\np1,王秀英,教师,1981-02-03,临海\np2,王秀英,,,\n",
    );
    desk.ok(&["import", "in"]);
    let text = desk.ok(&["find", "王秀英", "--lang", "zh"]).out();
    for told in ["副局长 · 港口分局", "骨干 · 码头帮 · 出生 1970", "教师 · 出生 1981-02-03 · 籍贯 临海"]
    {
        assert!(text.contains(told), "{told}: {text}");
    }
    let found = desk.json(&["find", "王秀英"]);
    let of = |id: &str| found.iter().find(|hit| hit["id"] == id).unwrap()["about"].clone();
    assert_eq!(of("o1"), serde_json::json!({"agency": "港口分局", "post": "副局长"}));
    assert_eq!(of("p2"), serde_json::json!({}));
}

#[test]
fn how_many_umbrellas_are_expected_may_be_said() {
    let desk = Desk::with(&["harbour-town"]);
    let prior = |args: &[&str]| {
        let pair = desk.json(&[&["explain", "o01", "g1"], args].concat());
        pair[0]["factors"].as_array().unwrap().iter().find(|f| f["factor"] == "prior").unwrap()["log_odds"]
            .as_f64()
            .unwrap()
    };
    assert!(prior(&["--expected", "0.01"]) < prior(&[]) - 3.0);
    let score =
        |args: &[&str]| desk.json(&[&["explain", "o07", "g1"], args].concat())[0]["score"].as_f64().unwrap();
    let scores: Vec<f64> = ["0.1", "0.5", "1", "3", "9", "30"].map(|n| score(&["--expected", n])).to_vec();
    assert!(scores.is_sorted(), "{scores:?}");
    assert_eq!(desk.run(&["umbrella", "--expected", "0"]).code(), 2);
    // Every command that says a score says the same one by the same yardstick.
    let by = ["--expected", "0.01", "--line", "0.9"];
    let shown = |score: f64| format!("{score:.2}");
    let of =
        |args: &[&str]| desk.json(&[&["explain", "o01", "g1"], args].concat())[0]["score"].as_f64().unwrap();
    let (told, usual) = (shown(of(&by)), shown(of(&[])));
    assert_ne!(told, usual);
    let (bundle, leads) = (fixture("harbour-town"), fixture("new-leads"));
    for command in [
        &["brief", "--pair", "o01", "g1", "--out", "x.html"][..],
        &["draw", "--pair", "o01", "g1", "--out", "y.html"],
        &["chart", "scores", "--out", "z.svg"],
        &["report", &bundle, "--out", "r"],
    ] {
        desk.ok(&[command, &by[..]].concat());
    }
    for file in ["x.html", "y.html", "z.svg", "r/index.html"] {
        let text = fs::read_to_string(desk.path(file)).unwrap();
        assert!(text.contains(&told) && !text.contains(&format!("({usual}")), "{file}: {told}");
        assert!(text.contains("--expected"), "{file} does not say by what it was scored");
    }
    let manifest: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(desk.path("r/manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["options"]["expected"], 0.01);
    let lead = |by: &[&str]| {
        let told = desk.json(&[&["score", &leads][..], by].concat());
        told.iter().find(|lead| lead["lead"] == "n01").unwrap()["pairs"][0]["score"].as_f64().unwrap()
    };
    assert!(lead(&by) < lead(&[]), "{:?} {:?}", lead(&by), lead(&[]));
}

#[test]
fn a_report_goes_into_a_folder_of_its_own() {
    let desk = Desk::new();
    fs::write(desk.path("file"), "").unwrap();
    let run = desk.run(&["report", &fixture("harbour-town"), "--out", "file"]);
    assert_ne!(run.code(), 0);
    assert!(run.err().contains("no folder"), "{}", run.err());
    let bundle = with_a_double(&desk);
    assert_eq!(desk.run(&["report", &bundle, "--out", &bundle]).code(), 2);
    assert!(!Path::new(&bundle).join("case.db").exists());
}

#[test]
fn a_report_on_files_without_officials_says_why_it_scored_nothing() {
    let desk = Desk::new();
    let bundle = desk.path("in");
    fs::create_dir(&bundle).unwrap();
    fs::write(bundle.join("organisations.csv"), "id,name,kind,class\ng1,潮头帮,gang,gang\n").unwrap();
    let run = desk.run(&["report", "in", "--out", "out", "--lang", "en"]);
    assert_eq!(run.code(), 3, "{}", run.err());
    let page = fs::read_to_string(desk.path("out/index.html")).unwrap();
    assert!(page.contains("Nothing could be scored: the files name 0 officials and one gang."), "{page}");
    assert!(!page.contains("charts/scores"), "a chart of nothing");
}

#[test]
fn a_brief_says_what_its_sources_are_and_what_is_inferred() {
    let desk = Desk::new();
    desk.ok(&["import", &with_a_double(&desk)]);
    desk.ok(&["brief", "--pair", "o01", "g1", "--out", "b.html", "--lang", "en"]);
    let page = fs::read_to_string(desk.path("b.html")).unwrap();
    let sources = page.split("Sources: ").nth(1).unwrap();
    assert!(sources.contains("s16 ") && sources.contains("2021"), "{sources}");
    assert!(page.contains("(inferred)"));
}

/// The rows that the factors of a pair cite.
fn evidence_of(pair: &serde_json::Value) -> Vec<String> {
    let counts = |factor: &&serde_json::Value| factor["log_odds"].as_f64() != Some(0.0);
    let factors = pair["factors"].as_array().unwrap().iter().filter(counts);
    let rows = factors.flat_map(|factor| factor["evidence"].as_array().unwrap());
    rows.map(|row| row.as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_brief_as_a_page_has_every_row_that_it_cites() {
    let desk = Desk::with(&["harbour-town"]);
    let rows = evidence_of(&desk.json(&["explain", "o01", "g1"])[0]);
    assert!(rows.len() > 28, "more than a sheet of paper has room for: {}", rows.len());
    for subject in [&["--pair", "o01", "g1"][..], &["--lead", "l07"]] {
        desk.ok(&[&["brief"], subject, &["--out", "b.html", "--lang", "en"]].concat());
        let page = fs::read_to_string(desk.path("b.html")).unwrap();
        let absent: Vec<&String> =
            rows.iter().filter(|row| !page.contains(&format!("<td>{row}</td>"))).collect();
        assert!(absent.is_empty(), "{subject:?}: {absent:?}");
        assert!(!page.contains("has them all"), "nothing is cut");
        for heading in ["How it may be innocent", "What is missing", "Check first"] {
            assert!(page.contains(heading), "{subject:?}: {heading}");
        }
    }
}

#[test]
fn show_tells_what_a_source_says_and_what_a_step_is_of() {
    let desk = Desk::with(&["harbour-town"]);
    let source = &desk.json(&["show", "s12"])[0];
    let ids = |key: &str| -> Vec<String> {
        source[key].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect()
    };
    assert!(
        ids("entities").contains(&"p04".to_owned()) && ids("steps").contains(&"t14".to_owned()),
        "{source}"
    );
    assert!(!ids("rows").is_empty(), "{source}");
    for row in ids("rows") {
        let ties = &desk.json(&["show", &row])[0]["ties"];
        assert!(ties.to_string().contains("\"s12\""), "{ties}");
    }
    let text = desk.ok(&["show", "s12", "--lang", "zh"]).out();
    assert!(
        text.contains(&ids("rows")[0]) && text.contains("方俊 [p04]") && text.contains("[t14]"),
        "{text}"
    );
    let step = desk.ok(&["show", "t14", "--lang", "zh"]).out();
    let names = |id: &str| desk.json(&["show", id])[0]["name"].as_str().unwrap().to_owned();
    assert!(step.contains(&names("k01")) && step.contains(&names("o07")), "{step}");
    assert!(step.contains("尚无结论") && !step.contains("pending"), "{step}");
}

#[test]
fn show_takes_a_double_in_either_order_and_tells_a_name_alone_plainly() {
    let desk = Desk::new();
    let bundle = with_a_double(&desk);
    fs::write(Path::new(&bundle).join("people.csv"), {
        let people = fs::read_to_string(Path::new(&bundle).join("people.csv")).unwrap();
        let columns = people.lines().next().unwrap().matches(',').count();
        format!("{}\np900,无名氏{}\n", people.trim_end(), ",".repeat(columns - 1))
    })
    .unwrap();
    desk.ok(&["import", &bundle]);
    let pair = desk.json(&["explain", "o01", "g1"])[0].to_string();
    let row = pair.split('"').find(|text| text.starts_with("same:")).unwrap();
    let [_, a, b] = row.split(':').collect::<Vec<_>>()[..] else { panic!("{row}") };
    assert_eq!(desk.json(&["show", row]), desk.json(&["show", &format!("same:{b}:{a}")]));
    let text = desk.ok(&["show", "p900", "--lang", "en"]).out();
    assert!(text.contains("people · no source") && !text.contains(':'), "{text}");
}

#[test]
fn tables_with_words_of_their_own_are_read_by_their_mapping() {
    let desk = Desk::new();
    let folder = fixture("own-words");
    let told = desk.json(&["import", &folder, "--mapping", &format!("{folder}/map.toml")]);
    let tables = told[0]["tables"].as_object().unwrap();
    let sound = |table: &str| tables[table]["sound"].as_u64().unwrap();
    assert_eq!(told[0]["rejected"], 0, "{}", told[0]);
    let sounds = ["officials", "organisations", "people", "relations", "sources"].map(sound);
    assert_eq!(sounds, [3, 5, 4, 28, 1]);
    let first = &desk.json(&["umbrella"])[0];
    assert_eq!((&first["official"]["id"], &first["gang"]["id"]), (&"G001".into(), &"U05".into()), "{first}");
    let told = desk.ok(&["explain", "陆安国", "砂石帮", "--lang", "en"]).out();
    assert!(
        told.contains("without a go-between: 云港恒运砂石有限公司 → 云港顺达运输有限公司 CNY 830,000"),
        "{told}"
    );
    assert!(told.contains("Hardly more than chance brings here"), "{told}");
    // A report of it is the whole job too, and says by which mapping.
    desk.ok(&["report", &folder, "--mapping", &format!("{folder}/map.toml"), "--out", "r"]);
    let manifest = fs::read_to_string(desk.path("r/manifest.json")).unwrap();
    assert!(manifest.contains("\"map.toml\"") && desk.path("r/index.html").exists(), "{manifest}");
    desk.ok(&["report", &folder, "--mapping", &format!("{folder}/map.toml"), "--out", "r"]);
    // What is guessed of it reads the same rows, but for the jobs of the list of people.
    desk.ok(&["mapping", "guess", &folder, "--out", "guessed.toml"]);
    let guessed =
        desk.run(&["import", &folder, "--mapping", "guessed.toml", "--store", "guessed.db", "--json"]);
    let guessed: serde_json::Value = serde_json::from_str(guessed.out().lines().next().unwrap()).unwrap();
    assert_eq!(guessed["tables"]["relations"]["read"], 24, "{guessed}");
    assert_eq!(guessed["rejected"], 0, "{guessed}");
}
