//! `kill -9` at any moment of an import: a reader sees none of it or all, and it can be done again.

use std::time::{Duration, Instant};

use super::{Dice, Ground, digest, rounds};

#[test]
fn a_killed_import_is_whole_or_never_was() {
    let ground = Ground::of(rounds("PARASOL_KILL_ROWS", 1_500));
    let start = Instant::now();
    ground.fresh("case.db");
    assert!(ground.begin("case.db").wait().unwrap().success());
    let mut span = start.elapsed();
    let (mut dice, mut kept, mut gone) = (Dice(1), 0, 0);
    ground.fresh("case.db");
    for round in 0..rounds("PARASOL_KILLS", 100) {
        let mut import = ground.begin("case.db");
        std::thread::sleep(moment(&mut dice, span));
        import.kill().unwrap();
        import.wait().unwrap();
        let seen = digest(&ground.desk, "case.db");
        assert!(seen == ground.before || seen == ground.after, "round {round}: half an import is seen");
        ground.desk.ok(&["--store", "case.db", "verify"]);
        if seen == ground.after {
            kept += 1;
            span = span.mul_f64(SOONER);
            ground.fresh("case.db");
        } else {
            gone += 1;
            span = span.mul_f64(LATER);
        }
        if round % 10 == 9 {
            ground.desk.ok(&["--store", "case.db", "import", "more"]);
            assert_eq!(digest(&ground.desk, "case.db"), ground.after, "round {round}");
            ground.fresh("case.db");
        }
    }
    println!("killed: {gone} never were, {kept} were whole");
    assert!(gone > 0 && kept > 0, "kills fall on both sides of the end: {gone} before, {kept} after");
}

/// How much the span that kills fall into grows with each import that never was, and shrinks with each that was whole:
/// it comes to rest where one in eight was whole, however quick the machine is now and was when the test began.
const LATER: f64 = 1.05;
const SOONER: f64 = 0.7;

/// A moment of the span.
fn moment(dice: &mut Dice, span: Duration) -> Duration {
    span.mul_f64(dice.below(1_001) as f64 / 1_000.0)
}

#[test]
fn an_import_into_no_store_that_is_killed_leaves_nothing_in_the_way() {
    let ground = Ground::of(500);
    let mut dice = Dice(2);
    for _ in 0..10 {
        let mut import = ground.begin("new.db");
        std::thread::sleep(Duration::from_millis(dice.below(250)));
        import.kill().unwrap();
        import.wait().unwrap();
        ground.desk.ok(&["--store", "new.db", "import", "more"]);
        assert_eq!(digest(&ground.desk, "new.db"), ground.after);
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(ground.desk.path(&format!("new.db{ending}")));
        }
    }
}
