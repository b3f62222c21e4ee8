//! Many at once: readers beside a writer, two writers, backups meanwhile, one import again and again.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Ground, digest};

#[test]
fn readers_beside_a_writer_see_one_state_and_never_a_lock() {
    let ground = Ground::of(4_000);
    ground.fresh("case.db");
    let over = AtomicBool::new(false);
    let seen = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let mut seen = BTreeSet::new();
                    loop {
                        let last = over.load(Ordering::Relaxed);
                        seen.insert(digest(&ground.desk, "case.db"));
                        if last {
                            return seen;
                        }
                    }
                })
            })
            .collect();
        let backups = scope.spawn(|| {
            let mut made = 0;
            while !over.load(Ordering::Relaxed) {
                made += 1;
                let copy = format!("copy{made}.db");
                ground.desk.ok(&["--store", "case.db", "backup", &copy]);
                let copied = digest(&ground.desk, &copy);
                assert!(copied == ground.before || copied == ground.after);
                ground.desk.ok(&["--store", &copy, "verify"]);
            }
            made
        });
        assert!(ground.begin("case.db").wait().unwrap().success());
        over.store(true, Ordering::Relaxed);
        assert!(backups.join().unwrap() > 0);
        readers.into_iter().flat_map(|reader| reader.join().unwrap()).collect::<BTreeSet<String>>()
    });
    let expected = BTreeSet::from([ground.before.clone(), ground.after.clone()]);
    assert!(seen.is_subset(&expected), "a reader saw half an import");
    assert_eq!(digest(&ground.desk, "case.db"), ground.after);
}

#[test]
fn of_two_writers_one_waits_or_is_told_who_writes() {
    let ground = Ground::of(1_500);
    ground.fresh("case.db");
    let mut first = ground.begin("case.db");
    let second = ground.desk.run(&["--store", "case.db", "import", "more"]);
    assert!(first.wait().unwrap().success() || second.code() == 0);
    assert!(matches!(second.code(), 0 | 6), "{}", second.err());
    assert_eq!(digest(&ground.desk, "case.db"), ground.after);
    ground.desk.ok(&["--store", "case.db", "verify"]);
}

#[test]
fn the_same_rows_in_another_order_and_by_halves_make_the_same_store() {
    let ground = Ground::of(400);
    let text = std::fs::read_to_string(ground.desk.path("more/relations.csv")).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    let head = lines.remove(0);
    lines.reverse();
    std::fs::write(ground.desk.path("more/relations.csv"), format!("{head}\n{}\n", lines.join("\n")))
        .unwrap();
    // Half of it is there already, and all of it comes in the other order, twice.
    ground.fresh("case.db");
    for _ in 0..2 {
        assert!(ground.begin("case.db").wait().unwrap().success());
        assert_eq!(digest(&ground.desk, "case.db"), ground.after);
    }
}

#[test]
fn an_interrupted_import_says_so_and_can_be_done_again() {
    let ground = Ground::of(1_500);
    let mut interrupted = 0;
    for delay in [60, 100, 150, 200, 300] {
        ground.fresh("case.db");
        let mut import = ground.begin("case.db");
        std::thread::sleep(std::time::Duration::from_millis(delay));
        let asked =
            std::process::Command::new("kill").args(["-INT", &import.id().to_string()]).status().unwrap();
        // One that has just begun may not listen yet, and one that is over has nobody to ask.
        let code = import.wait().unwrap().code();
        assert!(matches!(code, None | Some(0 | 130)) || !asked.success(), "{code:?}");
        interrupted += u32::from(code == Some(130));
        // Interrupted after its commit, while statistics are taken, the import is in.
        let seen = digest(&ground.desk, "case.db");
        let right = seen == ground.after || (code != Some(0) && seen == ground.before);
        assert!(right, "after {delay} ms: {code:?}, and half an import is seen");
        ground.desk.ok(&["--store", "case.db", "verify"]);
        // A log that was left is cleared away by the next who writes.
        ground.desk.ok(&["--store", "case.db", "import", "more"]);
        assert_eq!(digest(&ground.desk, "case.db"), ground.after);
        assert!(!ground.desk.path("case.db-wal").exists());
    }
    assert!(interrupted > 0, "every import was over before it was interrupted");
}
