//! A copy of the store while others work.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::{connect, rows};
use crate::store::{Seal, StoreError};

/// Copies the store into a new file: under a passing name first, so that a copy that was broken
/// off is never taken for a whole one. Gives the seal of what was copied.
pub(in crate::store) fn copy(from: &Path, to: &Path) -> Result<Seal, StoreError> {
    if to.exists() {
        return Err(StoreError::Io(format!("`{}` is there already", to.display())));
    }
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(StoreError::Io(format!("`{}`: no such file or directory", folder.display())));
    }
    let part = passing_name(to);
    let copied = copy_into(from, &part).and_then(|seal| {
        let moved = std::fs::rename(&part, to);
        moved.map(|()| seal).map_err(|why| StoreError::Io(format!("{}: {why}", to.display())))
    });
    if copied.is_err() {
        // What is left of a failed copy is of no use; that it failed is told already.
        let _ = std::fs::remove_file(&part);
    }
    copied
}

fn copy_into(from: &Path, to: &Path) -> Result<Seal, StoreError> {
    let source = connect::reader(from)?;
    let seal = rows::digest(&source).map(Seal).map_err(connect::at(from))?;
    let mut copy = Connection::open(to).map_err(connect::at(to))?;
    let backup = Backup::new(&source, &mut copy).map_err(connect::at(to))?;
    backup.run_to_completion(i32::MAX, Duration::ZERO, None).map_err(connect::at(to))?;
    drop(backup);
    copy.close().map_err(|(_, why)| connect::at(to)(why))?;
    Ok(seal)
}

fn passing_name(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}
