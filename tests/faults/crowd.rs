//! Many at once: readers beside a writer, two writers, backups meanwhile, one import again and again.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::{Ground, digest, program};
use crate::program::{Desk, wait_until_it_hears};

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

/// Ctrl-C some time after an import has begun, or as soon as `until` is so; what it said, and its exit code.
fn interrupted(ground: &Ground, store: &str, until: impl Fn() -> bool) -> (Option<i32>, String) {
    let mut import = program(ground.desk.folder.path());
    import.args(["--store", store, "import", "more"]).stderr(Stdio::piped());
    let mut import = import.spawn().unwrap();
    wait_until_it_hears(&mut import);
    while !until() && import.try_wait().unwrap().is_none() {}
    // One that is over has nobody to ask.
    let _ = Command::new("kill").args(["-INT", &import.id().to_string()]).status().unwrap();
    let ended = import.wait_with_output().unwrap();
    (ended.status.code(), String::from_utf8(ended.stderr).unwrap())
}

/// Whether this much time is over since it was asked first.
fn after(delay: u64) -> impl Fn() -> bool {
    let begun = std::cell::OnceCell::new();
    move || begun.get_or_init(Instant::now).elapsed() >= Duration::from_millis(delay)
}

#[test]
fn an_interrupted_import_says_so_leaves_nothing_behind_and_can_be_done_again() {
    let ground = Ground::of(1_500);
    let mut broken_off = 0;
    for delay in [0, 50, 100, 200, 300] {
        ground.fresh("case.db");
        let (code, said) = interrupted(&ground, "case.db", after(delay));
        assert!(matches!(code, Some(0 | 130)), "{code:?}");
        let seen = digest(&ground.desk, "case.db");
        if code == Some(130) {
            broken_off += 1;
            assert_eq!(seen == ground.after, said.contains("the import is in, whole"), "{said}");
            // Before it has come to its rows it is like every other command.
            let nothing = ["nothing of it was imported", "the store is as it was"];
            assert_eq!(seen == ground.before, nothing.iter().any(|words| said.contains(words)), "{said}");
            assert!(!ground.desk.path("case.db-wal").exists(), "a log is left: {said}");
        }
        assert!(seen == ground.after || (code != Some(0) && seen == ground.before), "half an import is seen");
        ground.desk.ok(&["--store", "case.db", "verify"]);
        ground.desk.ok(&["--store", "case.db", "import", "more"]);
        assert_eq!(digest(&ground.desk, "case.db"), ground.after);
        assert!(!ground.desk.path("case.db-wal").exists());
    }
    assert!(broken_off > 0, "every import was over before it was interrupted");
}

#[test]
fn an_import_interrupted_while_statistics_are_taken_is_in_and_says_so() {
    let ground = Ground::of(6_000);
    let told = (0..20).any(|_| {
        ground.fresh("case.db");
        // Once the content is another, the change is committed, and what is left is statistics.
        let committed = || digest(&ground.desk, "case.db") == ground.after;
        let (code, said) = interrupted(&ground, "case.db", committed);
        assert!(matches!(code, Some(0 | 130)), "{code:?}");
        assert_eq!(digest(&ground.desk, "case.db"), ground.after);
        // A log may be left: the reader who asked was beside the writer, and readers clear nothing away.
        assert_eq!(code == Some(130), said.contains("the import is in, whole"), "{said}");
        code == Some(130)
    });
    assert!(told, "statistics were taken before anybody could interrupt them");
    // They are taken when they are asked for.
    ground.desk.ok(&["--store", "case.db", "verify"]);
    assert!(matches!(ground.desk.run(&["--store", "case.db", "umbrella"]).code(), 0 | 3));
}

/// A command that only reads ends at once, says so, and leaves the store as it was.
#[test]
fn an_interrupted_reader_says_that_the_store_is_as_it_was() {
    let desk = Desk::new();
    crate::rows::write_bundle(&desk.path("in"), 6_000, 60_000, 1).unwrap();
    desk.ok(&["import", "in", "--store", "case.db"]);
    let before = desk.json(&["info", "--store", "case.db"]);
    // While the store is read, and while the measure is taken, which would go on for long after.
    for delay in [0, 500, 1500, 3000] {
        let mut ranking = program(desk.folder.path());
        ranking
            .args(["--store", "case.db", "rank", "--by", "betweenness", "--lang", "en"])
            .stderr(Stdio::piped());
        let mut ranking = ranking.stdout(Stdio::piped()).spawn().unwrap();
        wait_until_it_hears(&mut ranking);
        std::thread::sleep(Duration::from_millis(delay));
        let _ = Command::new("kill").args(["-INT", &ranking.id().to_string()]).status().unwrap();
        let asked = Instant::now();
        while ranking.try_wait().unwrap().is_none() {
            // It ends within a second where nothing else runs; what never would is a hang.
            assert!(asked.elapsed() < Duration::from_secs(60), "it did not end");
            std::thread::sleep(Duration::from_millis(10));
        }
        let ended = ranking.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(130));
        assert!(String::from_utf8_lossy(&ended.stderr).contains("the store is as it was"));
        assert!(ended.stdout.is_empty());
        assert_eq!(desk.json(&["info", "--store", "case.db"]), before);
    }
}

#[test]
fn an_import_into_a_new_store_that_is_interrupted_leaves_no_file() {
    let ground = Ground::of(6_000);
    let begun = || ground.desk.path("new.db").exists();
    let (code, said) = interrupted(&ground, "new.db", begun);
    assert_eq!(code, Some(130), "{said}");
    let left = |ending: &str| ground.desk.path(&format!("new.db{ending}")).exists();
    assert!(!left("") && !left("-wal") && !left("-shm"), "{said}");
}
