//! Why a row was rejected, as data.
//!
//! `Display` says it in English; the catalogues have a message for each, by `key` and `args`.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::model::{Id, Kind, Table};

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
    /// A row that sums up the others.
    TotalsRow,
    /// A person's name without a letter.
    BadName,
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
        /// Their ids, and where the files first tell of them: an id that the program made says nothing.
        who: Vec<(Id, Option<Origin>)>,
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
    /// The file holds no text: a workbook, a picture or another program's file by a wrong name.
    NoText,
    /// The row clashes with another one, or names one that does not stand: told where that one may be nobody's to know.
    Elsewhere {
        /// The code of what is wrong.
        code: &'static str,
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
            Self::TotalsRow => "totals_row",
            Self::BadName => "bad_name",
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
            Self::NoText => "no_text",
            Self::Elsewhere { code } => code,
            Self::Unreadable { .. } => "unreadable",
        }
    }

    /// The same without another row's id, kind and place.
    fn without_others(self) -> Self {
        match self {
            Self::RejectedReference { .. }
            | Self::AmbiguousName { .. }
            | Self::KindClash { .. }
            | Self::DuplicateId { .. } => Self::Elsewhere { code: self.code() },
            other => other,
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
        let elsewhere = matches!(self.why, Why::Elsewhere { .. });
        message_key("reject", if elsewhere { "elsewhere" } else { self.code() })
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
            Why::AmbiguousName { who } => args.push(("ids", namesakes(who))),
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
            | Why::TotalsRow
            | Why::BadName
            | Why::UnknownReference
            | Why::UnclosedQuote
            | Why::NulByte
            | Why::NoText
            | Why::Elsewhere { .. }
            | Why::CellError => {}
        }
        args
    }
}

const NO_TEXT: &str = "the file holds no text, so nothing was read; if it is a workbook, name it .xlsx, \
     if it comes from another program, save it as CSV";

/// The key of a code's message in the catalogues.
pub(super) fn message_key(area: &str, code: &str) -> String {
    format!("{area}-{}", code.replace('_', "-"))
}

/// `o01 (officials.csv:2), o07`.
fn namesakes(who: &[(Id, Option<Origin>)]) -> String {
    let each = who.iter().map(|(id, at)| match at {
        Some(at) => format!("{id} ({at})"),
        None => id.to_string(),
    });
    each.collect::<Vec<_>>().join(", ")
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
            Why::TotalsRow => write!(f, "the row sums up the others (`{value}`) and is no record"),
            Why::BadName => write!(f, "the name `{value}` has no letter in it"),
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
            Why::AmbiguousName { who } => {
                write!(f, "several are called `{value}`: {}; give the id", namesakes(who))
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
            Why::NoText => write!(f, "{}", NO_TEXT),
            Why::Elsewhere { .. } => {
                write!(
                    f,
                    "`{value}` clashes with another row, or with one that was rejected; an import tells which"
                )
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
    /// The table it is a row of.
    pub table: Table,
    /// Its id, where it has one that may be told.
    pub id: Option<Id>,
    /// All that is wrong; never empty.
    pub reasons: Vec<Reason>,
    /// What the row said, by header: cut, and masked where secret. Empty where a file was refused.
    pub row: Vec<(String, String)>,
    /// Whether only sealed sources say it: told to whoever imports, and to nobody who reads.
    pub sealed: bool,
    /// Whether sealed sources are in the bundle or the store, so that another row may be nobody's to know.
    pub beside_sealed: bool,
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
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    sealed: bool,
}

impl Rejected {
    /// As it may be told to whoever reads the store; `None` where only sealed sources say it.
    pub fn for_readers(mut self) -> Option<Self> {
        if self.sealed {
            return None;
        }
        if self.beside_sealed {
            let told = |reason: Reason| Reason { why: reason.why.without_others(), ..reason };
            self.reasons = self.reasons.into_iter().map(told).collect();
        }
        Some(self)
    }

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
                sealed: self.sealed,
            };
            serde_json::to_string(&line).unwrap_or_default()
        };
        self.reasons.iter().map(line).collect()
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

/// A kind as a reason names it.
pub(super) fn kind_word(kind: Kind) -> String {
    kind.code().to_owned()
}
