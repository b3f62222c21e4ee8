//! Which files and sheets there are, what they are written in, and their digests.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use encoding_rs::Encoding;
use sha2::{Digest, Sha256};

use super::csv;
use super::encoding::{Sniffer, is_text};
use super::mapping::{Entry, GivenRow, Mapping};
use super::names;
use super::notice::{Notes, NoticeKind};
use super::reason::cut;
use super::row::RawRow;
use crate::model::{Message, Table};

/// Why an import could not begin or had to end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// Nothing is there.
    #[error("there is no file or folder `{0}`")]
    Missing(PathBuf),
    /// It cannot be read.
    #[error("`{path}` cannot be read: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// No table is called so.
    #[error(
        "`{0}` is named like no table; known are sources, officials, gang_members, people, organisations, cases, objects, leads, relations and steps (.csv), and workbooks (.xlsx)"
    )]
    UnknownFile(PathBuf),
    /// A folder without a single table.
    #[error("`{0}` holds no table: expected files such as officials.csv, organisations.csv, relations.csv")]
    Empty(PathBuf),
    /// The old workbook format.
    #[error("`{0}` is an old .xls workbook, which is not read; save it as .xlsx")]
    OldWorkbook(PathBuf),
    /// A workbook that is too large when unpacked, damaged, encrypted or no workbook at all.
    #[error("the workbook `{path}` was refused: {reason}")]
    Workbook {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// It is no mapping, or speaks of what is not there.
    #[error("`{path}` is no mapping that can be used: {reason}")]
    Mapping {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Whoever takes the records could not.
    #[error(transparent)]
    Sink(#[from] super::SinkError),
}

impl IngestError {
    /// Whether another input is needed, and nothing else went wrong.
    pub fn is_of_the_input(&self) -> bool {
        !matches!(self, Self::Io { .. } | Self::Sink(_))
    }

    /// What happened, for the catalogues.
    pub fn message(&self) -> Message {
        let at = |key, path: &Path| Message::new(key).text("path", path.display().to_string());
        match self {
            Self::Missing(path) => at("ingest-missing", path),
            Self::Io { path, source } if source.kind() == std::io::ErrorKind::PermissionDenied => {
                at("ingest-forbidden", path)
            }
            Self::Io { path, source } => at("ingest-io", path).because(source),
            Self::UnknownFile(path) => at("ingest-unknown-file", path),
            Self::Empty(path) => at("ingest-empty", path),
            Self::OldWorkbook(path) => at("ingest-old-workbook", path),
            Self::Mapping { path, reason } => at("ingest-mapping", path).because_told(reason),
            Self::Workbook { path, reason } => at("ingest-workbook", path).because_told(reason),
            Self::Sink(error) => Message::new("ingest-sink").text("reason", error.to_string()),
        }
    }
}

pub(super) fn io_error(path: &Path) -> impl FnOnce(std::io::Error) -> IngestError + '_ {
    |source| match source.kind() {
        std::io::ErrorKind::NotFound => IngestError::Missing(path.to_owned()),
        _ => IngestError::Io { path: path.to_owned(), source },
    }
}

/// One input file as it will be named in a manifest.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Input {
    /// Its name; with its folder where two inputs have the same.
    pub file: String,
    /// Its size. Not printed: it would tell how long the names of protected sources are.
    #[serde(skip)]
    pub bytes: u64,
    /// SHA-256 in hex. Where the file names protected sources, of its rows with who they are
    /// replaced by `protected-1`, `protected-2` …, so that the digest says nothing of them.
    pub sha256: String,
    /// What it was written in.
    pub encoding: &'static str,
    /// The tables that are read from it.
    pub tables: Vec<Table>,
}

/// How one table's rows are stored.
#[derive(Clone, Debug)]
pub(super) enum Stored {
    /// A CSV file.
    Csv { encoding: &'static Encoding, delimiter: u8 },
    /// Rows that stand in another file: a mapping's sources, the header first.
    Given(Arc<Vec<GivenRow>>),
    /// A file that holds no text: it is refused when its turn comes.
    NoText,
    /// A sheet of a workbook.
    Sheet(String),
}

/// One table of one input.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// How reports name it.
    pub label: Arc<str>,
    /// Where it is.
    pub path: PathBuf,
    /// Which table.
    pub table: Table,
    /// How it is stored.
    pub stored: Stored,
    /// How its words become ours, where it has words of its own.
    pub map: Option<Arc<Entry>>,
    /// For progress.
    pub bytes: u64,
    /// Its place in [`Bundle::inputs`].
    pub input: usize,
}

/// Everything that will be read.
#[derive(Debug)]
pub struct Bundle {
    pub(super) parts: Vec<Part>,
    inputs: Vec<Input>,
    ignored: Vec<String>,
    mapping: Mapping,
}

/// Records of one label or type of somebody's graph, written into a CSV file under the headers of [`graph`] and those of
/// their properties.
///
/// [`graph`]: super::mapping::graph
#[derive(Clone, Debug)]
pub struct GraphTable {
    /// The label or type.
    pub name: String,
    /// Whether it is a type of tie.
    pub tie: bool,
    /// How reports name it.
    pub label: String,
    /// The file.
    pub path: PathBuf,
}

/// Whether to go on with long work; its error ends it.
pub type GoOn<'a> = &'a dyn Fn() -> Result<(), IngestError>;

/// A table of ours that one of theirs is, with how.
type Becomes = (Table, Option<Arc<Entry>>);

impl Bundle {
    /// Looks at a folder, a workbook, single CSV files, or several of them together.
    pub fn open(paths: &[PathBuf]) -> Result<Self, IngestError> {
        Self::open_mapped(paths, &Mapping::default(), &[], &|| Ok(()))
    }

    /// The same where tables may have words of their own, and beside them records of a graph. Every file is read whole
    /// for its digest; `go_on` is asked every now and then meanwhile, and ends it with its error.
    pub fn open_mapped(
        paths: &[PathBuf],
        mapping: &Mapping,
        graphs: &[GraphTable],
        go_on: GoOn<'_>,
    ) -> Result<Self, IngestError> {
        let mapping = mapping.clone();
        let mut bundle = Self { parts: Vec::new(), inputs: Vec::new(), ignored: Vec::new(), mapping };
        bundle.add_mapping();
        for path in paths {
            if path.metadata().map_err(io_error(path))?.is_dir() {
                bundle.add_folder(path, go_on)?;
            } else {
                bundle.add_named(path, go_on)?;
            }
        }
        bundle.name_folders();
        graphs.iter().try_for_each(|graph| bundle.add_graph(graph, go_on))?;
        bundle.ignored.sort();
        let Self { parts, inputs, mapping, .. } = &mut bundle;
        super::digest::without_protected(parts, inputs, mapping, &BTreeSet::new(), go_on)?;
        Ok(bundle)
    }

    /// The files that are read, in the order given (a folder's by name).
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The same with digests that do not depend on who these protected sources are, known from a store by these ids and titles.
    /// Cost: every file is read again, unless there are none.
    pub fn inputs_hiding(
        &self,
        sources: &BTreeSet<String>,
        go_on: GoOn<'_>,
    ) -> Result<Vec<Input>, IngestError> {
        let mut inputs = self.inputs.clone();
        if !sources.is_empty() {
            super::digest::without_protected(&self.parts, &mut inputs, &self.mapping, sources, go_on)?;
        }
        Ok(inputs)
    }

    /// Files and sheets whose names mean nothing here, sorted.
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// What there is to say of the inputs before a row is read.
    pub(super) fn note(&self, notes: &mut Notes) {
        for name in &self.ignored {
            notes.add_whole(NoticeKind::FilesIgnored, name);
        }
        for entry in self.mapping.entries().iter().filter(|entry| !self.reads(entry)) {
            notes.add_whole(NoticeKind::MappingUnused, &entry.from);
        }
        let plain = ["UTF-8", "xlsx", "binary"];
        for input in self.inputs.iter().filter(|input| !plain.contains(&input.encoding)) {
            notes.add_whole(NoticeKind::Encoding, &format!("{}: {}", input.encoding, input.file));
        }
    }

    /// Whether anything is read by an entry of the mapping.
    fn reads(&self, entry: &Entry) -> bool {
        let is_it = |own: &Entry| own.from == entry.from && own.into == entry.into && own.tie == entry.tie;
        self.parts.iter().any(|part| part.map.as_deref().is_some_and(is_it))
    }

    /// What stands for what.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// Where two inputs have one file name, as in two bundles, reports name their folders too.
    fn name_folders(&mut self) {
        let files: Vec<String> = self.inputs.iter().map(|input| input.file.clone()).collect();
        let is_double = |file: &String| files.iter().filter(|other| *other == file).count() > 1;
        for (at, input) in self.inputs.iter_mut().enumerate().filter(|(_, input)| is_double(&input.file)) {
            for part in self.parts.iter_mut().filter(|part| part.input == at) {
                let Some(folder) = part.path.parent().and_then(Path::file_name) else { continue };
                let folder = folder.to_string_lossy();
                part.label = format!("{folder}/{}", part.label).into();
                input.file = format!("{folder}/{}", files.get(at).map_or("", String::as_str));
            }
        }
    }

    fn add_folder(&mut self, folder: &Path, go_on: GoOn<'_>) -> Result<(), IngestError> {
        let before = self.parts.len();
        let (mut tables, mut books) = (Vec::new(), Vec::new());
        for entry in folder.read_dir().map_err(io_error(folder))? {
            let path = entry.map_err(io_error(folder))?.path();
            let name = file_name(&path);
            match ending(&path).as_str() {
                _ if name.starts_with(['.', '~']) || is_silent(&name) => {}
                "csv" if path.is_file() && !self.tables_of(&path).is_empty() => tables.push(path),
                "xlsx" if path.is_file() => books.push(path),
                _ if is_one_file(&path, &self.mapping.path) => {}
                _ => self.ignored.push(name),
            }
        }
        tables.sort();
        books.sort();
        if tables.is_empty() {
            std::mem::swap(&mut tables, &mut books);
        }
        self.ignored.extend(books.iter().map(|path| file_name(path)));
        tables.iter().try_for_each(|path| self.add_named(path, go_on))?;
        if self.parts.len() == before { Err(IngestError::Empty(folder.to_owned())) } else { Ok(()) }
    }

    fn add_named(&mut self, path: &Path, go_on: GoOn<'_>) -> Result<(), IngestError> {
        let becomes = self.tables_of(path);
        match ending(path).as_str() {
            "csv" if !becomes.is_empty() => self.add_csv(path, file_name(path), becomes, go_on),
            "xlsx" => self.add_workbook(path, go_on),
            "xls" => Err(IngestError::OldWorkbook(path.to_owned())),
            _ => Err(IngestError::UnknownFile(path.to_owned())),
        }
    }

    /// What a file is: by the mapping, else by our own names.
    fn tables_of(&self, path: &Path) -> Vec<Becomes> {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        self.becomes(&[&stem, &file_name(path)])
    }

    /// What a table is that they call by one of these names, the first of which may be one of ours.
    fn becomes(&self, called: &[&str]) -> Vec<Becomes> {
        let entries: Vec<Arc<Entry>> = called.iter().flat_map(|name| self.mapping.of(name)).collect();
        if entries.is_empty() {
            return called
                .first()
                .and_then(|name| names::sheet(name))
                .map(|table| (table, None))
                .into_iter()
                .collect();
        }
        entries.into_iter().map(|entry| (entry.into, Some(entry))).collect()
    }

    /// The mapping is an input too, the first, and may give sources.
    fn add_mapping(&mut self) {
        let Mapping { path, text, sources, .. } = self.mapping.clone();
        if text.is_empty() {
            return;
        }
        let (file, bytes) = (file_name(&path), text.len() as u64);
        let (label, input, table) = (Arc::from(file.as_str()), self.inputs.len(), Table::Sources);
        let tables = if sources.is_empty() { Vec::new() } else { vec![table] };
        if !sources.is_empty() {
            self.parts.push(Part {
                label,
                path,
                table,
                stored: Stored::Given(sources),
                map: None,
                bytes,
                input,
            });
        }
        self.inputs.push(Input {
            file,
            bytes,
            sha256: hex(&Sha256::digest(&text)),
            encoding: "UTF-8",
            tables,
        });
    }

    /// Records of a graph, by as many entries as speak of them.
    fn add_graph(&mut self, graph: &GraphTable, go_on: GoOn<'_>) -> Result<(), IngestError> {
        let entries = self.mapping.of(&graph.name).into_iter().filter(|entry| entry.tie == graph.tie);
        let becomes = entries.map(|entry| (entry.into, Some(Arc::new(entry.of_graph())))).collect();
        self.add_csv(&graph.path, graph.label.clone(), becomes, go_on)
    }

    fn add_csv(
        &mut self,
        path: &Path,
        file: String,
        becomes: Vec<Becomes>,
        go_on: GoOn<'_>,
    ) -> Result<(), IngestError> {
        let seen = look_at(path, go_on)?;
        let stored = if seen.text {
            Stored::Csv { encoding: seen.encoding, delimiter: csv::delimiter(&seen.head) }
        } else {
            Stored::NoText
        };
        let (label, input): (Arc<str>, usize) = (Arc::from(file.as_str()), self.inputs.len());
        let tables = becomes.iter().map(|(table, _)| *table).collect();
        for (table, map) in becomes {
            let (label, path, stored) = (label.clone(), path.to_owned(), stored.clone());
            self.parts.push(Part { label, path, table, stored, map, bytes: seen.bytes, input });
        }
        self.inputs.push(Input {
            file,
            bytes: seen.bytes,
            sha256: seen.sha256,
            encoding: if seen.text { encoding_name(seen.encoding) } else { "binary" },
            tables,
        });
        Ok(())
    }

    fn add_workbook(&mut self, path: &Path, go_on: GoOn<'_>) -> Result<(), IngestError> {
        let file = file_name(path);
        let seen = look_at(path, go_on)?;
        let sheets = super::xlsx::sheets(path)?;
        let mut tables = Vec::new();
        // One sheet left by its program's own name in a file that is named after a table is that table.
        let by_file = match sheets.as_slice() {
            [(_, _), ..] if sheets.iter().all(|(sheet, _)| self.becomes(&[sheet]).is_empty()) => {
                self.tables_of(path)
            }
            _ => Vec::new(),
        };
        let seen_sheets: Vec<String> = sheets.iter().map(|(sheet, _)| sheet.clone()).collect();
        for (at, (sheet, bytes)) in sheets.into_iter().enumerate() {
            let called = format!("{file}#{sheet}");
            let own = self.becomes(&[&sheet, &called]);
            let becomes = if own.is_empty() && at == 0 { by_file.clone() } else { own };
            if becomes.is_empty() && !is_silent(&sheet) {
                self.ignored.push(called.clone());
            }
            let label: Arc<str> = Arc::from(called);
            for (table, map) in becomes {
                tables.push(table);
                let (label, path) = (label.clone(), path.to_owned());
                let (stored, input) = (Stored::Sheet(sheet.clone()), self.inputs.len());
                self.parts.push(Part { label, path, table, stored, map, bytes, input });
            }
        }
        if tables.is_empty() {
            let reason = format!(
                "no sheet is named like a table (officials or 公职人员, relations or 关系 …); there are: {}",
                few(&seen_sheets)
            );
            return Err(IngestError::Workbook { path: path.to_owned(), reason });
        }
        let Seen { bytes, sha256, .. } = seen;
        self.inputs.push(Input { file, bytes, sha256, encoding: "xlsx", tables });
        Ok(())
    }
}

/// The first names of a list, and how many more there are.
pub(super) fn few(names: &[String]) -> String {
    const FEW: usize = 20;
    let shown = names.iter().take(FEW).map(|name| cut(name)).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(FEW) {
        0 => shown,
        more => format!("{shown} … (+{more})"),
    }
}

/// An encoding's name for people; GBK files are read as GB18030, its superset.
pub(super) fn encoding_name(encoding: &'static Encoding) -> &'static str {
    match encoding.name() {
        "gb18030" | "GBK" => "GB18030",
        name => name,
    }
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

pub(super) fn ending(path: &Path) -> String {
    path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// Whether two paths lead to one file, by whichever way.
fn is_one_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// Names that belong beside a bundle and are passed over without a word.
fn is_silent(name: &str) -> bool {
    let name = name.to_lowercase();
    name.starts_with("readme") || name.starts_with("expected") || name == "truth.csv" || name == "truth"
}

/// Hands out the first rows of a CSV file, in whatever encoding it is.
pub(super) fn csv_head(path: &Path, rows: usize, each: &mut dyn FnMut(&RawRow)) -> Result<(), IngestError> {
    let seen = look_at(path, &|| Ok(()))?;
    let file = File::open(path).map_err(io_error(path))?;
    let text = super::encoding::Utf8::new(file, seen.encoding);
    let mut read = csv::CsvRows::new(text, csv::delimiter(&seen.head), encoding_name(seen.encoding));
    let mut row = RawRow::default();
    for _ in 0..rows {
        if !seen.text || !read.next(&mut row).map_err(io_error(path))? {
            break;
        }
        each(&row);
    }
    Ok(())
}

/// What one look at a whole file tells.
struct Seen {
    bytes: u64,
    sha256: String,
    encoding: &'static Encoding,
    /// It begins as text does.
    text: bool,
    head: String,
}

fn look_at(path: &Path, go_on: GoOn<'_>) -> Result<Seen, IngestError> {
    let mut file = File::open(path).map_err(io_error(path))?;
    let (mut sniffer, mut hash) = (Sniffer::new(), Sha256::new());
    let (mut buffer, mut head, mut bytes) = (vec![0; 1 << 16], Vec::new(), 0);
    loop {
        let read = file.read(&mut buffer).map_err(io_error(path))?;
        let chunk = buffer.get(..read).unwrap_or_default();
        go_on()?;
        if chunk.is_empty() {
            break;
        }
        if head.is_empty() {
            head = chunk.to_vec();
        }
        bytes += chunk.len() as u64;
        sniffer.feed(chunk);
        hash.update(chunk);
    }
    let encoding = sniffer.verdict();
    let text = is_text(&head);
    let head = encoding.decode(&head).0.into_owned();
    Ok(Seen { bytes, sha256: hex(&hash.finalize()), encoding, text, head })
}

/// Bytes in hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
