//! A bundle written to a folder, read, and everything that came of it.

use std::path::Path;

use crate::ingest::{Bundle, Known, Nothing, Notice, NoticeKind, Origin, Rejected, Sink, SinkError, Summary};
use crate::model::{Id, Record, Relation, Statement};

/// Keeps everything.
#[derive(Default)]
pub struct Kept {
    pub records: Vec<(Origin, Record)>,
    pub rejected: Vec<Rejected>,
    pub notices: Vec<Notice>,
    pub progress: Vec<(u64, u64)>,
    pub summary: Summary,
}

impl Sink for Kept {
    fn record(&mut self, origin: &Origin, record: Record) -> Result<(), SinkError> {
        self.records.push((origin.clone(), record));
        Ok(())
    }

    fn rejected(&mut self, rejected: Rejected) -> Result<(), SinkError> {
        self.rejected.push(rejected);
        Ok(())
    }

    fn notice(&mut self, notice: Notice) {
        self.notices.push(notice);
    }

    fn progress(&mut self, done: u64, total: u64) -> Result<(), SinkError> {
        self.progress.push((done, total));
        Ok(())
    }
}

impl Kept {
    pub fn relations(&self) -> Vec<&Relation> {
        let each = self.records.iter().filter_map(|(_, record)| match record {
            Record::Relation(relation) => Some(relation),
            _ => None,
        });
        each.collect()
    }

    pub fn statements(&self) -> Vec<&Statement> {
        let mut found = Vec::new();
        for (_, record) in &self.records {
            if let Record::Statement(statement) = record {
                found.push(statement);
            }
        }
        found
    }

    pub fn row(&self, id: &str) -> &Relation {
        self.relations().into_iter().find(|relation| relation.row.as_str() == id).unwrap()
    }

    /// Every reason as `file:line column code`.
    pub fn reasons(&self) -> Vec<String> {
        let each = |rejected: &Rejected| {
            let at = rejected.origin.to_string();
            let line = move |r: &crate::ingest::Reason| format!("{at} {} {}", r.column, r.code());
            rejected.reasons.iter().map(line).collect::<Vec<_>>()
        };
        self.rejected.iter().flat_map(each).collect()
    }

    pub fn noticed(&self, kind: NoticeKind) -> u64 {
        self.notices.iter().filter(|notice| notice.kind == kind).map(|notice| notice.count).sum()
    }

    /// What every import must hold, whatever came in.
    pub fn check_laws(&self) {
        for count in self.summary.tables.values() {
            assert_eq!(count.read, count.sound + count.rejected);
        }
        let total = self.summary.total();
        assert_eq!(self.rejected.len() as u64, total.rejected + self.summary.refused);
        assert_eq!(self.records.len() as u64, total.sound + self.summary.written);
        assert!(self.rejected.iter().all(|rejected| !rejected.reasons.is_empty()));
        assert!(self.progress.iter().all(|(done, total)| done <= total));
        self.check_order();
    }

    /// Whatever a record names was put before.
    fn check_order(&self) {
        let mut put = std::collections::BTreeSet::new();
        for (origin, record) in &self.records {
            let (id, named): (&Id, Vec<&Id>) = match record {
                Record::Source(source) => (&source.id, vec![]),
                Record::Statement(statement) => (&statement.id, statement.sources.iter().collect()),
                Record::Relation(r) => (&r.row, r.sources.iter().chain([&r.from, &r.to]).collect()),
                Record::Step(step) => (&step.id, step.sources.iter().chain([&step.subject]).collect()),
            };
            for name in named {
                assert!(put.contains(name), "{origin}: {name} was not put before {id}");
            }
            put.insert(id.clone());
        }
    }
}

/// Writes the files into a fresh folder.
pub fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Reads a folder beside what is known.
pub fn read_with(path: &Path, known: &dyn Known) -> Kept {
    let bundle = Bundle::open(&[path.to_owned()]).unwrap();
    let mut kept = Kept::default();
    kept.summary = bundle.read(known, &mut kept).unwrap();
    kept
}

/// Reads files into a store that holds nothing, and checks what must always hold.
pub fn read(files: &[(&str, &str)]) -> Kept {
    let kept = read_with(folder(files).path(), &Nothing);
    kept.check_laws();
    kept
}
