//! The program as a whole process, at the sizes it promises: `cargo bench --bench program`.
//!
//! `cargo bench --bench program -- big` adds imports of 1 and 10 million relations. Prints wall time
//! (median of runs where more than one) and the process's peak memory; beside the import it prints
//! a bare insert of the very rows the store holds, indexes included. Nothing here is a test.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

mod rows;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

/// Wall seconds and peak memory in MiB of one run of the program.
fn run(args: &[&str]) -> (f64, u64) {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_parasol"))
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let high = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = high.and_then(|rest| rest.trim().split(' ').next()?.parse::<u64>().ok());
        peak = peak.max(kib.unwrap_or(0));
        if child.try_wait().unwrap().is_some() {
            return (start.elapsed().as_secs_f64(), peak / 1024);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn tell(what: &str, runs: usize, args: &[&str]) -> f64 {
    let mut seen: Vec<(f64, u64)> = (0..runs).map(|_| run(args)).collect();
    seen.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (median, peak) = (seen[runs / 2].0, seen.iter().map(|seen| seen.1).max().unwrap());
    println!("{what:58} {median:9.3} s   peak {peak:5} MiB   (median of {runs})");
    median
}

/// Copies every row of a store into a fresh file with the same tables and indexes, as bare as it
/// gets: one transaction, one prepared statement a table. Seconds.
fn bare_insert(store: &Path, to: &Path) -> f64 {
    let from = Connection::open(store).unwrap();
    let schema = |kind: &str| -> Vec<String> {
        let mut query = from
            .prepare("SELECT sql FROM sqlite_master WHERE type = ?1 AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
            .unwrap();
        query.query_map([kind], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let names: Vec<String> =
        schema("table").iter().map(|sql| sql.split_whitespace().nth(2).unwrap().to_owned()).collect();
    let tables: Vec<(String, Vec<Vec<Value>>)> = names
        .iter()
        .map(|name| {
            let mut query = from.prepare(&format!("SELECT * FROM {name}")).unwrap();
            let width = query.column_count();
            let row =
                |row: &rusqlite::Row<'_>| (0..width).map(|at| row.get(at)).collect::<Result<Vec<Value>, _>>();
            let all = query.query_map([], row).unwrap().map(Result::unwrap).collect();
            (name.clone(), all)
        })
        .collect();
    let mut bare = Connection::open(to).unwrap();
    bare.pragma_update(None, "journal_mode", "WAL").unwrap();
    bare.pragma_update(None, "synchronous", "FULL").unwrap();
    bare.pragma_update(None, "cache_size", -160 * 1024).unwrap();
    let start = Instant::now();
    let change = bare.transaction().unwrap();
    schema("table").iter().chain(&schema("index")).for_each(|sql| change.execute_batch(sql).unwrap());
    for (name, rows) in &tables {
        let Some(width) = rows.first().map(Vec::len) else { continue };
        let marks = vec!["?"; width].join(",");
        let mut insert = change.prepare(&format!("INSERT INTO {name} VALUES ({marks})")).unwrap();
        for row in rows {
            insert.execute(params_from_iter(row)).unwrap();
        }
    }
    change.commit().unwrap();
    start.elapsed().as_secs_f64()
}

/// Rows of all tables of a bundle, headers left out.
fn rows_of(bundle: &Path) -> usize {
    let files = fs::read_dir(bundle).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| fs::read(path).unwrap().iter().filter(|&&byte| byte == b'\n').count() - 1).sum()
}

fn import(folder: &Path, name: &str, people: u32, relations: u64, seed: u64, store: &str) {
    let bundle = folder.join(name);
    rows::write_bundle(&bundle, people, relations, seed).unwrap();
    let (seconds, peak) = run(&["--store", store, "import", bundle.to_str().unwrap()]);
    tell_import(name, rows_of(&bundle), seconds, peak);
    fs::remove_dir_all(&bundle).unwrap();
}

fn tell_import(name: &str, rows: usize, seconds: f64, peak: u64) {
    let rate = rows as f64 / seconds;
    println!("import {name:51} {seconds:9.3} s   peak {peak:5} MiB   {rows:9} rows, {rate:9.0} rows/s");
}

/// 200,000 relations that are all new into a copy of a store of a million, three times: the median.
fn import_more(folder: &Path, people: u32, million: &str) {
    let (bundle, copy) = (folder.join("more"), folder.join("grown.db"));
    rows::write_more(&bundle, people, 1_000_000..1_200_000, 3).unwrap();
    let grown = |_| {
        fs::copy(million, &copy).unwrap();
        let seen = run(&["--store", copy.to_str().unwrap(), "import", bundle.to_str().unwrap()]);
        fs::remove_file(&copy).unwrap();
        seen
    };
    let mut seen: Vec<(f64, u64)> = (0..3).map(grown).collect();
    seen.sort_by(|a, b| a.0.total_cmp(&b.0));
    tell_import("200,000 new relations into it (median of 3)", rows_of(&bundle), seen[1].0, seen[2].1);
}

fn main() {
    let big = std::env::args().any(|arg| arg == "big");
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let root = env!("CARGO_MANIFEST_DIR");
    let harbour = format!("{root}/fixtures/harbour-town");

    let city = path("city.db");
    import(folder.path(), "6,000 people, 120,000 relations, new store", 6_000, 120_000, 1, &city);
    let bare = bare_insert(Path::new(&city), Path::new(&path("bare.db")));
    println!(
        "{:58} {bare:9.3} s   {:9.0} relations/s",
        "  a bare insert of its rows, indexes included",
        120_000.0 / bare
    );
    tell("umbrella on it", 5, &["--store", &city, "umbrella", "--json"]);
    let pair = best_pair(&city);
    tell(
        "draw --pair on it, PNG",
        5,
        &["--store", &city, "draw", "--pair", &pair.0, &pair.1, "--out", &path("p.png")],
    );
    tell("draw --all on it, SVG", 3, &["--store", &city, "draw", "--all", "--out", &path("a.svg")]);
    tell("rank --by betweenness on it", 3, &["--store", &city, "rank", "--by", "betweenness"]);
    for name in ["harbour-town", "obvious-suspect"] {
        let bundle = format!("{root}/fixtures/{name}");
        tell(&format!("report fixtures/{name}"), 3, &["report", &bundle, "--out", &path(name), "--force"]);
    }
    tell("import fixtures/harbour-town, again", 3, &["--store", &path("h.db"), "import", &harbour]);

    let million = path("million.db");
    import(folder.path(), "50,000 people, 1,000,000 relations, new store", 50_000, 1_000_000, 2, &million);
    import_more(folder.path(), 50_000, &million);
    let again = "50,000 people told anew, 100,000 relations corrected";
    import(folder.path(), again, 50_000, 100_000, 3, &million);
    if big {
        import(
            folder.path(),
            "1,000,000 people, 10,000,000 relations",
            1_000_000,
            10_000_000,
            4,
            &path("big.db"),
        );
    }
}

/// The first pair the city gives.
fn best_pair(store: &str) -> (String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_parasol"))
        .args(["--store", store, "umbrella", "--top", "1", "--json"])
        .output()
        .unwrap();
    let pair: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let id = |end: &str| pair[end]["id"].as_str().unwrap().to_owned();
    (id("official"), id("gang"))
}
