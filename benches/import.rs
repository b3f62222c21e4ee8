//! How fast rows come in: `cargo bench --bench import [RELATIONS]`.
//!
//! Whole processes, reading and checking included: into a new store, and as many again into that
//! store. Beside them a bare insert of the very rows that the store wrote, its indexes included,
//! and a reading of all. Prints rows of all files a second; says nothing of other machines.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

#[allow(dead_code)]
mod rows;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use parasol::model::Access;
use parasol::store::{self, Mode};
use rusqlite::Connection;
use rusqlite::types::Value;

fn main() {
    let relations: u64 = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    let people = (relations / 20) as u32;
    rows::write_bundle(&first, people, relations, 1).unwrap();
    rows::write_more(&second, people, relations..relations * 2, 2).unwrap();
    let path = folder.path().join("case.db");
    let count = lines(&first);
    measured("import into a new store", count, || import(&first, &path));
    measured("bare insert of those rows", count, || bare(&path, &folder.path().join("bare.db")));
    measured("import of as many more relations", relations, || import(&second, &path));
    measured("the same again: unchanged", relations, || import(&second, &path));
    measured("reading all ties", relations * 2, || read(&path));
}

fn measured(name: &str, count: u64, run: impl FnOnce()) {
    let start = Instant::now();
    run();
    let seconds = start.elapsed().as_secs_f64();
    println!("{name:34} {seconds:7.2} s {:10.0} rows/s", count as f64 / seconds);
}

/// Rows of all files of a bundle.
fn lines(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.map(|file| BufReader::new(File::open(file).unwrap()).lines().count() as u64 - 1).sum()
}

fn import(bundle: &Path, store: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parasol"));
    let done = command.arg("import").arg(bundle).arg("--store").arg(store).arg("--quiet").output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// Writes every row of a store into a new file with the same tables and indexes, and nothing else.
fn bare(from: &Path, to: &Path) {
    let (from, to) = (Connection::open(from).unwrap(), Connection::open(to).unwrap());
    to.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -163840; BEGIN",
    )
    .unwrap();
    let mut made =
        from.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid").unwrap();
    let made: Vec<String> = made.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    made.iter().for_each(|sql| to.execute_batch(sql).unwrap());
    for table in ["source", "vault", "entity", "fact", "name", "claim", "step"] {
        let mut read = from.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = read.column_count();
        let places = vec!["?"; columns].join(", ");
        let mut write = to.prepare(&format!("INSERT INTO {table} VALUES ({places})")).unwrap();
        let mut rows = read.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values = (0..columns).map(|at| row.get::<_, Value>(at).unwrap());
            write.execute(rusqlite::params_from_iter(values)).unwrap();
        }
    }
    to.execute_batch("COMMIT").unwrap();
}

fn read(path: &Path) {
    let store = store::open(path.to_str().unwrap(), Mode::Read).unwrap();
    let mut ties = 0u64;
    store.read(&Access::default()).unwrap().ties(&mut |_| ties += 1).unwrap();
    println!("{ties} ties");
}
