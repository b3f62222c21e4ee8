//! Who told us stays with us: what a protected or sealed source is must not be in any output.

use std::fs;
use std::path::Path;

use crate::program::{Desk, files, fixture};

/// Copies a fixture, with its `sources.csv` (and ids of sources everywhere) changed.
fn changed(name: &str, to: &Path, replace: &[(&str, &str)]) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(fixture(name)).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "csv") {
            let mut text = fs::read_to_string(&path).unwrap();
            for (old, new) in replace {
                text = text.replace(old, new);
            }
            fs::write(to.join(path.file_name().unwrap()), text).unwrap();
        }
    }
}

/// Everything a desk can print and write about a bundle.
fn outputs(desk: &Desk, bundle: &str) -> Vec<(String, Vec<u8>)> {
    desk.ok(&["report", bundle, "--out", "r", "--line", "0.05"]);
    desk.ok(&["import", bundle]);
    let mut all = files(&desk.path("r"));
    let mut keep = |name: &str, text: String| all.push((name.to_owned(), text.into_bytes()));
    for args in [
        &["info"][..],
        &["umbrella"],
        &["explain", "o01", "g1"],
        &["paths", "o01", "g1", "-k", "10"],
        &["rank", "--by", "degree", "--all-people", "--top", "500"],
        &["show", "o01", "g1", "l13", "r100"],
        &["verify"],
        &["find", "码头"],
        &["groups", "--by", "communities"],
        &["groups", "--by", "brokers", "--top", "50"],
        &["score", &fixture("new-leads")],
    ] {
        for more in
            [&[][..], &["--json"], &["--lang", "zh"], &["--withhold", "handler"], &["--withhold", "public"]]
        {
            let run = desk.run(&[args, more].concat());
            keep(&format!("{args:?} {more:?}"), format!("{}{}", run.out(), run.err()));
        }
    }
    for what in [
        &["--lead", "l13"][..],
        &["--gang", "g1"],
        &["--around", "l13"],
        &["--pair", "o01", "g1"],
        &["--path", "o01", "g1"],
        &["--all"],
    ] {
        for out in ["x.svg", "x.html", "x.pdf"] {
            desk.ok(&[&["draw"], what, &["--out", out]].concat());
            all.push((format!("{what:?} {out}"), fs::read(desk.path(out)).unwrap()));
        }
    }
    let mut keep = |name: &str, text: String| all.push((name.to_owned(), text.into_bytes()));
    desk.ok(&["brief", "--lead", "l13", "--out", "x.html"]);
    keep("brief", fs::read_to_string(desk.path("x.html")).unwrap());
    all
}

#[test]
fn who_a_protected_source_is_changes_no_byte_of_any_output() {
    let (one, two) = (Desk::new(), Desk::new());
    let other = two.path("in/harbour-town");
    let replace =
        [("s09", "zz-the-clerk"), ("匿名信（码头装卸队内部人员）", "会计吴某口述"), ("保险柜3-17", "乙柜99")];
    changed("harbour-town", &other, &replace);
    changed("harbour-town", &one.path("in/harbour-town"), &[("s09", "yy-the-docker")]);
    let (a, b) = (outputs(&one, "in/harbour-town"), outputs(&two, "in/harbour-town"));
    assert!(a.len() > 40, "{}", a.len());
    for ((name, bytes), (_, others)) in a.iter().zip(&b) {
        assert!(bytes == others, "{name} tells who the source is");
    }
    for (name, bytes) in a.iter().chain(&b) {
        let text = String::from_utf8_lossy(bytes);
        // Tokens so long that no compressed picture holds them by chance.
        for token in ["yy-the-docker", "zz-the-clerk", "装卸队内部", "会计吴某", "保险柜3-17", "乙柜99"]
        {
            assert!(!text.contains(token), "{name} holds {token}");
        }
    }
}

#[test]
fn a_later_file_that_names_a_protected_source_is_told_by_a_digest_without_it() {
    let told = |name: &str| {
        let desk = Desk::new();
        changed("harbour-town", &desk.path("in"), &[("s09", name)]);
        desk.ok(&["import", "in"]);
        fs::create_dir(desk.path("later")).unwrap();
        let row = |source: &str| format!("id,type,from,to,source\nlater1,meeting,m01,p05,{source}\n");
        fs::write(desk.path("later/relations.csv"), row(name)).unwrap();
        let hidden = desk.json(&["import", "later", "--dry-run"]);
        fs::write(desk.path("later/relations.csv"), row("s02")).unwrap();
        (hidden, desk.json(&["import", "later", "--dry-run"]))
    };
    let ((one, open), (other, _)) = (told("yy-the-docker"), told("zz-the-clerk"));
    assert_eq!(one, other, "the digest of an input depends on who the source is");
    assert_ne!(one[0]["inputs"][0]["sha256"], open[0]["inputs"][0]["sha256"]);
}

#[test]
fn a_mapping_that_names_a_protected_source_of_the_store_is_told_by_a_digest_without_it() {
    let told = |name: &str, named: &str| {
        let desk = Desk::new();
        changed("harbour-town", &desk.path("in"), &[("s09", name)]);
        desk.ok(&["import", "in"]);
        let map = format!("[defaults]\nsource = '{named}'\n[[tables]]\nfrom = 'none'\ninto = 'people'\n");
        fs::write(desk.path("map.toml"), map).unwrap();
        // No row of it comes.
        fs::write(desk.path("people.csv"), "id,name\n").unwrap();
        desk.json(&["import", "people.csv", "--mapping", "map.toml", "--dry-run"])
    };
    let one = told("yy-the-docker", "yy-the-docker");
    assert_eq!(
        one,
        told("zz-the-clerk", "zz-the-clerk"),
        "the digest of a mapping depends on who the source is"
    );
    assert_ne!(one[0]["inputs"][0]["sha256"], told("zz-the-clerk", "s02")[0]["inputs"][0]["sha256"]);
}

/// A store with a protected and a sealed source, and what reports and imports then say of bundles that name them badly.
fn told_of(tables: &[(&str, &str)]) -> (String, String) {
    let desk = Desk::new();
    let write = |folder: &str, tables: &[(&str, &str)]| {
        fs::create_dir(desk.path(folder)).unwrap();
        for (name, text) in tables {
            fs::write(desk.path(folder).join(name), text).unwrap();
        }
    };
    write(
        "first",
        &[
            (
                "sources.csv",
                "id,channel,title,handling,protected\nkeeper-7,public_report,Docker at pier nine,,true\n\
                 shut-3,public_report,Closed box,sealed,\nopen-1,public_report,Register,,\n",
            ),
            ("people.csv", "id,name,source\nhidden-9,Zed Nine,shut-3\np1,Anna,open-1\n"),
        ],
    );
    desk.ok(&["import", "first", "--store", "s.db"]);
    write("then", tables);
    let import = ["import", "then", "--store", "s.db", "--dry-run", "--rejects", "r.jsonl", "--lang", "en"];
    let imported = desk.run(&import);
    assert_eq!(imported.code(), 4, "{}", imported.err());
    let all = fs::read_to_string(desk.path("r.jsonl")).unwrap() + &imported.err() + &imported.out();
    let report = desk.run(&["report", "then", "--out", "r", "--store", "s.db", "--lang", "en"]);
    assert_eq!(report.code(), 4, "{}", report.err());
    let page = fs::read_to_string(desk.path("r/index.html")).unwrap();
    (all, page + &fs::read_to_string(desk.path("r/rejected.jsonl")).unwrap())
}

#[test]
fn a_bad_row_of_a_source_lifts_nothing_that_the_store_keeps() {
    let sources = "id,channel,title,handling,protected\nkeeper-7,public_reprt,,,\nshut-3,public_reprt,,,\n";
    let people = "id,name,source\nx1,,keeper-7\nx2,,shut-3\nx3,,open-1\n";
    let (all, page) = told_of(&[("sources.csv", sources), ("people.csv", people)]);
    assert!(!all.contains("keeper-7"), "{all}");
    assert!(!page.contains("keeper-7") && !page.contains("shut-3"), "{page}");
    assert!(page.contains("people.csv:4") && !page.contains("people.csv:3"), "{page}");
}

#[test]
fn a_source_that_is_named_badly_is_still_nobodys_to_know() {
    let people = "id,name,source\nx1,,Docker at pier nine\nx2,,\"open-1,keeper-7\"\nx3,,open-1、keeper-7\nx4,,KEEPER-7\n\
                  x5,,Closed box\nx6,,shut-3;typo\nx7,,SHUT-3\nx8,,shut-3 / typo\nx9,,open-1\n";
    let (all, page) = told_of(&[("people.csv", people)]);
    for told in ["Docker", "pier nine", "keeper-7", "KEEPER-7"] {
        assert!(!all.contains(told) && !page.contains(told), "{told}: {all}{page}");
    }
    for told in ["Closed box", "shut-3", "SHUT-3", "typo"] {
        assert!(!page.contains(told), "{told}: {page}");
    }
    assert!(all.contains("people.csv:6") && page.contains("people.csv:10"), "{all}{page}");
}

#[test]
fn a_row_that_clashes_with_a_sealed_one_tells_readers_nothing_of_it() {
    let people = "id,name,source\np2,Anna,shut-3\np3,Bert,shut-3\np4,,shut-3\n";
    let firms = "id,name,kind\np3,Harbour Ltd,company\n";
    let ties = "id,type,from,to,source\nr1,call,p1,p2,shut-3\nr2,call,Anna,p1,open-1\nr3,call,p4,p1,open-1\nr1,family,p1,p2,open-1\n";
    let tables = [("people.csv", people), ("organisations.csv", firms), ("relations.csv", ties)];
    let (all, page) = told_of(&tables);
    assert!(all.contains("p2") && all.contains("people.csv:3"), "whoever imports is told: {all}");
    for told in ["p2", "people.csv", "already", "earlier row"] {
        assert!(!page.contains(told), "{told}: {page}");
    }
    assert!(page.contains("clashes with another row"), "{page}");
}

#[test]
fn a_sealed_source_leaves_no_trace() {
    let (with, without) = (Desk::new(), Desk::new());
    changed("harbour-town", &with.path("in/harbour-town"), &[]);
    changed(
        "harbour-town",
        &without.path("in/harbour-town"),
        &[("封存材料（甲）", "完全不同的东西"), ("封存柜1", "别处")],
    );
    let (a, b) = (outputs(&with, "in/harbour-town"), outputs(&without, "in/harbour-town"));
    for (name, bytes) in a.iter().chain(&b) {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("封存材料") && !text.contains("完全不同的东西"), "{name}");
    }
}
