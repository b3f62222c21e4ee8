//! Opening the file: who may, how, and what each failure means.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::layout;
use crate::store::StoreError;

/// How long to wait for another writer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Statements kept ready.
const STATEMENTS: usize = 64;

/// What is at a path.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::store) enum Found {
    Nothing,
    Empty,
    Store,
}

/// What is at a path. Where the making of a store was broken off in the middle of its end, the file begins like one and has no
/// tables; the journal beside it says so, and SQLite takes back what it says, whoever opens it.
pub(in crate::store) fn look(path: &Path) -> Result<Found, StoreError> {
    let found = begins(path)?;
    let journal = std::fs::metadata(beside(path, "-journal")).is_ok_and(|journal| journal.len() > 0);
    if found != Found::Store || !journal {
        return Ok(found);
    }
    match take_back(path).map_err(at(path)) {
        Ok(()) => begins(path),
        Err(StoreError::ReadOnly(_) | StoreError::Missing(_)) => Err(StoreError::Io(
            "a change that was broken off waits in the journal beside the store; open it once where it may be written"
                .to_owned(),
        )),
        Err(other) => Err(other),
    }
}

/// Takes back a change of which a journal is left. Waits for a change that is under way.
fn take_back(path: &Path) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    prepare(&conn)?;
    conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
}

/// Looks at the first bytes of a file without SQLite, so that looking changes nothing.
fn begins(path: &Path) -> Result<Found, StoreError> {
    if path.is_dir() {
        return Err(foreign(path, "it is a folder".to_owned()));
    }
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(why) => return Err(StoreError::Io(why.to_string())),
    };
    let mut head = Vec::new();
    file.by_ref().take(100).read_to_end(&mut head).map_err(|why| StoreError::Io(why.to_string()))?;
    if head.is_empty() {
        return Ok(Found::Empty);
    }
    layout::check_header(&head).map(|()| Found::Store).map_err(|reason| foreign(path, reason))
}

/// The error of a file that is no store of this version.
pub(in crate::store) fn foreign(path: &Path, reason: String) -> StoreError {
    StoreError::Foreign { path: path.to_owned(), reason }
}

/// A connection that reads and can do nothing else. It leaves no file behind.
pub(in crate::store) fn reader(path: &Path) -> Result<Connection, StoreError> {
    let logs_empty = log_is_empty(path);
    if read_only(path) && logs_empty {
        return still(path);
    }
    match opened_for_reading(path, logs_empty) {
        Err(StoreError::ReadOnly(_) | StoreError::Missing(_)) if logs_empty => still(path),
        Err(StoreError::ReadOnly(_) | StoreError::Missing(_)) => Err(StoreError::Io(
            "a change waits in the log beside the store; open it once where it may be written".to_owned(),
        )),
        other => other,
    }
}

fn opened_for_reading(path: &Path, logs_empty: bool) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(at(path))?;
    prepare(&conn).map_err(at(path))?;
    conn.pragma_update(None, "query_only", true).map_err(at(path))?;
    conn.pragma_update(None, "cache_size", -layout::READ_CACHE_KIB).map_err(at(path))?;
    // A log that a broken-off writer left is read, but left for the next writer to clear away.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !logs_empty).map_err(at(path))?;
    begin_reading(conn, path)
}

/// Reads a file in a place where nothing can be written: no lock, no log, since nobody can change it.
pub(in crate::store) fn still(path: &Path) -> Result<Connection, StoreError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let conn = Connection::open_with_flags(immutable_address(path), flags).map_err(at(path))?;
    prepare(&conn).map_err(at(path))?;
    conn.pragma_update(None, "cache_size", -layout::READ_CACHE_KIB).map_err(at(path))?;
    begin_reading(conn, path)
}

/// `file:` address of a path; what has a meaning in an address is escaped.
fn immutable_address(path: &Path) -> String {
    let mut address = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                address.push(char::from(*byte));
            }
            other => address.push_str(&format!("%{other:02X}")),
        }
    }
    address + "?immutable=1"
}

/// Fixes what the reader sees: everything finished by now, nothing later.
fn begin_reading(conn: Connection, path: &Path) -> Result<Connection, StoreError> {
    conn.execute_batch("BEGIN").map_err(at(path))?;
    conn.query_row("SELECT count(*) FROM digest", [], |_| Ok(())).map_err(at(path))?;
    Ok(conn)
}

/// A connection that writes. The caller begins the change.
pub(in crate::store) fn writer(path: &Path, create: bool) -> Result<Connection, StoreError> {
    if read_only(path) {
        return Err(StoreError::ReadOnly(path.to_owned()));
    }
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    flags.set(OpenFlags::SQLITE_OPEN_CREATE, create);
    let conn = Connection::open_with_flags(path, flags).map_err(at(path))?;
    prepare(&conn).map_err(at(path))?;
    if !create {
        // The last step of a store's making, which may have been broken off before it. Where somebody reads just now,
        // the next writer does it: until then readers wait for writers, and nothing else is amiss.
        let _ = conn.pragma_update(None, "journal_mode", "WAL");
    }
    conn.pragma_update(None, "synchronous", "FULL").map_err(at(path))?;
    conn.pragma_update(None, "foreign_keys", false).map_err(at(path))?;
    // Sorting ten million rows for an index must not take memory for all of them.
    conn.pragma_update(None, "temp_store", "FILE").map_err(at(path))?;
    conn.pragma_update(None, "cache_size", -layout::WRITE_CACHE_KIB).map_err(at(path))?;
    // One thread gathers rows for an index while another sorts those it gathered before.
    conn.pragma_update(None, "threads", 1).map_err(at(path))?;
    Ok(conn)
}

fn prepare(conn: &Connection) -> rusqlite::Result<()> {
    conn.busy_timeout(PATIENCE)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    conn.pragma_update(None, "temp_store", "MEMORY")
}

fn read_only(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|meta| meta.permissions().readonly())
}

/// Whether no change waits in a log beside the file.
fn log_is_empty(path: &Path) -> bool {
    std::fs::metadata(beside(path, "-wal")).map_or(true, |meta| meta.len() == 0)
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Who holds the lock on writing, as far as the system tells.
fn who_writes(path: &Path) -> String {
    match holder(path) {
        Some(process) => format!("process {process} is writing another change"),
        None => "another change is being written".to_owned(),
    }
}

/// The process that holds the writer's lock on the log, from the system's table of locks.
#[cfg(target_os = "linux")]
fn holder(path: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt as _;
    /// Where SQLite's log has the lock of its writer (its file format, "WAL-index").
    const WRITER: &str = "120";
    let file = std::fs::metadata(beside(path, "-shm")).ok()?.ino().to_string();
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    locks.lines().find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [_, _, _, "WRITE", process, place, first, _] = words.as_slice() else { return None };
        let is_it = place.rsplit(':').next() == Some(file.as_str()) && *first == WRITER;
        process.parse().ok().filter(|process| is_it && *process > 0)
    })
}

#[cfg(not(target_os = "linux"))]
fn holder(_path: &Path) -> Option<u32> {
    None
}

/// Turns SQLite's error into what the caller can do about it.
pub(in crate::store) fn at(path: &Path) -> impl Fn(rusqlite::Error) -> StoreError + '_ {
    move |why| {
        use rusqlite::Error as E;
        let damaged = |reason: String| StoreError::Damaged { path: path.to_owned(), reason };
        match &why {
            E::SqliteFailure(code, _) => match code.code {
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy(who_writes(path)),
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => damaged(why.to_string()),
                ErrorCode::ReadOnly => StoreError::ReadOnly(path.to_owned()),
                ErrorCode::CannotOpen => StoreError::Missing(path.to_owned()),
                ErrorCode::DiskFull => StoreError::Full(path.to_owned()),
                _ => StoreError::Io(why.to_string()),
            },
            E::FromSqlConversionFailure(..)
            | E::IntegralValueOutOfRange(..)
            | E::InvalidColumnType(..)
            | E::Utf8Error(..)
            | E::QueryReturnedNoRows => damaged(why.to_string()),
            _ => StoreError::Io(why.to_string()),
        }
    }
}
