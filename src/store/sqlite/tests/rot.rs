//! Bit rot: an answer is the right one or an error, and `verify` finds what is wrong.

use super::*;
use crate::model::{Entity, Record, Source, Tie, TieType};
use crate::store::StepView;

/// A store with something in every table; returns its file.
fn sample(folder: &std::path::Path) -> PathBuf {
    let path = folder.join("case.db");
    let store = SqliteStore::open(&path, Mode::Create).unwrap();
    let hidden = Source { protected: true, ..source("s2") };
    let mut records = vec![Record::Source(source("s1")), Record::Source(hidden)];
    for n in 0..120 {
        let by = ["s1", "s2"][n % 2];
        records.push(person_by(&format!("p{n}"), &format!("王{n}"), &[by]));
        records.push(tie_by(
            &format!("r{n}"),
            TieType::ALL[n % 24],
            &format!("p{}", n / 3),
            &format!("p{n}"),
            &[by],
        ));
    }
    records.push(Record::Step(step("t1", "p1", "opened", "2020")));
    write_known(&store, &records, Some(date("2021")));
    write(&store, &[tie_by("r1", TieType::Family, "p0", "p5", &["s2"]), person("p1", "别名")]);
    path
}

#[derive(Debug, PartialEq)]
struct Answer {
    entities: Vec<Entity>,
    ties: Vec<Tie>,
    steps: Vec<StepView>,
    sources: String,
}

fn answer(path: &Path) -> Result<Answer, StoreError> {
    let store = SqliteStore::open(path, Mode::Read)?;
    let view = store.read(&Access::default())?;
    let (mut entities, mut ties) = (Vec::new(), Vec::new());
    view.entities(&mut |entity| entities.push(entity))?;
    view.ties(&mut |tie| ties.push(tie))?;
    let sources = format!("{:?}", view.sources()?);
    Ok(Answer { entities, ties, steps: view.steps(&[])?, sources })
}

/// Whether the damaged file gives a wrong answer, and whether `verify` noticed the damage.
fn harm(path: &Path, right: &Answer) -> (bool, bool) {
    let wrong = matches!(answer(path), Ok(given) if given != *right);
    let found = SqliteStore::open(path, Mode::Read).and_then(|store| store.verify());
    (wrong, found.map_or(true, |found| !found.faults.is_empty()))
}

#[test]
fn flipped_bits_never_give_a_wrong_answer_unnoticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = sample(folder.path());
    let right = answer(&path).unwrap();
    let whole = std::fs::read(&path).unwrap();
    let hurt = folder.path().join("hurt.db");
    let mut state = 1u64;
    let (mut wrong, mut unnoticed) = (0, 0);
    for _ in 0..2_000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let at = (state >> 33) as usize;
        let mut bytes = whole.clone();
        let length = bytes.len();
        bytes[at / 8 % length] ^= 1 << (at % 8);
        std::fs::write(&hurt, &bytes).unwrap();
        let (gave_wrong, noticed) = harm(&hurt, &right);
        wrong += usize::from(gave_wrong);
        unnoticed += usize::from(gave_wrong && !noticed);
    }
    assert_eq!(unnoticed, 0, "of {wrong} wrong answers");
    assert_eq!(wrong, 0, "a whole reading finds rot by itself");
}

#[test]
fn a_cut_file_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let path = sample(folder.path());
    let right = answer(&path).unwrap();
    let whole = std::fs::read(&path).unwrap();
    let hurt = folder.path().join("hurt.db");
    for part in 1..200 {
        std::fs::write(&hurt, &whole[..whole.len() * part / 200]).unwrap();
        let (wrong, noticed) = harm(&hurt, &right);
        assert!(!wrong && noticed, "{part}/200");
    }
}

#[test]
fn a_torn_page_never_gives_a_wrong_answer() {
    let folder = tempfile::tempdir().unwrap();
    let path = sample(folder.path());
    let old = std::fs::read(&path).unwrap();
    let store = SqliteStore::open(&path, Mode::Write).unwrap();
    write(&store, &(0..200).map(|n| person(&format!("q{n}"), "新")).collect::<Vec<_>>());
    drop(store);
    let right = answer(&path).unwrap();
    let whole = std::fs::read(&path).unwrap();
    let hurt = folder.path().join("hurt.db");
    let page = layout::PAGE as usize;
    for k in 0..200 {
        // A part of a page is as it was before the last change, or was never written.
        let at = k * 7919 % (whole.len() / page) * page + [0, 512, 1024, 4096][k % 4];
        let mut bytes = whole.clone();
        let end = (at + [512, 1024, 4096][k % 3]).min(bytes.len());
        let was = old.get(at..end).map_or_else(|| vec![0; end - at], <[u8]>::to_vec);
        bytes[at..end].copy_from_slice(&was);
        if bytes == whole {
            continue;
        }
        std::fs::write(&hurt, &bytes).unwrap();
        let (wrong, _) = harm(&hurt, &right);
        assert!(!wrong, "{k}");
    }
}

#[test]
fn verify_names_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        ("UPDATE claim SET status = 2 WHERE n = 3", "row_hash"),
        ("DELETE FROM claim WHERE n = 4", "digest"),
        ("UPDATE claim SET beaten = 1 WHERE n = 5", "derived"),
        ("UPDATE claim SET layer = 9 WHERE n = 5", "derived"),
        ("UPDATE claim SET tie = 1 WHERE n = 5", "derived"),
        ("UPDATE claim SET change = 7 WHERE n = 5", "change"),
        ("UPDATE vault SET title = 'x'", "digest"),
        ("UPDATE claim SET source = 2 WHERE n = 7 AND source = 1", "row_hash"),
        ("DELETE FROM name WHERE entity = 3", "search_index"),
        ("UPDATE name SET reading = 'x' WHERE entity = 3", "search_index"),
        ("DELETE FROM entity WHERE n = 3", "orphan"),
        ("UPDATE change SET who = 'somebody else'", "row_hash"),
        ("UPDATE step SET date = 1000000 WHERE n = 1", "row_hash"),
        ("DELETE FROM source WHERE n = 1", "orphan"),
        ("UPDATE digest SET open = whole WHERE part = 2", "digest"),
    ];
    for (harm, code) in cases {
        let path = folder.path().join("case.db");
        let _ = std::fs::remove_file(&path);
        sample(folder.path());
        let conn = connect::writer(&path, false).unwrap();
        conn.execute_batch(harm).unwrap();
        drop(conn);
        let faults = SqliteStore::open(&path, Mode::Read).unwrap().verify().unwrap().faults;
        assert!(faults.iter().any(|fault| fault.code == code), "{harm}: {faults:?}");
    }
}

/// A number that damage made high is no reason to ask for that much memory.
#[test]
fn what_is_numbered_beyond_any_file_is_damage() {
    let harms = [
        "UPDATE claim SET n = ?1 WHERE n = 4",
        "UPDATE claim SET tie = ?1 WHERE n = 4",
        "UPDATE claim SET \"from\" = ?1 WHERE n = 4",
        "UPDATE source SET n = ?1 WHERE n = 1",
        "UPDATE entity SET n = ?1 WHERE n = 3",
        "UPDATE fact SET entity = ?1 WHERE entity = 3",
    ];
    for number in [1_i64 << 32, 1 << 40, i64::MAX] {
        for harm in harms {
            let folder = tempfile::tempdir().unwrap();
            let path = sample(folder.path());
            let conn = connect::writer(&path, false).unwrap();
            conn.execute(harm, [number]).unwrap();
            drop(conn);
            let told = answer(&path).map(|_| ());
            // Nor where it is counted or searched; what that does not read it need not find.
            let store = SqliteStore::open(&path, Mode::Read).unwrap();
            let others = store.read(&Access::default()).map(|view| (view.info().err(), view.names().err()));
            let is_damage = |why: &StoreError| matches!(why, StoreError::Damaged { .. });
            assert!(told.is_err_and(|why| is_damage(&why)), "{harm} {number}");
            match others {
                Ok((info, names)) => assert!(info.iter().chain(&names).all(is_damage), "{harm} {number}"),
                Err(why) => assert!(is_damage(&why), "{harm} {number}"),
            }
        }
    }
    assert!(rows::entity_number(1 << 28).is_some() && rows::entity_number((1 << 28) + 1).is_none());
}
