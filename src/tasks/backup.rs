//! A copy of a store while others work.

use std::path::Path;

use crate::store::Store;

use super::TaskError;
use super::files::with_room;

/// Copies a store into a new file, which is there whole or not at all.
///
/// # Errors
/// When the file is there already, cannot be written, or the disk is full; when the store cannot be read.
pub fn copy(store: &dyn Store, to: &Path) -> Result<(), TaskError> {
    let size = store.file().and_then(|path| path.metadata().ok()).map_or(0, |meta| meta.len());
    store.backup(to).map(|_| ()).map_err(|error| with_room(error.into(), size))
}
