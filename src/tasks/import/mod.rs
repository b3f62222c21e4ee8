//! A bundle into a store: ingest's records, one by one, into one change.

mod outside;
mod told;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::ingest::{
    Bundle, IngestError, Input, Known, Mapping, Nothing, Notice, Origin, Rejected, Sink, SinkError, Summary,
};
use crate::messages::Catalogue;
use crate::model::{Date, Id, Message, Record};
use crate::store::{self, Change, Mode, Outcome, Store, StoreError, Tally, Writer};

use super::TaskError;
use super::balls::{self, Before, Statistics, Touched};
use super::files::{Scratch, WholeFile, check_output, with_room};
use super::graph::Fetched;
use super::interrupt::{self, Work};
use outside::Outside;
use told::Gathered;
pub use told::{ImportDoc, Imported, notice, reason};

/// What is asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// The store's address; made where there is none.
    pub store: String,
    /// The bundle.
    pub paths: Vec<PathBuf>,
    /// What stands for what in tables with words of their own.
    pub mapping: Option<PathBuf>,
    /// Any bad row fails the import.
    pub strict: bool,
    /// Checks everything and writes nothing.
    pub dry_run: bool,
    /// The day that undated facts became known.
    pub recorded: Option<Date>,
    /// Where rejected rows go, as JSON lines.
    pub rejects: Option<PathBuf>,
    /// How many rejected rows to keep for telling.
    pub keep_rejected: usize,
    /// Whether to tell the leads read ([`Imported::leads`]).
    pub keep_leads: bool,
    /// Fails with [`TaskError::OtherInputs`], changing nothing, when the store holds something
    /// already and the bundle would change it.
    pub only_if_same: bool,
    /// What is told goes to whoever reads the store, and not only to whoever imports: rejected rows and notices that
    /// nobody but sealed sources says are only counted ([`Imported::sealed`]).
    pub for_readers: bool,
}

impl Request {
    /// An import of a bundle without any option.
    pub fn of(store: &str, paths: &[PathBuf]) -> Self {
        Self {
            store: store.to_owned(),
            paths: paths.to_vec(),
            mapping: None,
            strict: false,
            dry_run: false,
            recorded: None,
            rejects: None,
            keep_rejected: 20,
            keep_leads: false,
            only_if_same: false,
            for_readers: false,
        }
    }
}

/// Imports a bundle. `progress` is told (done, total) in bytes; `words` is the language of the
/// sentences in the file of rejected rows.
pub fn import(
    request: &Request,
    words: &Catalogue,
    progress: &dyn Fn(u64, u64),
) -> Result<Imported, TaskError> {
    let _work = Work::begin();
    let rejects = request.rejects.as_deref().map(|path| rejects_file(path, request)).transpose()?;
    let opened = open(request)?;
    let bundle = &opened.bundle;
    let file = !store::is_server(&request.store);
    let there = if file {
        Path::new(&request.store).exists()
    } else {
        !request.dry_run || store::is_there(&request.store)?
    };
    let mut gathered = Gathered::new(request, words, progress, rejects);
    let made = if request.dry_run && !there {
        // Nothing is written, not even an empty store: the change is made in memory of a scratch file.
        let scratch = Scratch::new()?;
        run(&scratch.file("dry-run.db").to_string_lossy(), request, bundle, &mut gathered)?
    } else {
        let result = run(&request.store, request, bundle, &mut gathered);
        if result.is_err() && !there {
            remove_store(Path::new(&request.store))?;
        }
        result.map_err(|error| with_room(error, needed(bundle)))?
    };
    gathered.close()?;
    Ok(gathered.told(made))
}

/// Whether an import may go on: not after Ctrl-C.
fn go_on() -> Result<(), IngestError> {
    let ended = || IngestError::Sink(SinkError(Box::new(TaskError::Interrupted)));
    if interrupt::asked() { Err(ended()) } else { Ok(()) }
}

/// A bundle, with what was fetched for it from graphs.
struct Opened {
    bundle: Bundle,
    _graphs: Fetched,
}

/// Looks at what is to be read, and fetches records of graphs.
fn open(request: &Request) -> Result<Opened, TaskError> {
    let mapping = request.mapping.as_deref().map(Mapping::open).transpose()?.unwrap_or_default();
    let (servers, files): (Vec<PathBuf>, Vec<PathBuf>) =
        request.paths.iter().cloned().partition(|path| store::is_server(&path.to_string_lossy()));
    if !servers.is_empty() && request.mapping.is_none() {
        return Err(TaskError::Usage(Message::new("error-import-mapping")));
    }
    let graphs = Fetched::of(&servers, &mapping)?;
    let bundle = Bundle::open_mapped(&files, &mapping, &graphs.tables, &go_on)?;
    Ok(Opened { bundle, _graphs: graphs })
}

/// Bytes that an import may take, about: a store has 2.1 to 2.8 times those of the tables that are read into an empty
/// one, and its log has them once more until the change is in. (Measured on bundles of 10 MB to 900 MB.)
fn needed(bundle: &Bundle) -> u64 {
    const OF_A_TABLE: u64 = 5;
    /// Stated judgement: a workbook packs its tables to a third.
    const OF_A_WORKBOOK: u64 = 3 * OF_A_TABLE;
    let of = |input: &Input| input.bytes * if input.encoding == "xlsx" { OF_A_WORKBOOK } else { OF_A_TABLE };
    bundle.inputs().iter().map(of).sum()
}

/// A bundle read as for an import into a store that stays as it is.
pub(super) struct Read {
    /// The change that its records would make, and these.
    pub change: Change,
    pub records: Vec<Record>,
    /// What is told of the import; what became of the records is not known yet.
    pub imported: Imported,
}

/// Reads a bundle for a store, and writes nothing.
pub(super) fn read(store: &dyn Store, request: &Request, words: &Catalogue) -> Result<Read, TaskError> {
    let _work = Work::begin();
    let opened = open(request)?;
    let bundle = &opened.bundle;
    let mut gathered = Gathered::new(request, words, &|_, _| {}, None);
    let mut records = Records::default();
    let Taken { summary, protected, .. } = take(store, bundle, &mut records, &mut gathered)?;
    let inputs = bundle.inputs_hiding(&protected, &go_on)?;
    let made = Made { summary, tally: Tally::default(), inputs, graph_behind: false };
    Ok(Read { change: change(request, bundle), records: records.0, imported: gathered.told(made) })
}

/// A change made.
struct Made {
    summary: Summary,
    tally: Tally,
    inputs: Vec<Input>,
    graph_behind: bool,
}

/// Makes the change, and takes it back for a dry run and for a strict import with bad rows.
fn run(
    address: &str,
    request: &Request,
    bundle: &Bundle,
    gathered: &mut Gathered<'_>,
) -> Result<Made, TaskError> {
    check_folder(address)?;
    let change = change(request, bundle);
    // Nobody needs the right to write on a server to see what would come of an import.
    let rehearsed = request.dry_run && store::is_server(address);
    let store = store::open(address, if rehearsed { Mode::Read } else { Mode::Create })?;
    let mut writer = if rehearsed { store.rehearse(&change)? } else { store.write(&change)? };
    let Taken { summary, protected, held_something, touched } =
        take(store.as_ref(), bundle, writer.as_mut(), gathered)?;
    if request.strict && summary.has_rejects() {
        gathered.close()?;
        return Err(TaskError::Strict(summary.total().rejected + summary.refused));
    }
    let so_far = writer.tally();
    if request.only_if_same && held_something && so_far.added + so_far.updated + so_far.merged > 0 {
        return Err(TaskError::OtherInputs);
    }
    let is_change = !request.dry_run && so_far.added + so_far.updated + so_far.merged > 0;
    let before = is_change.then(|| before(store.as_ref(), &touched)).flatten();
    let digest = writer.digest();
    // From the last step on the import is in, and nothing that fails then may say otherwise.
    let inputs = bundle.inputs_hiding(&protected, &go_on)?;
    let tally = if request.dry_run {
        writer.tally()
    } else {
        writer.finish_unless(&interrupt::asked).map_err(|error| match error {
            StoreError::BrokenOff => TaskError::Interrupted,
            other => other.into(),
        })?
    };
    let mut graph_behind = false;
    if !request.dry_run {
        // Where the server cannot be asked any more, nobody knows.
        graph_behind = store.is_graph_behind().unwrap_or(true);
        // What is not kept is taken when it is asked for: the import is in, whatever comes of this.
        let _ = keep_statistics(store.as_ref(), before, digest);
    }
    Ok(Made { summary, tally, inputs, graph_behind })
}

/// What a small change to a store that is far away is set against. (To take the statistics of a file anew takes moments.)
fn before<'s>(store: &'s dyn Store, touched: &Touched) -> Option<Before<'s>> {
    if !balls::is_far(store) {
        return None;
    }
    // Whatever hinders it, they are taken anew.
    Before::of(store, touched).ok().flatten()
}

/// Keeps the statistics of what the store holds now with it.
fn keep_statistics(
    store: &dyn Store,
    before: Option<Before<'_>>,
    digest: Option<String>,
) -> Result<(), TaskError> {
    if let (Some(before), Some(digest)) = (before, digest)
        && Statistics::keep_after(store, before, &digest).unwrap_or(false)
    {
        return Ok(());
    }
    Statistics::keep_lacking(store)
}

/// What was read of a bundle.
struct Taken {
    summary: Summary,
    /// Every name of the protected sources that rows named.
    protected: BTreeSet<String>,
    /// The store held something before.
    held_something: bool,
    /// Whom the records touch.
    touched: Touched,
}

/// Takes the records of a bundle into a change of a store.
fn take(
    store: &dyn Store,
    bundle: &Bundle,
    writer: &mut dyn Writer,
    gathered: &mut Gathered<'_>,
) -> Result<Taken, TaskError> {
    let known = Outside::of(store)?;
    let mut sink = Into { writer, gathered, waiting: Vec::new(), touched: Touched::default() };
    let held_something = known.is_some();
    let summary = match &known {
        Some(known) => bundle.read(known, &mut sink)?,
        None => bundle.read(&Nothing, &mut sink)?,
    };
    sink.write()?;
    let touched = sink.touched;
    // The mapping may name a protected source for rows that did not come.
    if let Some(known) = &known {
        bundle.mapping().named_sources().for_each(|source| {
            known.source(&Id::from(source));
        });
    }
    let protected = known.map(Outside::finish).transpose()?.unwrap_or_default();
    if interrupt::asked() {
        return Err(TaskError::Interrupted);
    }
    Ok(Taken { summary, protected, held_something, touched })
}

/// Records that are only gathered.
#[derive(Default)]
struct Records(Vec<Record>);

impl Writer for Records {
    fn put(&mut self, record: &Record) -> Result<Outcome, StoreError> {
        self.0.push(record.clone());
        Ok(Outcome::Added)
    }

    fn tally(&self) -> Tally {
        Tally::default()
    }

    fn finish(self: Box<Self>) -> Result<Tally, StoreError> {
        Ok(Tally::default())
    }
}

/// A new store needs a folder that is there.
pub(super) fn check_folder(address: &str) -> Result<(), TaskError> {
    match Path::new(address).parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) if !address.contains("://") && !folder.exists() => {
            Err(TaskError::NoFolder(folder.to_owned()))
        }
        _ => Ok(()),
    }
}

fn change(request: &Request, bundle: &Bundle) -> Change {
    let files: Vec<&str> = bundle.inputs().iter().map(|input| input.file.as_str()).collect();
    Change { who: "local".to_owned(), why: format!("import {}", files.join(", ")), known: request.recorded }
}

fn rejects_file(path: &Path, request: &Request) -> Result<WholeFile, TaskError> {
    check_output(path, &request.store, &request.paths)?;
    WholeFile::create(path)
}

/// Removes a store with what stands beside it.
pub(super) fn remove_store(path: &Path) -> Result<(), TaskError> {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        match std::fs::remove_file(Path::new(&name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(TaskError::file(path)(error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Takes ingest's records into the change.
struct Into<'a, 'b> {
    writer: &'a mut dyn Writer,
    gathered: &'a mut Gathered<'b>,
    /// Records that wait to be written together.
    waiting: Vec<Record>,
    touched: Touched,
}

/// Records written together: a store far away looks up at once what they touch.
const TOGETHER: usize = 1_000;

impl Into<'_, '_> {
    fn write(&mut self) -> Result<(), StoreError> {
        self.writer.expect(&self.waiting)?;
        for record in self.waiting.drain(..) {
            let outcome = self.writer.put(&record)?;
            self.touched.note(&record, outcome);
        }
        Ok(())
    }
}

impl Sink for Into<'_, '_> {
    fn record(&mut self, _: &Origin, record: Record) -> Result<(), SinkError> {
        if interrupt::asked() {
            return Err(SinkError(Box::new(TaskError::Interrupted)));
        }
        self.gathered.record(&record);
        self.waiting.push(record);
        if self.waiting.len() < TOGETHER {
            return Ok(());
        }
        self.write().map_err(|error| SinkError(Box::new(error)))
    }

    fn rejected(&mut self, rejected: Rejected) -> Result<(), SinkError> {
        self.gathered.reject(rejected).map_err(|error| SinkError(Box::new(error)))
    }

    fn notice(&mut self, notice: Notice) {
        self.gathered.notice(notice);
    }

    fn progress(&mut self, done: u64, total: u64) -> Result<(), SinkError> {
        if interrupt::asked() {
            return Err(SinkError(Box::new(TaskError::Interrupted)));
        }
        self.gathered.progress(done, total);
        Ok(())
    }
}

impl From<IngestError> for TaskError {
    /// What a store or a file could not do comes back as theirs.
    fn from(error: IngestError) -> Self {
        let IngestError::Sink(SinkError(inner)) = error else { return Self::Ingest(error) };
        match inner.downcast::<StoreError>() {
            Ok(store) => Self::Store(*store),
            Err(inner) => match inner.downcast::<std::io::Error>() {
                Ok(reason) => Self::File { path: PathBuf::new(), reason: *reason },
                Err(inner) => match inner.downcast::<Self>() {
                    Ok(own) => *own,
                    Err(inner) => Self::Ingest(IngestError::Sink(SinkError(inner))),
                },
            },
        }
    }
}
