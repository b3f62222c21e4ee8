//! What is told of an import beside its records: rows read, rejected rows, notices, and the document of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::ingest::{Count, Input, Notice, Reason, Rejected};
use crate::messages::Catalogue;
use crate::model::{Id, Record, Table};
use crate::store::Tally;

use super::super::TaskError;
use super::super::files::WholeFile;
use super::super::interrupt;
use super::{Made, Request};

/// What came of an import.
#[derive(Debug)]
pub struct Imported {
    /// The inputs, with their digests.
    pub inputs: Vec<Input>,
    /// Rows by table's code.
    pub tables: BTreeMap<&'static str, Count>,
    /// What became of the records.
    pub tally: Tally,
    /// Ties the program wrote itself.
    pub written: u64,
    /// Rows rejected, and files refused.
    pub rejected: u64,
    /// Files and sheets among them that were refused as a whole, or from some line on: rows of no table.
    pub refused: u64,
    /// The first rejected rows.
    pub first_rejected: Vec<Rejected>,
    /// Rejected rows that nobody but sealed sources says, where they are told nowhere else
    /// ([`Request::for_readers`]); no other count has them.
    pub sealed: u64,
    /// The leads read, in id order, if they were asked for.
    pub leads: BTreeSet<Id>,
    /// Notices.
    pub notices: Vec<Notice>,
    /// Ctrl-C came after the import was in.
    pub broken_off: bool,
    /// It is in, and the graph that people look at on the server does not show all of it yet.
    pub graph_behind: bool,
}

/// The counts of an import as a document.
#[derive(Debug, Serialize)]
pub struct ImportDoc<'a> {
    dry_run: bool,
    inputs: &'a [Input],
    tables: &'a BTreeMap<&'static str, Count>,
    written: u64,
    added: u64,
    updated: u64,
    unchanged: u64,
    merged: u64,
    rejected: u64,
    refused: u64,
    notices: Vec<NoticeDoc>,
}

#[derive(Debug, Serialize)]
struct NoticeDoc {
    code: &'static str,
    subject: String,
    count: u64,
    text: String,
}

impl Imported {
    /// For who would go on with it: an error where Ctrl-C came.
    pub(in crate::tasks) fn unless_broken_off(self) -> Result<Self, TaskError> {
        if self.broken_off { Err(TaskError::InterruptedAfter) } else { Ok(self) }
    }

    /// The document that `import --json` prints.
    pub fn document(&self, dry_run: bool) -> ImportDoc<'_> {
        let doc = |notice: &Notice| NoticeDoc {
            code: notice.code(),
            subject: notice.subject.clone(),
            count: notice.count,
            text: notice.to_string(),
        };
        ImportDoc {
            dry_run,
            inputs: &self.inputs,
            tables: &self.tables,
            written: self.written,
            added: self.tally.added,
            updated: self.tally.updated,
            unchanged: self.tally.unchanged,
            merged: self.tally.merged,
            rejected: self.rejected,
            refused: self.refused,
            notices: self.notices.iter().map(doc).collect(),
        }
    }
}

/// A reason in the catalogue's language.
pub fn reason(words: &Catalogue, reason: &Reason) -> String {
    let mut args = reason.args();
    // Kinds are words of ours; what stands in the file stays as it stands there.
    let kinds = args.iter_mut().filter(|(name, _)| matches!(*name, "was" | "new"));
    kinds.for_each(|(_, kind)| *kind = words.word(kind));
    let nothing_found = args.iter().any(|(name, found)| *name == "found" && found.is_empty());
    let key = if nothing_found { "columns-none-known".to_owned() } else { reason.key() };
    said(words, key, &args, || reason.to_string())
}

/// A notice in the catalogue's language.
pub fn notice(words: &Catalogue, notice: &Notice) -> String {
    said(words, notice.key(), &notice.args(), || notice.to_string())
}

fn said(
    words: &Catalogue,
    key: String,
    args: &[(&'static str, String)],
    english: impl FnOnce() -> String,
) -> String {
    if words.has(&key) { words.say_key(&key, args) } else { english() }
}

/// What is told of an import beside its records.
pub(super) struct Gathered<'a> {
    words: &'a Catalogue,
    progress: &'a dyn Fn(u64, u64),
    rejects: Option<WholeFile>,
    keep: usize,
    first_rejected: Vec<Rejected>,
    for_readers: bool,
    /// Rejected rows of sealed sources that are not told, by table.
    sealed: BTreeMap<Table, u64>,
    /// The leads read, if anybody asks.
    leads: BTreeSet<Id>,
    keep_leads: bool,
    notices: Vec<Notice>,
}

impl<'a> Gathered<'a> {
    pub(super) fn new(
        request: &Request,
        words: &'a Catalogue,
        progress: &'a dyn Fn(u64, u64),
        rejects: Option<WholeFile>,
    ) -> Self {
        Self {
            words,
            progress,
            rejects,
            keep: request.keep_rejected,
            first_rejected: Vec::new(),
            for_readers: request.for_readers,
            sealed: BTreeMap::new(),
            leads: BTreeSet::new(),
            keep_leads: request.keep_leads,
            notices: Vec::new(),
        }
    }

    pub(super) fn record(&mut self, record: &Record) {
        if self.keep_leads
            && let Record::Statement(statement) = record
            && statement.table == Table::Leads
        {
            self.leads.insert(statement.id.clone());
        }
    }

    pub(super) fn notice(&mut self, notice: Notice) {
        self.notices.extend(if self.for_readers { notice.for_readers() } else { Some(notice) });
    }

    pub(super) fn progress(&self, done: u64, total: u64) {
        (self.progress)(done, total);
    }

    pub(super) fn reject(&mut self, rejected: Rejected) -> std::io::Result<()> {
        let table = rejected.table;
        let told = if self.for_readers { rejected.for_readers() } else { Some(rejected) };
        let Some(rejected) = told else {
            *self.sealed.entry(table).or_default() += 1;
            return Ok(());
        };
        if let Some(file) = &mut self.rejects {
            for line in rejected.json_lines_in(&|r| reason(self.words, r)) {
                file.line(&line)?;
            }
        }
        if self.first_rejected.len() < self.keep {
            self.first_rejected.push(rejected);
        }
        Ok(())
    }

    /// What is told of the import.
    pub(super) fn told(self, made: Made) -> Imported {
        let Made { summary, tally, inputs, graph_behind } = made;
        let told = |(table, count): (&Table, &Count)| {
            let sealed = self.sealed.get(table).copied().unwrap_or_default();
            (table.code(), count.without_rejected(sealed))
        };
        let sealed = self.sealed.values().sum();
        Imported {
            inputs,
            tables: summary.tables.iter().map(told).collect(),
            tally,
            written: summary.written,
            rejected: summary.total().rejected + summary.refused - sealed,
            sealed,
            refused: summary.refused,
            first_rejected: self.first_rejected,
            leads: self.leads,
            notices: self.notices,
            broken_off: interrupt::asked(),
            graph_behind,
        }
    }

    pub(super) fn close(&mut self) -> Result<(), TaskError> {
        self.rejects.take().map_or(Ok(()), WholeFile::finish)
    }
}
