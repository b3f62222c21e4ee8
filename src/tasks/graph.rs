//! Somebody's graph on a server, fetched for an import: a file a label and a type, in a scratch folder.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::ingest::mapping::{Entry, graph};
use crate::ingest::{GraphTable, Mapping};
use crate::model::Table;
use crate::store::{self, Graph, GraphNode, StoreError};

use super::TaskError;
use super::files::Scratch;
use super::interrupt;

/// What was fetched; the files go with it.
pub(super) struct Fetched {
    pub tables: Vec<GraphTable>,
    _scratch: Option<Scratch>,
}

impl Fetched {
    /// Fetches of these servers whatever a mapping speaks of.
    pub fn of(addresses: &[PathBuf], mapping: &Mapping) -> Result<Self, TaskError> {
        let (mut tables, scratch) =
            (Vec::new(), if addresses.is_empty() { None } else { Some(Scratch::new()?) });
        for address in addresses {
            let Some(scratch) = &scratch else { break };
            let graph = store::graph(&address.to_string_lossy())?;
            let wanted: BTreeSet<(bool, &str)> =
                mapping.entries().iter().map(|entry| (entry.tie, entry.from.as_str())).collect();
            for (tie, name) in wanted {
                let path = scratch.file(&format!("{}.csv", tables.len()));
                let fetched = Named { graph: graph.as_ref(), mapping, name, tie }.fetch(&path)?;
                if fetched == 0 {
                    continue;
                }
                let label = format!("{}#{name}", graph.shown());
                tables.push(GraphTable { name: name.to_owned(), tie, label, path });
            }
        }
        Ok(Self { tables, _scratch: scratch })
    }
}

/// A label or a type.
struct Named<'a> {
    graph: &'a dyn Graph,
    mapping: &'a Mapping,
    name: &'a str,
    tie: bool,
}

impl Named<'_> {
    /// Writes its records into a file, and tells how many there are.
    fn fetch(&self, path: &Path) -> Result<u64, TaskError> {
        let failed = |why: std::io::Error| TaskError::file(path)(why);
        let mut file = std::io::BufWriter::new(std::fs::File::create(path).map_err(failed)?);
        let headers = self.headers()?;
        let given = [graph::LINE, graph::ID, graph::FROM, graph::TO];
        let head = given.iter().copied().chain(headers.iter().map(String::as_str));
        line(&mut file, head).map_err(failed)?;
        // The first thing that goes wrong with the file ends it.
        let (mut wrong, mut records) = (None, 0);
        let mut put = |number: &str, ids: [&str; 3], props: &store::GraphProps| {
            records += 1;
            let props = headers.iter().map(|name| props.get(name).map_or("", String::as_str));
            wrong = line(&mut file, std::iter::once(number).chain(ids).chain(props)).err();
            wrong.is_none() && !interrupt::asked()
        };
        if self.tie {
            let keys: BTreeSet<String> = self.id_properties();
            self.graph.ties(self.name, &keys.into_iter().collect::<Vec<_>>(), &mut |tie| {
                let (from, to) = (self.id_of(&tie.from), self.id_of(&tie.to));
                put(&tie.number, ["", &from, &to], &tie.props)
            })?;
        } else {
            self.graph.nodes(self.name, &mut |node| {
                let id = self.id_of(&node);
                put(&node.number, [&id, "", ""], &node.props)
            })?;
        }
        if interrupt::asked() {
            return Err(TaskError::Interrupted);
        }
        wrong.map_or(Ok(()), Err).and_then(|()| file.flush()).map_err(failed)?;
        Ok(records)
    }

    /// The properties that records have, and those that the mapping speaks of.
    fn headers(&self) -> Result<Vec<String>, StoreError> {
        let mut headers: BTreeSet<String> =
            self.graph.properties(self.name, self.tie, None)?.into_iter().collect();
        for entry in self.mapping.of(self.name).iter().filter(|entry| entry.tie == self.tie) {
            headers.extend(entry.headers().map(str::to_owned));
        }
        let given = [graph::LINE, graph::ID, graph::FROM, graph::TO];
        Ok(headers.into_iter().filter(|header| !given.contains(&header.as_str())).collect())
    }

    /// Properties that some label's ids stand in.
    fn id_properties(&self) -> BTreeSet<String> {
        self.mapping.entries().iter().filter_map(|entry| id_property(entry)).map(str::to_owned).collect()
    }

    /// The id of a node: as the first mapping of its labels has it, else its number.
    fn id_of(&self, node: &GraphNode) -> String {
        let own = |entry: &&std::sync::Arc<Entry>| {
            !entry.tie && entry.into != Table::Relations && node.labels.contains(&entry.from)
        };
        let entry = self.mapping.entries().iter().find(own);
        match entry.and_then(|entry| id_property(entry)) {
            Some(property) => node.props.get(property).cloned().unwrap_or_default(),
            None => format!("node-{}", node.number),
        }
    }
}

/// The property that the ids of a label stand in.
fn id_property(entry: &Entry) -> Option<&str> {
    entry.header("id").filter(|header| !entry.tie && *header != graph::ID)
}

fn line<'c>(file: &mut impl std::io::Write, cells: impl Iterator<Item = &'c str>) -> std::io::Result<()> {
    for (at, cell) in cells.enumerate() {
        let comma = if at > 0 { "," } else { "" };
        write!(file, "{comma}\"{}\"", cell.replace('"', "\"\""))?;
    }
    writeln!(file)
}
