//! Spoilt files through the program: an exit code that says what it means, never a panic or a signal.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Dice, rounds};
use crate::program::fixture;

/// What the files are made worse with.
const POISON: [&[u8]; 12] = [
    b"\0",
    b"\"",
    b"\r",
    b"\n\n",
    b",,,,,,,,",
    b"\xFF\xFE",
    "；".as_bytes(),
    "\u{202E}".as_bytes(),
    b"9999999999999999999999",
    b"1e309",
    b"0000-00-00",
    b"=cmd|'/C calc'!A0",
];

/// One file of a bundle, changed in a few places.
pub fn spoil(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.below(4) {
        let length = bytes.len() as u64;
        let at = dice.below(length) as usize;
        match dice.below(6) {
            0 => bytes.truncate(at),
            1 => {
                let end = (at + dice.below(200) as usize).min(bytes.len());
                bytes.drain(at..end);
            }
            2 => {
                let end = (at + dice.below(200) as usize).min(bytes.len());
                let again = bytes.get(at..end).unwrap().to_vec();
                let to = dice.below(length) as usize;
                bytes.splice(to..to, again);
            }
            3 => {
                let poison = POISON.get(dice.below(POISON.len() as u64) as usize).unwrap();
                bytes.splice(at..at, poison.iter().copied());
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << dice.below(8);
                }
            }
        }
    }
}

/// The files of a fixture that are tables.
fn tables(name: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(fixture(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| {
        path.extension().is_some_and(|ending| ["csv", "xlsx", "toml"].iter().any(|own| ending == *own))
    });
    found.sort();
    found
}

/// Copies a bundle with one file spoilt, and imports it; the exit code and what was said.
fn import_spoilt(folder: &Path, round: u64) -> (Option<i32>, String) {
    let mut dice = Dice::of(round);
    let names =
        ["harbour-town", "bad-bundle", "obvious-suspect", "new-leads", "harbour-town-workbook", "own-words"];
    let name = names.get(dice.below(names.len() as u64) as usize).unwrap();
    let files = tables(name);
    let victim = dice.below(files.len() as u64) as usize;
    let bundle = folder.join("bundle");
    let _ = std::fs::remove_dir_all(&bundle);
    std::fs::create_dir(&bundle).unwrap();
    for (at, path) in files.iter().enumerate() {
        let mut bytes = std::fs::read(path).unwrap();
        if at == victim {
            spoil(&mut bytes, &mut dice);
        }
        std::fs::write(bundle.join(path.file_name().unwrap()), bytes).unwrap();
    }
    let how: &[&str] =
        if round.is_multiple_of(8) { &["--store", "case.db"] } else { &["--store", "case.db", "-q"] };
    let map: &[&str] = if *name == "own-words" { &["--mapping", "bundle/map.toml"] } else { &[] };
    let dry: &[&str] = if round.is_multiple_of(4) { &[] } else { &["--dry-run"] };
    let _ = std::fs::remove_file(folder.join("case.db"));
    let output = Command::new(env!("CARGO_BIN_EXE_parasol"))
        .args([how, &["import", "bundle"], map, dry].concat())
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn spoilt_files_are_read_refused_or_rejected_row_by_row() {
    let all = rounds("PARASOL_SPOILT", 2_000);
    let next = AtomicU64::new(0);
    let counts: [AtomicU64; 3] = std::array::from_fn(|_| AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let folder = tempfile::tempdir().unwrap();
                loop {
                    let round = next.fetch_add(1, Ordering::Relaxed);
                    if round >= all {
                        return;
                    }
                    let (code, said) = import_spoilt(folder.path(), round);
                    let which = match code {
                        Some(0) => 0,
                        Some(2) => 1,
                        Some(4) => 2,
                        other => panic!("round {round}: {other:?} {said}"),
                    };
                    assert!(!said.contains("panicked"), "round {round}: {said}");
                    counts.get(which).unwrap().fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    let [sound, refused, rejected] = counts.map(AtomicU64::into_inner);
    println!("of {all}: {sound} sound, {refused} refused, {rejected} with rejected rows");
    assert!(sound > 0 && rejected > 0);
}
