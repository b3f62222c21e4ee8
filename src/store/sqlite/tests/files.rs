//! The file: who may open it, what stays beside it, what a broken-off change leaves.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::*;
use crate::model::{Record, TieType};

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("case.db")
    }

    fn store(&self, mode: Mode) -> Result<SqliteStore, StoreError> {
        SqliteStore::open(&self.path(), mode)
    }

    /// What lies in the folder.
    fn files(&self) -> Vec<String> {
        let mut files: Vec<String> = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        files
    }

    fn people(&self) -> usize {
        entities(&self.store(Mode::Read).unwrap(), &Access::default()).len()
    }
}

fn filled() -> Place {
    let place = Place::new();
    write(&place.store(Mode::Create).unwrap(), &[person("a", "甲")]);
    place
}

#[test]
fn a_file_at_rest_stands_alone_and_reading_changes_no_byte() {
    let place = filled();
    let bytes = std::fs::read(place.path()).unwrap();
    let store = place.store(Mode::Read).unwrap();
    assert_eq!(place.people(), 1);
    assert_eq!(store.verify().unwrap().faults, []);
    assert!(matches!(store.write(&change()), Err(StoreError::ReadOnly(_))));
    assert_eq!(std::fs::read(place.path()).unwrap(), bytes);
    assert_eq!(place.files(), ["case.db"]);
}

#[test]
fn a_reader_beside_a_writer_leaves_nothing_behind() {
    let place = filled();
    let store = place.store(Mode::Write).unwrap();
    let reader = place.store(Mode::Read).unwrap();
    let view = reader.read(&Access::default()).unwrap();
    let references = store.references().unwrap();
    write(&store, &[person("b", "乙")]);
    let mut seen = 0;
    view.entities(&mut |_| seen += 1).unwrap();
    assert_eq!(seen, 1);
    assert_eq!(place.people(), 2);
    drop((view, references));
    assert_eq!(place.files(), ["case.db"]);
    assert_eq!(place.people(), 2);
}

#[test]
fn what_cannot_be_opened_says_why() {
    let place = Place::new();
    assert!(matches!(place.store(Mode::Read), Err(StoreError::Missing(_))));
    assert!(matches!(place.store(Mode::Write), Err(StoreError::Missing(_))));
    let reason = |bytes: &[u8], mode| {
        std::fs::write(place.path(), bytes).unwrap();
        match place.store(mode) {
            Err(StoreError::Foreign { reason, .. }) => reason,
            other => panic!("{other:?}"),
        }
    };
    assert!(reason(b"", Mode::Read).contains("empty"));
    assert!(reason(b"id,name\n1,x\n", Mode::Create).contains("not a store"));
    let other = place.folder.path().join("other.db");
    let conn = rusqlite::Connection::open(&other).unwrap();
    conn.execute_batch("CREATE TABLE t (x)").unwrap();
    drop(conn);
    assert!(reason(&std::fs::read(&other).unwrap(), Mode::Write).contains("another program"));
    let mut newer = std::fs::read(filled().path()).unwrap();
    newer[63] += 1;
    assert!(reason(&newer, Mode::Read).contains("use a newer parasol"));
    std::fs::write(place.path(), b"").unwrap();
    assert!(place.store(Mode::Create).is_ok(), "an empty file may become a store");
    let why = crate::store::open("ftp://localhost/case", Mode::Read).err().unwrap();
    assert!(why.to_string().contains("://localhost/case"), "{why}");
}

/// The file and the journal of a store whose making was broken off while its pages were written: SQLite takes all of
/// it back, and nothing is left.
#[test]
fn a_store_whose_making_was_broken_off_is_made_anew() {
    let place = Place::new();
    place.store(Mode::Create).unwrap();
    // SQLite's format of a rollback journal: its mark, no pages that were there before, and a file of no pages at first.
    let mut journal =
        vec![0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7, 0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0];
    journal.extend(512_u32.to_be_bytes());
    journal.extend(layout::PAGE.to_be_bytes());
    journal.resize(512, 0);
    let beside = place.folder.path().join("case.db-journal");
    std::fs::write(&beside, journal).unwrap();
    place.store(Mode::Create).unwrap();
    assert!(!beside.exists());
    assert_eq!(place.people(), 0);
    std::fs::write(&beside, "").unwrap();
    assert_eq!(place.people(), 0, "an empty journal says nothing");
}

/// The last step of a store's making is not in its transaction: whoever writes next makes up for it.
#[test]
fn a_store_without_its_log_gets_one_from_the_next_writer() {
    let place = filled();
    let conn = rusqlite::Connection::open(place.path()).unwrap();
    conn.pragma_update(None, "journal_mode", "DELETE").unwrap();
    drop(conn);
    let versions = || std::fs::read(place.path()).unwrap()[18..20].to_vec();
    assert_eq!(versions(), [1, 1]);
    let store = place.store(Mode::Write).unwrap();
    let mut writer = store.write(&change()).unwrap();
    writer.put(&person("b", "乙")).unwrap();
    assert_eq!(place.people(), 1, "readers do not wait");
    writer.finish().unwrap();
    assert_eq!((versions(), place.people()), (vec![2, 2], 2));
}

#[test]
fn a_file_that_may_not_be_written_can_be_read() {
    let place = filled();
    let mut may = std::fs::metadata(place.path()).unwrap().permissions();
    may.set_readonly(true);
    std::fs::set_permissions(place.path(), may).unwrap();
    assert_eq!(place.people(), 1);
    assert_eq!(place.files(), ["case.db"]);
    let store = place.store(Mode::Write).unwrap();
    assert!(matches!(store.write(&change()), Err(StoreError::ReadOnly(_))));
}

#[test]
fn a_file_with_an_odd_name_can_be_read_where_nothing_can_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("案 #1?immutable=0%20.db");
    write(&SqliteStore::open(&path, Mode::Create).unwrap(), &[person("a", "甲")]);
    let conn = connect::still(&path).unwrap();
    let count: i64 = conn.query_row("SELECT count(*) FROM entity", [], |row| row.get(0)).unwrap();
    assert_eq!(count, 1);
}

#[test]
fn a_second_writer_waits_or_is_told() {
    let place = filled();
    let store = place.store(Mode::Write).unwrap();
    let first = store.write(&change()).unwrap();
    let conn = connect::writer(&place.path(), false).unwrap();
    conn.busy_timeout(std::time::Duration::from_millis(10)).unwrap();
    let why = conn.execute_batch("BEGIN IMMEDIATE").map_err(connect::at(&place.path()));
    let Err(StoreError::Busy(said)) = why else { panic!("{why:?}") };
    if cfg!(target_os = "linux") {
        assert!(said.contains(&std::process::id().to_string()), "{said}");
    }
    assert_eq!(place.people(), 1, "readers do not wait");
    drop(first);
    assert!(store.write(&change()).is_ok());
}

/// Not a test of its own: what the child of the next test does.
#[test]
#[ignore = "run by `a_killed_import_never_was` as a child"]
fn child_that_imports_for_ever() {
    let Ok(path) = std::env::var("PARASOL_TEST_STORE") else { return };
    let store = SqliteStore::open(std::path::Path::new(&path), Mode::Write).unwrap();
    for round in 0.. {
        let mut writer = store.write(&change()).unwrap();
        for n in 0..2_000 {
            let id = format!("p{round}-{n}");
            writer.put(&person(&id, "王伟")).unwrap();
            writer.put(&tie(&format!("r{round}-{n}"), TieType::Call, "a", &id)).unwrap();
        }
        writer.finish().unwrap();
    }
}

#[test]
fn a_killed_import_never_was() {
    let place = filled();
    let me = std::env::current_exe().unwrap();
    for round in 0..8u64 {
        let mut child = Command::new(&me)
            .args(["--ignored", "--exact", "store::sqlite::tests::files::child_that_imports_for_ever"])
            .env("PARASOL_TEST_STORE", place.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(37 + 53 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        // What a reader sees before anybody tidied up is whole, and so is what the next writer leaves.
        assert_eq!((place.people() - 1) % 2_000, 0);
        let store = place.store(Mode::Write).unwrap();
        assert_eq!(store.verify().unwrap().faults, []);
        assert_eq!(ties(&store, &Access::default()).len(), place.people() - 1);
        write(&store, &[person("a", "甲")]);
        if round % 2 == 1 {
            start_over(&place);
        }
    }
}

/// Puts a small store in the place of one that has grown.
fn start_over(place: &Place) {
    for file in place.files() {
        std::fs::remove_file(place.folder.path().join(file)).unwrap();
    }
    write(&place.store(Mode::Create).unwrap(), &[person("a", "甲")]);
}

#[test]
fn a_backup_beside_a_writer_is_whole() {
    let place = filled();
    let store = place.store(Mode::Write).unwrap();
    let mut writer = store.write(&change()).unwrap();
    for n in 0..3_000 {
        writer.put(&person(&format!("p{n}"), "王伟")).unwrap();
    }
    let copy = place.folder.path().join("copy.db");
    store.backup(&copy).unwrap();
    writer.finish().unwrap();
    let copied = SqliteStore::open(&copy, Mode::Read).unwrap();
    assert_eq!(entities(&copied, &Access::default()).len(), 1);
    assert_eq!(copied.verify().unwrap().faults, []);
    assert_eq!(place.files(), ["case.db", "copy.db"]);
}

#[test]
fn a_change_that_changes_nothing_writes_nothing() {
    let place = filled();
    let bytes = std::fs::read(place.path()).unwrap();
    let records: [Record; 1] = [person("a", "甲")];
    write(&place.store(Mode::Write).unwrap(), &records);
    assert_eq!(std::fs::read(place.path()).unwrap(), bytes);
}
