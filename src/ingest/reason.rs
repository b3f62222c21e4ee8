//! Why a row was rejected, and what else somebody should know: as data.
//!
//! `Display` says it in English; the catalogues have a message for each, by `key` and `args`.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::model::{Id, Kind};

/// A place in an input: what a person opens to see for himself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Origin {
    /// The file, or `book.xlsx#sheet`.
    pub file: Arc<str>,
    /// The physical line where the row starts, the first being 1; in a workbook the sheet's row.
    pub line: u64,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// What is wrong with a cell, a row or a file. Cells' values stand beside it, in [`Reason`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// A required cell is empty.
    MissingValue,
    /// No date.
    BadDate,
    /// No sum of money.
    BadAmount,
    /// No whole number of things.
    BadCount,
    /// No percentage from 0 to 100.
    BadShare,
    /// An id that lists would tear apart.
    BadId,
    /// A word outside its set.
    BadWord {
        /// The set's words.
        known: Vec<&'static str>,
    },
    /// A role or decision that this type of tie does not have.
    NotForType {
        /// The type.
        ty: &'static str,
        /// What it has instead.
        known: Vec<&'static str>,
    },
    /// Nothing has this id or name.
    UnknownReference,
    /// What it names was rejected itself.
    RejectedReference {
        /// Where.
        at: Origin,
    },
    /// Several have this name.
    AmbiguousName {
        /// Their ids.
        ids: Vec<Id>,
    },
    /// The id belongs to something of another kind.
    KindClash {
        /// What it is.
        was: String,
        /// What the row would make of it.
        new: String,
        /// Where the other stands; `None` for the store.
        at: Option<Origin>,
    },
    /// The id belongs to a row that says something else.
    DuplicateId {
        /// Where the other stands; `None` where it was not kept (relations, of which there are many).
        at: Option<Origin>,
    },
    /// More cells than the header has.
    TooManyCells {
        /// Cells in the row.
        found: usize,
        /// Cells in the header.
        expected: usize,
    },
    /// A cell beyond the limit.
    CellTooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// A row beyond the limit.
    RowTooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// A quote is opened and never closed: the rest of the file is in this row.
    UnclosedQuote,
    /// A NUL byte.
    NulByte,
    /// Bytes that are no text in the file's encoding.
    BadEncoding {
        /// The encoding.
        encoding: &'static str,
    },
    /// A workbook's cell holds an error such as `#N/A`.
    CellError,
    /// The file has no such column, so nothing of it was read.
    MissingColumn {
        /// The columns it has.
        found: Vec<String>,
    },
    /// The file has too many columns, so nothing of it was read.
    TooManyColumns {
        /// The limit.
        limit: usize,
    },
    /// The rest of the file cannot be read.
    Unreadable {
        /// Why.
        detail: String,
    },
}

impl Why {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MissingValue => "missing_value",
            Self::BadDate => "bad_date",
            Self::BadAmount => "bad_amount",
            Self::BadCount => "bad_count",
            Self::BadShare => "bad_share",
            Self::BadId => "bad_id",
            Self::BadWord { .. } => "bad_word",
            Self::NotForType { .. } => "not_for_type",
            Self::UnknownReference => "unknown_reference",
            Self::RejectedReference { .. } => "rejected_reference",
            Self::AmbiguousName { .. } => "ambiguous_name",
            Self::KindClash { .. } => "kind_clash",
            Self::DuplicateId { .. } => "duplicate_id",
            Self::TooManyCells { .. } => "too_many_cells",
            Self::CellTooLong { .. } => "cell_too_long",
            Self::RowTooLong { .. } => "row_too_long",
            Self::UnclosedQuote => "unclosed_quote",
            Self::NulByte => "nul_byte",
            Self::BadEncoding { .. } => "bad_encoding",
            Self::CellError => "cell_error",
            Self::MissingColumn { .. } => "missing_column",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::Unreadable { .. } => "unreadable",
        }
    }
}

/// One thing that is wrong, with the column and the cell's text (cut, and masked where secret).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The column of the contract, or the header; empty where the row as a whole is meant.
    pub column: String,
    /// What the cell holds.
    pub value: String,
    /// What is wrong with it.
    pub why: Why,
}

impl Reason {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.why.code()
    }

    /// The key of its message in the catalogues: `reject-bad-date`.
    pub fn key(&self) -> String {
        message_key("reject", self.code())
    }

    /// The values of its message, by name.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        let mut args = vec![("column", self.column.clone()), ("value", self.value.clone())];
        match &self.why {
            Why::BadWord { known } => args.push(("known", known.join(", "))),
            Why::NotForType { ty, known } => {
                args.extend([("type", (*ty).to_owned()), ("known", known.join(", "))]);
            }
            Why::RejectedReference { at } => args.push(("at", at.to_string())),
            Why::AmbiguousName { ids } => {
                args.push(("ids", ids.iter().map(Id::as_str).collect::<Vec<_>>().join(", ")));
            }
            Why::KindClash { was, new, at } => {
                args.extend([("was", was.clone()), ("new", new.clone()), ("at", place(at))]);
            }
            Why::DuplicateId { at } => {
                args.push(("at", at.as_ref().map(Origin::to_string).unwrap_or_default()));
            }
            Why::TooManyCells { found, expected } => {
                args.extend([("found", found.to_string()), ("expected", expected.to_string())]);
            }
            Why::CellTooLong { limit } | Why::RowTooLong { limit } | Why::TooManyColumns { limit } => {
                args.push(("limit", limit.to_string()));
            }
            Why::BadEncoding { encoding } => args.push(("encoding", (*encoding).to_owned())),
            Why::MissingColumn { found } => args.push(("found", found.join(", "))),
            Why::Unreadable { detail } => args.push(("detail", detail.clone())),
            Why::MissingValue
            | Why::BadDate
            | Why::BadAmount
            | Why::BadCount
            | Why::BadShare
            | Why::BadId
            | Why::UnknownReference
            | Why::UnclosedQuote
            | Why::NulByte
            | Why::CellError => {}
        }
        args
    }
}

fn message_key(area: &str, code: &str) -> String {
    format!("{area}-{}", code.replace('_', "-"))
}

fn place(at: &Option<Origin>) -> String {
    at.as_ref().map_or_else(|| "store".to_owned(), Origin::to_string)
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { column, value, why } = self;
        match why {
            Why::MissingValue => write!(f, "`{column}` is empty, and a row needs it"),
            Why::BadDate => {
                write!(f, "`{value}` is no date that can be read; write it as 2019, 2019-08 or 2019-08-01")
            }
            Why::BadAmount => {
                write!(f, "`{value}` is no sum of money that can be read, such as 125000 or 12.5万")
            }
            Why::BadCount => write!(f, "`{value}` is no whole number from 0 up"),
            Why::BadShare => write!(f, "`{value}` is no percentage from 0 to 100"),
            Why::BadId => write!(f, "the id `{value}` holds a `;` or a control character"),
            Why::BadWord { known } => {
                write!(f, "`{value}` is not known here; known are {}", known.join(", "))
            }
            Why::NotForType { ty, known } if known.is_empty() => {
                write!(f, "a tie of type `{ty}` has no {column}, but the row says `{value}`")
            }
            Why::NotForType { ty, known } => {
                write!(f, "`{value}` is no {column} of a tie of type `{ty}`; known are {}", known.join(", "))
            }
            Why::UnknownReference => write!(f, "nothing in the files or the store is called `{value}`"),
            Why::RejectedReference { at } => write!(f, "`{value}` was itself rejected ({at})"),
            Why::AmbiguousName { ids } => {
                let ids: Vec<&str> = ids.iter().map(Id::as_str).collect();
                write!(f, "several are called `{value}`: {}; give the id", ids.join(", "))
            }
            Why::KindClash { was, new, at } => {
                write!(f, "`{value}` is already a {was} ({}) and cannot be a {new} too", place(at))
            }
            Why::DuplicateId { at: Some(at) } => {
                write!(f, "the id `{value}` already belongs to another row ({at})")
            }
            Why::DuplicateId { at: None } => {
                write!(
                    f,
                    "the id `{value}` already belongs to an earlier row with another type or other ends"
                )
            }
            Why::TooManyCells { found, expected } => {
                write!(f, "the row has {found} cells, the header only {expected}")
            }
            Why::CellTooLong { limit } => write!(f, "the cell is longer than {limit} bytes"),
            Why::RowTooLong { limit } => write!(f, "the row is longer than {limit} bytes"),
            Why::UnclosedQuote => {
                write!(f, "a quote is opened in this row and never closed; nothing after it could be read")
            }
            Why::NulByte => write!(f, "the row holds a NUL byte"),
            Why::BadEncoding { encoding } => write!(f, "the row holds bytes that are no {encoding} text"),
            Why::CellError => write!(f, "the cell holds the error `{value}`"),
            Why::MissingColumn { found } => {
                write!(
                    f,
                    "the column `{column}` is missing, so nothing was read; found are {}",
                    found.join(", ")
                )
            }
            Why::TooManyColumns { limit } => {
                write!(f, "there are more than {limit} columns, so nothing was read")
            }
            Why::Unreadable { detail } => write!(f, "the rest cannot be read: {detail}"),
        }
    }
}

/// A row (or a whole file) that was not taken, with everything that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Where it stands.
    pub origin: Origin,
    /// All that is wrong; never empty.
    pub reasons: Vec<Reason>,
    /// What the row said, by header: cut, and masked where secret. Empty where a file was refused.
    pub row: Vec<(String, String)>,
}

/// One line of the quarantine report.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    line: u64,
    column: &'a str,
    value: &'a str,
    code: &'static str,
    reason: String,
}

impl Rejected {
    /// One JSON line a reason, the sentences in English.
    pub fn json_lines(&self) -> Vec<String> {
        self.json_lines_in(&Reason::to_string)
    }

    /// One JSON line a reason, the sentences as `say` has them.
    pub fn json_lines_in(&self, say: &dyn Fn(&Reason) -> String) -> Vec<String> {
        let line = |reason: &Reason| {
            let line = Line {
                file: &self.origin.file,
                line: self.origin.line,
                column: &reason.column,
                value: &reason.value,
                code: reason.code(),
                reason: say(reason),
            };
            serde_json::to_string(&line).unwrap_or_default()
        };
        self.reasons.iter().map(line).collect()
    }
}

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum NoticeKind {
    /// Files or sheets of other names were not read.
    FilesIgnored,
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
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::FilesIgnored,
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
    ];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::FilesIgnored => "files_ignored",
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
        }
    }

    fn english(self) -> &'static str {
        match self {
            Self::FilesIgnored => "not read, since no table is called so",
            Self::Encoding => "converted to UTF-8 from",
            Self::EmptyFile => "empty file",
            Self::DerivedIds => "no `id` column: ids were derived from name, unit and birth date in",
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
            Self::MergedCells => "merged cell, whose value fills its range, in",
            Self::HeaderAgain => "row that says the headers again, passed over, in",
            Self::KeptAsText => "name that nobody or several have, kept as text in column",
            Self::ClassOfNoGang => "class of an organisation that is no gang, kept",
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
}

impl Notice {
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

/// Gathers notices, so that ten million rows make one line and not ten million.
#[derive(Debug, Default)]
pub(super) struct Notes(BTreeMap<NoticeKind, BTreeMap<String, (u64, Vec<Origin>)>>);

impl Notes {
    /// Adds one case.
    pub fn add(&mut self, kind: NoticeKind, subject: &str, at: &Origin) {
        let subjects = self.0.entry(kind).or_default();
        let subject =
            if subjects.len() >= SUBJECTS && !subjects.contains_key(subject) { "…" } else { subject };
        if let Some((count, places)) = subjects.get_mut(subject) {
            *count += 1;
            if places.len() < PLACES {
                places.push(at.clone());
            }
        } else {
            subjects.insert(subject.to_owned(), (1, vec![at.clone()]));
        }
    }

    /// Adds a case that has no line.
    pub fn add_whole(&mut self, kind: NoticeKind, subject: &str) {
        let subjects = self.0.entry(kind).or_default();
        subjects.entry(harmless(subject).to_owned()).or_default().0 += 1;
    }

    /// Every notice, by kind and subject.
    pub fn into_notices(self) -> Vec<Notice> {
        let flat = self.0.into_iter().flat_map(|(kind, subjects)| {
            subjects.into_iter().map(move |(subject, (count, places))| Notice {
                kind,
                subject,
                count,
                places,
            })
        });
        flat.collect()
    }
}

/// The longest text of a cell that a report repeats.
const SHOWN: usize = 200;

/// The beginning of a cell's text, for reports.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// What stands in place of a secret.
pub(super) const MASK: &str = "***";

/// A notice's subject, unless damage moved a card number into it.
fn harmless(subject: &str) -> &str {
    if super::value::holds_card(subject) { MASK } else { subject }
}

/// A kind as a reason names it.
pub(super) fn kind_word(kind: Kind) -> String {
    kind.code().to_owned()
}
