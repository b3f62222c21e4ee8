//! A first mapping for tables, or for somebody's graph, with words of their own.

use std::path::PathBuf;

use crate::ingest::guess::{Head, heads, propose};
use crate::store;

use super::TaskError;

/// Records of a label or type whose properties are looked at.
const SOME: u64 = 10_000;

/// Proposes a mapping of files or of graphs on servers, in TOML. Records are looked at, not kept.
///
/// # Errors
/// Where something cannot be read; [`TaskError::Nothing`] where there is no table.
pub fn guess(inputs: &[PathBuf]) -> Result<String, TaskError> {
    let (servers, files): (Vec<PathBuf>, Vec<PathBuf>) =
        inputs.iter().cloned().partition(|path| store::is_server(&path.to_string_lossy()));
    let mut found = heads(&files)?;
    let mut from: Vec<String> =
        files.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect();
    for address in servers {
        let graph = store::graph(&address.to_string_lossy())?;
        from.push(graph.shown());
        for (names, tie) in [(graph.labels()?, false), (graph.types()?, true)] {
            for name in names {
                let headers = graph.properties(&name, tie, Some(SOME))?;
                found.push(Head { name, tie, headers });
            }
        }
    }
    if found.is_empty() {
        return Err(TaskError::Nothing(crate::model::Message::new("mapping-nothing")));
    }
    Ok(propose(&from.join(", "), &found))
}
