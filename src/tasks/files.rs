//! Files that tasks write: never over a store or an input, whole or not at all, and nothing left in
//! scratch folders.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::TaskError;
use crate::scratch;
use crate::store::StoreError;

/// Refuses to write over the store or an input: a slip on the command line must not cost a case.
pub fn check_output(out: &Path, store: &str, inputs: &[PathBuf]) -> Result<(), TaskError> {
    let wanted = real(out);
    let beside = ["", "-wal", "-shm", "-journal"].map(|ending| PathBuf::from(format!("{store}{ending}")));
    let taken = beside.iter().chain(inputs).any(|path| real(path) == wanted);
    let in_input = inputs.iter().any(|input| {
        out.exists() && input.is_dir() && wanted.parent().is_some_and(|folder| folder == real(input))
    });
    if taken || in_input { Err(TaskError::OverInput(out.to_owned())) } else { Ok(()) }
}

/// A path as the file system has it, also where the file is not there yet.
fn real(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let new = || Some(folder.canonicalize().ok()?.join(path.file_name()?));
    path.canonicalize().ok().or_else(new).unwrap_or_else(|| path.to_owned())
}

/// How many bytes may still be written where a path is or is to be; `None` where the system does not tell.
#[cfg(unix)]
pub(super) fn free(path: &Path) -> Option<u64> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let told = rustix::fs::statvfs(folder).ok()?;
    told.f_bavail.checked_mul(told.f_frsize)
}

#[cfg(not(unix))]
pub(super) fn free(_path: &Path) -> Option<u64> {
    None
}

/// A full disk told with how much was needed, about, and how much is free by now.
pub(super) fn with_room(error: TaskError, needed: u64) -> TaskError {
    match error {
        TaskError::Store(StoreError::Full(path)) => {
            let free = free(&path);
            TaskError::NoRoom { path, needed, free }
        }
        other => other,
    }
}

/// A file that appears whole, when it is done, or not at all.
pub struct WholeFile {
    file: std::io::BufWriter<tempfile::NamedTempFile>,
    path: PathBuf,
}

impl WholeFile {
    /// Begins the file; nothing is at `path` yet, and what was there stays until [`Self::finish`].
    pub fn create(path: &Path) -> Result<Self, TaskError> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = tempfile::NamedTempFile::new_in(folder).map_err(TaskError::file(path))?;
        Ok(Self { file: std::io::BufWriter::new(file), path: path.to_owned() })
    }

    /// Adds a line.
    pub fn line(&mut self, text: &str) -> std::io::Result<()> {
        writeln!(self.file, "{text}")
    }

    /// Puts the file in its place.
    pub fn finish(self) -> Result<(), TaskError> {
        let path = self.path;
        let file = self.file.into_inner().map_err(|error| TaskError::file(&path)(error.into_error()))?;
        file.persist(&path).map(|_| ()).map_err(|error| TaskError::file(&path)(error.error))
    }
}

/// A folder that only this user can read and that is gone when it is dropped, also by Ctrl-C.
pub struct Scratch(scratch::Folder);

impl Scratch {
    /// Makes one.
    pub fn new() -> Result<Self, TaskError> {
        scratch::Folder::new().map(Self).map_err(TaskError::file(std::env::temp_dir()))
    }

    /// Makes one beside a path, so that what is made in it can be put there in one move.
    pub fn beside(path: &Path) -> Result<Self, TaskError> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        scratch::Folder::within(folder).map(Self).map_err(TaskError::file(folder))
    }

    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.file(name)
    }
}

/// Removes every scratch folder in use: what a program that is interrupted does last.
pub fn clean_up() {
    scratch::clean_up();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn what_is_free_is_told_also_of_a_file_that_is_not_there_yet() {
        let folder = tempfile::tempdir().unwrap();
        assert!(free(&folder.path().join("new.db")).is_some_and(|bytes| bytes > 0));
        assert_eq!(free(&folder.path().join("no/such/folder/new.db")), None);
    }

    #[test]
    fn a_store_or_an_input_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["case.db", "leads.csv", "other.txt"] {
            std::fs::write(path(name), "x").unwrap();
        }
        let store = path("case.db").display().to_string();
        let check = |out: &str, inputs: &[PathBuf]| check_output(&path(out), &store, inputs);
        assert!(check("case.db", &[]).is_err() && check("./case.db", &[]).is_err());
        assert!(check("case.db-wal", &[]).is_err());
        assert!(check("leads.csv", &[path("leads.csv")]).is_err());
        assert!(check("leads.csv", &[folder.path().to_owned()]).is_err());
        assert!(check("new.jsonl", &[folder.path().to_owned()]).is_ok());
        assert!(check("other.txt", &[path("leads.csv")]).is_ok());
    }

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "old").unwrap();
        let mut file = WholeFile::create(&path).unwrap();
        file.line("new").unwrap();
        drop(file);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
        let mut file = WholeFile::create(&path).unwrap();
        file.line("new").unwrap();
        file.finish().unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new\n");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
