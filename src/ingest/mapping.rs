//! What stands for what in tables that have words of their own: a file in TOML (docs/DATA.md), for files, sheets, and
//! the labels and types of somebody's graph alike.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::IngestError;
use super::bundle::io_error;
use super::check::list;
use super::columns::{Col, columns};
use super::names;
use crate::model::Table;

/// Where a graph's records stand in a table: what is not a property of theirs.
pub mod graph {
    /// The number of the record, which is its line.
    pub const LINE: &str = "(line)";
    /// The id of a node: that of its label's mapping, else its number.
    pub const ID: &str = "(id)";
    /// The ids of a tie's ends.
    pub const FROM: &str = "(from)";
    /// See [`FROM`].
    pub const TO: &str = "(to)";
}

/// A mapping file.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// The file.
    pub path: PathBuf,
    pub(super) text: Vec<u8>,
    entries: Vec<Arc<Entry>>,
    /// Rows of `sources` that it gives itself, the header first.
    pub(super) sources: Arc<Vec<GivenRow>>,
}

/// A row that stands in a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GivenRow {
    /// The line where it begins.
    pub line: u64,
    pub cells: Vec<String>,
}

/// How one table of theirs becomes one of ours.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What they call it: a file or sheet, a label, a type of tie.
    pub from: String,
    /// Our table.
    pub into: Table,
    /// It is a type of tie in a graph, not a label.
    pub tie: bool,
    /// Our columns, each with their header.
    pub(super) columns: Vec<(Col, String)>,
    /// Columns that hold the same in every row.
    pub(super) fixed: Vec<(Col, String)>,
    /// What empty cells hold.
    pub(super) defaults: Vec<(Col, String)>,
    /// Their words, folded, for ours; `*` is any other.
    pub(super) values: BTreeMap<Col, BTreeMap<String, String>>,
    /// Headers that are left out, folded.
    pub(super) ignore: BTreeSet<String>,
}

type Words = BTreeMap<String, String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    #[serde(default)]
    defaults: Words,
    #[serde(default)]
    sources: Vec<Spanned<Words>>,
    #[serde(default)]
    tables: Vec<EntryText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryText {
    from: String,
    into: String,
    #[serde(default)]
    columns: Words,
    #[serde(default)]
    fixed: Words,
    #[serde(default)]
    values: BTreeMap<String, Words>,
    #[serde(default)]
    ignore: Vec<String>,
    /// Ends change places: their `TREATED_BY` is our `treats`.
    #[serde(default)]
    reverse: bool,
    /// `node` or `tie`; by default what stands in `relations` is a tie.
    #[serde(rename = "is")]
    kind: Option<GraphKind>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum GraphKind {
    Node,
    Tie,
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// [`IngestError::Mapping`] where it is no TOML, or speaks of a table or a column that is not in the contract.
    pub fn open(path: &Path) -> Result<Self, IngestError> {
        let text = std::fs::read(path).map_err(io_error(path))?;
        Self::read(path, text).map_err(|reason| IngestError::Mapping { path: path.to_owned(), reason })
    }

    fn read(path: &Path, text: Vec<u8>) -> Result<Self, String> {
        let written = std::str::from_utf8(&text).map_err(|why| why.to_string())?;
        let file: FileText = toml::from_str(written).map_err(|why| why.to_string())?;
        let entries = file.tables.into_iter().map(|entry| entry.checked(&file.defaults).map(Arc::new));
        let entries = entries.collect::<Result<Vec<_>, String>>()?;
        for name in file.defaults.keys() {
            if !Table::ALL.iter().any(|table| column(*table, name).is_ok()) {
                return Err(format!("[defaults]: no table has a column `{name}`"));
            }
        }
        let sources = Arc::new(sources(&file.sources, written)?);
        Ok(Self { path: path.to_owned(), text, entries, sources })
    }

    /// How a table of theirs becomes ours: one of theirs may become several.
    pub fn of(&self, name: &str) -> Vec<Arc<Entry>> {
        let name = names::folded(name);
        self.entries.iter().filter(|entry| names::folded(&entry.from) == name).cloned().collect()
    }

    /// The sources that it names for rows of theirs, by id or title, in the order of the file.
    pub fn named_sources(&self) -> impl Iterator<Item = &str> {
        let given = self.entries.iter().flat_map(|entry| {
            let words = entry.values.get(&Col::Source).into_iter().flat_map(BTreeMap::values);
            let fixed = entry.fixed.iter().chain(&entry.defaults).filter(|(col, _)| *col == Col::Source);
            fixed.map(|(_, text)| text).chain(words)
        });
        given.flat_map(|text| list(text))
    }

    /// All tables, in the order of the file.
    pub fn entries(&self) -> &[Arc<Entry>] {
        &self.entries
    }
}

impl Entry {
    /// Their header for a column of ours.
    pub fn header(&self, col: &str) -> Option<&str> {
        let found = self.columns.iter().find(|(own, _)| own.code() == col);
        found.map(|(_, header)| header.as_str())
    }

    /// Their headers that it speaks of.
    pub fn headers(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(_, header)| header.as_str())
    }

    /// The same for records of a graph, whose ids and ends are no properties.
    pub(super) fn of_graph(&self) -> Self {
        let mut entry = self.clone();
        let given: &[(Col, &str)] = match (self.tie, self.into) {
            (true, Table::Relations) => &[(Col::From, graph::FROM), (Col::To, graph::TO)],
            (false, Table::Relations) => &[(Col::From, graph::ID)],
            (_, _) => &[(Col::Id, graph::ID)],
        };
        for (col, header) in given {
            if entry.header(col.code()).is_none() && !entry.fixed.iter().any(|(own, _)| own == col) {
                entry.columns.push((*col, (*header).to_owned()));
            }
        }
        let others = [graph::LINE, graph::ID, graph::FROM, graph::TO];
        entry.ignore.extend(others.iter().map(|header| names::folded(header).into_owned()));
        entry
    }
}

impl EntryText {
    fn checked(self, defaults: &Words) -> Result<Entry, String> {
        let at = |why: String| format!("table `{}`: {why}", self.from);
        let into = names::sheet(&self.into).ok_or_else(|| {
            let known: Vec<&str> = Table::ALL.iter().map(|table| table.code()).collect();
            at(format!("there is no table `{}`; there are {}", self.into, known.join(", ")))
        })?;
        let named = |words: &Words| -> Result<Vec<(Col, String)>, String> {
            let each = words.iter().map(|(name, text)| Ok((column(into, name).map_err(at)?, text.clone())));
            each.collect()
        };
        let (mut columns, fixed) = (named(&self.columns)?, named(&self.fixed)?);
        if self.reverse && into != Table::Relations {
            return Err(at("only relations can be reversed".to_owned()));
        }
        if self.reverse {
            columns = reversed(columns);
        }
        let mut values = BTreeMap::new();
        for (name, words) in &self.values {
            let folded = words.iter().map(|(word, ours)| (names::folded(word).into_owned(), ours.clone()));
            values.insert(column(into, name).map_err(at)?, folded.collect());
        }
        // A default is for whatever table has the column.
        let has = |(name, text): (&String, &String)| Some((column(into, name).ok()?, text.clone()));
        let defaults = defaults.iter().filter_map(has).collect();
        let ignore = self.ignore.iter().map(|header| names::folded(header).into_owned()).collect();
        let tie = self.kind.map_or(into == Table::Relations, |kind| kind == GraphKind::Tie);
        Ok(Entry { from: self.from.clone(), into, tie, columns, fixed, defaults, values, ignore })
    }
}

/// From and to in each other's place; what is not named is the end of a graph's tie.
fn reversed(columns: Vec<(Col, String)>) -> Vec<(Col, String)> {
    let end = |col: Col, usual: &str| {
        let named = columns.iter().find(|(own, _)| *own == col);
        named.map_or_else(|| usual.to_owned(), |(_, header)| header.clone())
    };
    let ends = [(Col::From, end(Col::To, graph::TO)), (Col::To, end(Col::From, graph::FROM))];
    let rest = columns.iter().filter(|(col, _)| !matches!(col, Col::From | Col::To)).cloned();
    ends.into_iter().chain(rest).collect()
}

fn column(table: Table, name: &str) -> Result<Col, String> {
    names::header(table, name).ok_or_else(|| {
        let known: Vec<&str> = columns(table).iter().map(|column| column.col.code()).collect();
        format!("`{table}` has no column `{name}`; it has {}", known.join(", "))
    })
}

/// The rows of `[[sources]]`, the header first; nothing where there are none.
fn sources(given: &[Spanned<Words>], text: &str) -> Result<Vec<GivenRow>, String> {
    let mut named: Vec<(u64, BTreeMap<Col, &String>)> = Vec::new();
    for words in given {
        let before = text.get(..words.span().start).unwrap_or_default();
        let line = before.matches('\n').count() as u64 + 1;
        let row = words.get_ref().iter().map(|(name, text)| Ok((column(Table::Sources, name)?, text)));
        named.push((line, row.collect::<Result<_, String>>()?));
    }
    let Some((first, _)) = named.first() else { return Ok(Vec::new()) };
    let cols: BTreeSet<Col> = named.iter().flat_map(|(_, row)| row.keys().copied()).collect();
    let header = GivenRow { line: *first, cells: cols.iter().map(|col| col.code().to_owned()).collect() };
    let rows = named.iter().map(|(line, row)| {
        let cell = |col| row.get(col).map_or_else(String::new, |text| (*text).clone());
        GivenRow { line: *line, cells: cols.iter().map(cell).collect() }
    });
    Ok(std::iter::once(header).chain(rows).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Mapping, String> {
        Mapping::read(Path::new("map.toml"), text.as_bytes().to_vec())
    }

    #[test]
    fn what_is_no_mapping_says_why() {
        let reason = |text: &str| read(text).unwrap_err();
        assert!(reason("tables = 3").contains("tables"));
        assert!(reason("[[tables]]\nfrom = 'A'\ninto = 'nothing'").contains("no table `nothing`"));
        let wrong = "[[tables]]\nfrom = 'A'\ninto = 'people'\n[tables.columns]\nshoe = 'x'";
        assert!(reason(wrong).contains("no column `shoe`; it has id, name"));
        assert!(reason("[defaults]\nshoe = 'x'").contains("shoe"));
        assert!(reason("[[sources]]\nshoe = 'x'").contains("shoe"));
        assert!(reason("colour = 'red'").contains("colour"));
        assert!(reason("[[tables]]\nfrom = 'A'\ninto = 'people'\nreverse = true").contains("reversed"));
    }

    #[test]
    fn a_source_stands_where_it_is_written() {
        let text = "# ours\n[[sources]]\nid = 'a'\nchannel = 'tip'\n\n[[sources]]\ntitle = 'b'\n";
        let rows = read(text).unwrap().sources;
        let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [2, 2, 6]);
        assert_eq!(rows[0].cells, ["id", "channel", "title"]);
        assert_eq!(rows[2].cells, ["", "", "b"]);
    }

    #[test]
    fn it_names_sources_in_three_ways() {
        let text = "[defaults]\nsource = 'd1; d2'\n[[tables]]\nfrom = 'A'\ninto = 'people'\n[[tables]]\nfrom = 'B'\n\
                    into = 'people'\n[tables.fixed]\nsource = 'f'\n[tables.values.source]\nx = 'v'\n";
        let mapping = read(text).unwrap();
        let named: BTreeSet<&str> = mapping.named_sources().collect();
        assert_eq!(named, BTreeSet::from(["d1", "d2", "f", "v"]));
    }

    #[test]
    fn ends_change_places() {
        let tie = |more: &str| {
            let text = format!("[[tables]]\nfrom = 'BY'\ninto = 'relations'\nreverse = true\n{more}");
            let entry = read(&text).unwrap().of("by").remove(0).of_graph();
            ["from", "to"].map(|col| entry.header(col).unwrap().to_owned())
        };
        assert_eq!(tie(""), [graph::TO, graph::FROM]);
        assert_eq!(tie("[tables.columns]\nfrom = 'a'\nto = 'b'"), ["b", "a"]);
    }
}
