//! A store copied to another place: a file, or a server.

use crate::store::{self, Fault, Mode, Seal, Store, Verified};

use super::TaskError;
use super::balls::Statistics;
use super::files::with_room;
use super::import::check_folder;
use super::interrupt::{self, Work};

/// Who looks on.
pub struct Watched<'a> {
    /// Is told how many rows of how many are copied.
    pub copying: &'a dyn Fn(u64, u64),
    /// Is told that all is there, and that the copy is read again and compared.
    pub comparing: &'a dyn Fn(),
}

/// Copies a store with its history, who protected sources are included, to where nothing is, while others work; then
/// reads the copy again and compares. Gives the digest that may be printed. Cost: every row is read twice and
/// written once. Gives beside it whether the server's own graph could not be compared with its rows, since it is not in
/// line with them yet or somebody writes there already.
///
/// # Errors
/// Where something is already, or cannot be read or written; [`TaskError::Unlike`] where the copy is not sound, or is
/// not what was copied; [`StoreError::BrokenOff`](store::StoreError) by Ctrl-C while rows are sent to a server.
pub fn copy(from: &str, to: &str, watched: &Watched<'_>) -> Result<(String, bool), TaskError> {
    check_folder(to)?;
    let source = store::open(from, Mode::Read)?;
    let (copy, read) = written(source.as_ref(), to, watched.copying)?;
    (watched.comparing)();
    // At once: somebody may go on with the copy while it is read again.
    let made = copy.seal()?;
    let Verified { faults, graph_left_out } = copy.verify()?;
    if let Some(Fault { text, .. }) = faults.into_iter().next() {
        return Err(TaskError::Unlike { copy: to.to_owned(), why: text });
    }
    if made != read {
        let why = "its digest is not that of what was copied".to_owned();
        return Err(TaskError::Unlike { copy: to.to_owned(), why });
    }
    // It can be taken anew whenever it is asked for.
    let _ = Statistics::carry(source.as_ref(), copy.as_ref());
    Ok((made.printed(), graph_left_out))
}

/// The copy as it was written. One in a file is made in one move, so that Ctrl-C may end the program at any time.
fn written(
    source: &dyn Store,
    to: &str,
    told: &dyn Fn(u64, u64),
) -> Result<(Box<dyn Store>, Seal), TaskError> {
    let _work = store::is_server(to).then(Work::begin);
    let size = source.file().and_then(|path| path.metadata().ok()).map_or(0, |meta| meta.len());
    let mut on = |done, all| {
        told(done, all);
        !interrupt::asked()
    };
    store::copy(source, to, &mut on).map_err(|error| with_room(error.into(), size))
}
