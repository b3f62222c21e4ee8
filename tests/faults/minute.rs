//! A minute of readers and backups beside one who imports and imports: a long run, whose figures are in `docs/FAULTS.md`.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::{digest, rounds};
use crate::program::Desk;
use crate::rows;

const READERS: usize = 8;

/// Reads the store again and again until it is over; what each read took and saw.
fn read(desk: &Desk, over: &AtomicBool) -> Vec<(Duration, String)> {
    let mut all = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let begun = Instant::now();
        let seen = digest(desk, "case.db");
        all.push((begun.elapsed(), seen));
    }
    all
}

/// All readers at once, while `beside` runs.
fn crowd(desk: &Desk, beside: impl FnOnce()) -> Vec<(Duration, String)> {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS).map(|_| scope.spawn(|| read(desk, &over))).collect();
        beside();
        over.store(true, Ordering::Relaxed);
        readers.into_iter().flat_map(|reader| reader.join().unwrap()).collect()
    })
}

fn told(what: &str, reads: &[(Duration, String)]) {
    let mut took: Vec<Duration> = reads.iter().map(|(took, _)| *took).collect();
    took.sort();
    let at = |share: usize| took[(took.len() - 1) * share / 100];
    println!(
        "{what}: {} reads, median {:.0?}, p99 {:.0?}, slowest {:.0?}",
        took.len(),
        at(50),
        at(99),
        at(100)
    );
}

/// Every read is of a store as it was between two imports, and whole; nobody hears of a lock; every backup is sound.
#[test]
#[ignore = "a minute and more: docs/FAULTS.md"]
fn a_minute_of_readers_and_backups_beside_imports() {
    let (seconds, backups) = (rounds("PARASOL_CROWD_SECONDS", 60), rounds("PARASOL_CROWD_BACKUPS", 50));
    let desk = Desk::new();
    // Files that contradict one another, so that each import changes the store. Those after the first are small: every
    // copy is verified, and must not take longer and longer.
    let import = |relations: u64, seed: u64| {
        rows::write_bundle(&desk.path("in"), 2_000, relations, seed).unwrap();
        desk.ok(&["--store", "case.db", "import", "in"]);
    };
    import(20_000, 0);
    let states = Mutex::new(BTreeSet::from([digest(&desk, "case.db")]));
    told("beside nobody", &crowd(&desk, || std::thread::sleep(Duration::from_secs(seconds.div_ceil(4)))));
    let (begun, made) = (Instant::now(), AtomicU64::new(0));
    let is_over =
        || begun.elapsed() >= Duration::from_secs(seconds) && made.load(Ordering::Relaxed) >= backups;
    let write = || {
        let mut imports = 0;
        for seed in 1.. {
            import(1_000, seed);
            imports += u64::from(states.lock().unwrap().insert(digest(&desk, "case.db")));
            if is_over() {
                return imports;
            }
        }
        imports
    };
    let back_up = || {
        let mut seen = Vec::new();
        while !is_over() {
            desk.ok(&["--store", "case.db", "backup", "copy.db"]);
            desk.ok(&["--store", "copy.db", "verify"]);
            seen.push((Duration::ZERO, digest(&desk, "copy.db")));
            std::fs::remove_file(desk.path("copy.db")).unwrap();
            made.fetch_add(1, Ordering::Relaxed);
        }
        seen
    };
    let (mut imports, mut copies) = (0, Vec::new());
    let reads = crowd(&desk, || {
        std::thread::scope(|scope| {
            let writer = scope.spawn(write);
            copies = back_up();
            imports = writer.join().unwrap();
        });
    });
    told("beside imports", &reads);
    println!("imports that changed the store: {imports}; backups, all sound: {}", copies.len());
    let states = states.into_inner().unwrap();
    let seen: BTreeSet<&String> = reads.iter().chain(&copies).map(|(_, seen)| seen).collect();
    assert!(seen.iter().all(|seen| states.contains(*seen)), "half an import was seen");
    assert!(imports > 0 && seen.len() > 1, "nothing changed");
    desk.ok(&["--store", "case.db", "verify"]);
}
