//! What somebody should know of an import beside its rejected rows, gathered so that ten million
//! rows make one line.

use std::collections::BTreeMap;
use std::fmt;

use super::reason::{MASK, Origin, message_key};
use super::value;

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum NoticeKind {
    /// Files or sheets of other names were not read.
    FilesIgnored,
    /// A mapping speaks of a table that is not there.
    MappingUnused,
    /// A file was not UTF-8.
    Encoding,
    /// A file holds nothing.
    EmptyFile,
    /// A table without ids: they were derived.
    DerivedIds,
    /// A column outside the contract was kept.
    UnknownColumn,
    /// Two headers mean one column: the first counts, the other was kept under its own name.
    DuplicateColumn,
    /// A type of tie outside the table was kept as layer `other`.
    UnknownType,
    /// A step outside the list was kept.
    UnknownStep,
    /// An end of a tie is of another kind than the type expects.
    WrongKind,
    /// Who does a duty was taken as an official.
    TakenAsOfficial,
    /// A tie from somebody to himself was kept.
    TieToSelf,
    /// An amount without a currency counts as CNY.
    NoCurrency,
    /// The cell's currency and the column's differ: the column's counts.
    OtherCurrency,
    /// A negative amount was kept.
    NegativeAmount,
    /// Rows without a source count as `F`.
    NoSource,
    /// Sources without a reliability count as `F`.
    NoReliability,
    /// Rows without a credibility count as `6`.
    NoCredibility,
    /// A card number's check digit is wrong.
    CheckDigit,
    /// A long number that a workbook cut short.
    LostDigits,
    /// An end before its start.
    EndBeforeStart,
    /// A year that is probably a slip.
    OddYear,
    /// A month that a workbook may have cut (`2019.10` stored as 2019.1): only the year was kept.
    CutMonth,
    /// A merged cell fills its range.
    MergedCells,
    /// A row that says the headers again was passed over.
    HeaderAgain,
    /// A name that is nobody's id was kept as text.
    KeptAsText,
    /// A class on an organisation that is no gang was kept.
    ClassOfNoGang,
    /// An id that stood for somebody else before: another name, and another birth date or card.
    IdentityChanged,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::FilesIgnored,
        Self::MappingUnused,
        Self::Encoding,
        Self::EmptyFile,
        Self::DerivedIds,
        Self::UnknownColumn,
        Self::DuplicateColumn,
        Self::UnknownType,
        Self::UnknownStep,
        Self::WrongKind,
        Self::TakenAsOfficial,
        Self::TieToSelf,
        Self::NoCurrency,
        Self::OtherCurrency,
        Self::NegativeAmount,
        Self::NoSource,
        Self::NoReliability,
        Self::NoCredibility,
        Self::CheckDigit,
        Self::LostDigits,
        Self::EndBeforeStart,
        Self::OddYear,
        Self::CutMonth,
        Self::MergedCells,
        Self::HeaderAgain,
        Self::KeptAsText,
        Self::ClassOfNoGang,
        Self::IdentityChanged,
    ];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::FilesIgnored => "files_ignored",
            Self::MappingUnused => "mapping_unused",
            Self::Encoding => "encoding",
            Self::EmptyFile => "empty_file",
            Self::DerivedIds => "derived_ids",
            Self::UnknownColumn => "unknown_column",
            Self::DuplicateColumn => "duplicate_column",
            Self::UnknownType => "unknown_type",
            Self::UnknownStep => "unknown_step",
            Self::WrongKind => "wrong_kind",
            Self::TakenAsOfficial => "taken_as_official",
            Self::TieToSelf => "tie_to_self",
            Self::NoCurrency => "no_currency",
            Self::OtherCurrency => "other_currency",
            Self::NegativeAmount => "negative_amount",
            Self::NoSource => "no_source",
            Self::NoReliability => "no_reliability",
            Self::NoCredibility => "no_credibility",
            Self::CheckDigit => "check_digit",
            Self::LostDigits => "lost_digits",
            Self::EndBeforeStart => "end_before_start",
            Self::OddYear => "odd_year",
            Self::CutMonth => "cut_month",
            Self::MergedCells => "merged_cells",
            Self::HeaderAgain => "header_again",
            Self::KeptAsText => "kept_as_text",
            Self::ClassOfNoGang => "class_of_no_gang",
            Self::IdentityChanged => "identity_changed",
        }
    }

    fn english(self) -> &'static str {
        match self {
            Self::FilesIgnored => "not read, since no table is called so",
            Self::MappingUnused => "table of the mapping that nothing here is called by",
            Self::Encoding => "converted to UTF-8 from",
            Self::EmptyFile => "empty file",
            Self::DerivedIds => {
                "table without an `id` column: ids were derived from name, unit and birth date"
            }
            Self::UnknownColumn => "column outside the contract, kept as a property:",
            Self::DuplicateColumn => "column that stands twice; the first counts:",
            Self::UnknownType => "type of tie that is not in the table, kept as layer `other`:",
            Self::UnknownStep => "step that is not in the list, kept:",
            Self::WrongKind => "end of another kind than expected:",
            Self::TakenAsOfficial => {
                "person who does a duty but is in no row of `officials`, taken as an official"
            }
            Self::TieToSelf => "tie from somebody to himself, kept but left out of analysis",
            Self::NoCurrency => "amount without a currency, counted as CNY",
            Self::OtherCurrency => "amount whose cell and currency column differ; the column counts",
            Self::NegativeAmount => "negative amount, kept",
            Self::NoSource => "row without a source, counted as reliability F",
            Self::NoReliability => "source without a reliability, counted as F",
            Self::NoCredibility => "row without a credibility, counted as 6",
            Self::CheckDigit => "identity card number with a wrong check digit, kept",
            Self::LostDigits => "long number that the workbook stored with its last digits lost",
            Self::EndBeforeStart => "end before the start, kept",
            Self::OddYear => "year that looks like a slip, kept",
            Self::CutMonth => {
                "month that the workbook may have cut (2019.10 is stored as 2019.1); only the year was kept"
            }
            Self::MergedCells => "merged cell, whose value fills its range",
            Self::HeaderAgain => "row that says the headers again, passed over",
            Self::KeptAsText => "name that nobody or several have, kept as text in column",
            Self::ClassOfNoGang => "class of an organisation that is no gang, kept",
            Self::IdentityChanged => {
                "id that already stands for somebody of another name and another birth date or card number; were these two people, give this case a store of its own or other ids"
            }
        }
    }
}

/// Something that somebody should know, gathered over the whole import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it is about.
    pub kind: NoticeKind,
    /// Which column, type, encoding …; may be empty.
    pub subject: String,
    /// How often.
    pub count: u64,
    /// The first few places.
    pub places: Vec<Origin>,
    /// The same of rows that others than sealed sources say.
    pub open: Cases,
}

/// How often something was met, and the first few places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cases {
    /// How often.
    pub count: u64,
    /// The first few places.
    pub places: Vec<Origin>,
}

impl Cases {
    fn add(&mut self, at: &Origin) {
        self.count += 1;
        if self.places.len() < PLACES {
            self.places.push(at.clone());
        }
    }
}

impl Notice {
    /// As it may be told to whoever reads the store; `None` where only sealed sources say the rows.
    pub fn for_readers(self) -> Option<Self> {
        let Cases { count, places } = self.open.clone();
        (count > 0).then_some(Self { count, places, ..self })
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// The key of its message in the catalogues: `notice-tie-to-self`.
    pub fn key(&self) -> String {
        message_key("notice", self.code())
    }

    /// The values of its message, by name.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        let places: Vec<String> = self.places.iter().map(Origin::to_string).collect();
        vec![
            ("subject", self.subject.clone()),
            ("count", self.count.to_string()),
            ("places", places.join(", ")),
        ]
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.english())?;
        if !self.subject.is_empty() {
            write!(f, " {}", self.subject)?;
        }
        if let Some(first) = self.places.first() {
            write!(f, " ({} ×, first at {first})", self.count)?;
        }
        Ok(())
    }
}

/// Places shown for one notice.
const PLACES: usize = 3;
/// Subjects told apart for one kind of notice; the rest are counted together as `…`.
const SUBJECTS: usize = 100;

/// All cases of a kind and subject, and those that others than sealed sources say.
#[derive(Debug, Default)]
struct Told {
    all: Cases,
    open: Cases,
}

/// Gathers notices, so that ten million rows make one line and not ten million.
#[derive(Debug, Default)]
pub(super) struct Notes(BTreeMap<NoticeKind, BTreeMap<String, Told>>);

impl Notes {
    /// Adds one case, of a row that only sealed sources say or of another one.
    pub fn add(&mut self, kind: NoticeKind, subject: &str, at: &Origin, sealed: bool) {
        let subjects = self.0.entry(kind).or_default();
        let subject =
            if subjects.len() >= SUBJECTS && !subjects.contains_key(subject) { "…" } else { subject };
        if !subjects.contains_key(subject) {
            subjects.insert(subject.to_owned(), Told::default());
        }
        let Some(told) = subjects.get_mut(subject) else { return };
        told.all.add(at);
        if !sealed {
            told.open.add(at);
        }
    }

    /// Adds a case that has no line.
    pub fn add_whole(&mut self, kind: NoticeKind, subject: &str) {
        let told = self.0.entry(kind).or_default().entry(harmless(subject).to_owned()).or_default();
        told.all.count += 1;
        told.open.count += 1;
    }

    /// Every notice, by kind and subject.
    pub fn into_notices(self) -> Vec<Notice> {
        let flat = self.0.into_iter().flat_map(|(kind, subjects)| {
            subjects.into_iter().map(move |(subject, told)| {
                let Told { all: Cases { count, places }, open } = told;
                Notice { kind, subject, count, places, open }
            })
        });
        flat.collect()
    }
}

/// A notice's subject, unless damage moved a card number into it.
fn harmless(subject: &str) -> &str {
    if value::holds_card(subject) { MASK } else { subject }
}
