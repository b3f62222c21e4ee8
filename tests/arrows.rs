//! Arrows never point left: reads our sources and fails when an import goes against the way of
//! the data (docs/ARCHITECTURE.md).

use std::fs;
use std::path::{Path, PathBuf};

/// Each stage and what it may know beside itself.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("messages", &["model"]),
    ("ingest", &["model"]),
    ("generate", &["model"]),
    ("store", &["model"]),
    ("network", &["model"]),
    ("analysis", &["model", "network"]),
    ("render", &["model", "network", "analysis", "messages"]),
    ("report", &["model", "store", "network", "analysis", "messages"]),
    ("export", &["model", "store", "network", "analysis", "messages"]),
    (
        "tasks",
        &[
            "model", "messages", "generate", "ingest", "store", "network", "analysis", "report", "render",
            "export",
        ],
    ),
];

/// Crates that may stand under one stage only.
const ONLY_UNDER: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("neo4rs", &["store"]),
    ("tokio", &["store", "server"]),
    ("calamine", &["ingest"]),
    ("csv", &["ingest", "export"]),
    ("plotters", &["render"]),
    ("resvg", &["render"]),
    ("krilla", &["render"]),
    ("clap", &["cli", "analysis"]),
    ("comfy_table", &["cli"]),
    ("indicatif", &["cli"]),
    ("fluent_bundle", &["messages"]),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Tests may know more than what they test.
fn is_test(path: &Path) -> bool {
    let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or("");
    matches!(name, "tests" | "testing" | "samples")
        || path.components().any(|part| part.as_os_str() == "promises")
}

/// (stage, path, text without comments) of every source file under a stage.
fn files() -> Vec<(String, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    paths
        .iter()
        .filter(|path| !is_test(path))
        .filter_map(|path| {
            let inside = path.strip_prefix(&root).unwrap();
            let stage = inside.components().next()?.as_os_str().to_str()?.to_owned();
            let text = fs::read_to_string(path).unwrap();
            let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or("");
            let code: Vec<&str> = code.lines().map(|line| line.split("//").next().unwrap_or("")).collect();
            (inside.components().count() > 1).then(|| (stage, inside.display().to_string(), code.join("\n")))
        })
        .collect()
}

/// Whether the code uses a top-level path: `crate::store::…`, `rusqlite::…`, `use rusqlite…`.
fn uses(code: &str, path: &str) -> bool {
    code.match_indices(path).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + path.len()..].chars().next();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
            && !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
            && (code[at + path.len()..].starts_with("::") || path.contains("::"))
    })
}

/// The first words of the items of a list `a::{b, c}, d}`, whose opening brace is gone.
fn heads_of_list(rest: &str) -> Vec<String> {
    let (mut depth, mut heads, mut item) = (0, Vec::new(), String::new());
    for c in rest.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => heads.push(std::mem::take(&mut item)),
            _ if depth == 0 => item.push(c),
            _ => {}
        }
    }
    heads.push(item);
    heads.iter().map(|item| item.trim().split("::").next().unwrap_or("").to_owned()).collect()
}

#[test]
fn no_import_goes_against_the_arrows() {
    let mut wrong = Vec::new();
    for (stage, path, code) in files() {
        let Some((_, may)) = MAY_KNOW.iter().find(|(name, _)| *name == stage) else { continue };
        let known = MAY_KNOW.iter().map(|(name, _)| *name).chain(["cli", "server"]);
        for other in known.filter(|other| *other != stage && !may.contains(other)) {
            if uses(&code, &format!("crate::{other}")) {
                wrong.push(format!("{path} knows `{other}`"));
            }
        }
        for other in code.split("use crate::{").skip(1).flat_map(heads_of_list) {
            let is_stage = MAY_KNOW.iter().any(|(name, _)| *name == other);
            if is_stage && other != stage && !may.contains(&other.as_str()) {
                wrong.push(format!("{path} knows `{other}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn libraries_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for (stage, path, code) in files() {
        for (library, places) in ONLY_UNDER {
            if !places.contains(&stage.as_str()) && uses(&code, library) {
                wrong.push(format!("{path} uses `{library}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_stage_of_the_table_is_there_and_the_test_can_fail() {
    let stages: Vec<String> = files().into_iter().map(|(stage, _, _)| stage).collect();
    for stage in [
        "model", "messages", "generate", "ingest", "store", "network", "analysis", "render", "report",
        "tasks", "cli",
    ] {
        assert!(stages.iter().any(|found| found == stage), "{stage}");
    }
    assert!(uses("use crate::store::Store;", "crate::store") && uses("rusqlite::Connection", "rusqlite"));
    assert_eq!(heads_of_list("model::{A, B}, store::X};\nuse y::{z}"), ["model", "store"]);
    assert!(!uses("crate::storehouse::x", "crate::store") && !uses("my_csv::x", "csv"));
}

#[test]
fn every_query_is_used_and_is_one_statement() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let code: String =
        files().into_iter().filter(|(stage, _, _)| stage == "store").map(|(_, _, code)| code).collect();
    let mut seen = 0;
    for entry in fs::read_dir(root.join("queries/sqlite")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(code.contains(&format!("queries/sqlite/{name}\"")), "{name} is used nowhere");
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.trim_end().trim_end_matches(';').contains(';'), "{name} holds several statements");
        seen += 1;
    }
    assert!(seen > 20);
}
