//! Scratch folders that are in use: a copy of a store may hold who told us, so it must not outlive the program, not
//! even one that is interrupted.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

static IN_USE: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A folder that only this user can read and that is gone when it is dropped.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    /// Makes one where the system keeps such folders.
    pub fn new() -> io::Result<Self> {
        tempfile::tempdir().map(Self::noted)
    }

    /// Makes one in a folder.
    pub fn within(folder: &Path) -> io::Result<Self> {
        tempfile::Builder::new().prefix(".parasol-").tempdir_in(folder).map(Self::noted)
    }

    fn noted(folder: tempfile::TempDir) -> Self {
        if let Ok(mut all) = IN_USE.lock() {
            all.insert(folder.path().to_owned());
        }
        Self(folder)
    }

    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Ok(mut all) = IN_USE.lock() {
            all.remove(self.0.path());
        }
    }
}

/// Removes every scratch folder in use: what a program that is interrupted does last.
pub(crate) fn clean_up() {
    remove_all(&IN_USE);
}

fn remove_all(folders: &Mutex<BTreeSet<PathBuf>>) {
    let folders = folders.lock().map(|mut all| std::mem::take(&mut *all)).unwrap_or_default();
    /// A thread that still works may put a file there meanwhile: in a folder that is gone it can no more.
    const TRIES: usize = 5;
    for folder in folders {
        // Nobody is left to tell; the next start of the machine clears the place.
        let _ = (0..TRIES).any(|_| std::fs::remove_dir_all(&folder).is_ok() || !folder.exists());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scratch_folders_are_gone_after_use_and_after_an_interrupt() {
        let scratch = Folder::new().unwrap();
        let file = scratch.file("copy.db");
        std::fs::write(&file, "secret").unwrap();
        drop(scratch);
        assert!(!file.exists());
        let scratch = Folder::new().unwrap();
        std::fs::write(scratch.file("copy.db"), "secret").unwrap();
        // Other tests' folders are in the list of the program, too: what an interrupt does is done to one.
        assert!(IN_USE.lock().unwrap().contains(scratch.0.path()));
        remove_all(&Mutex::new(BTreeSet::from([scratch.0.path().to_owned()])));
        assert!(!scratch.file("copy.db").exists());
    }
}
