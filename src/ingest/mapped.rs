//! Rows of a table with words of its own, put into the words of ours before anything looks at them.

use super::columns::Col;
use super::layout::{HEADER_ROWS, Layout};
use super::mapping::{Entry, graph};
use super::names;
use super::reason::{Reason, Why};
use super::row::RawRow;
use crate::model::Table;

/// Where a cell of ours comes from.
#[derive(Debug)]
enum Whence {
    Cell(usize),
    Always(String),
    /// Only its default.
    Nowhere,
}

#[derive(Debug)]
struct Cell {
    col: Option<Col>,
    from: Whence,
}

/// Where everything stands in one table of theirs.
#[derive(Debug)]
pub(super) struct Places {
    cells: Vec<Cell>,
    /// The headers as they stand.
    headers: Vec<String>,
    /// Their rows are records of a graph: the first cell is the record's number.
    numbered: bool,
}

/// What became of a row that may be their header.
pub(super) enum Sought {
    Found(Places),
    NotYet,
    Refused(u64, Vec<Reason>),
}

/// Looks for their header: the first of ten rows that has every header that the mapping speaks of; where it speaks of
/// none, what is required under our names, as far as the mapping does not give it.
#[derive(Debug, Default)]
pub(super) struct Search {
    seen: usize,
    best: Option<Candidate>,
}

/// A row that may be the header.
#[derive(Debug)]
struct Candidate {
    line: u64,
    missing: Vec<String>,
    /// The headers that a refusal may repeat.
    shown: Vec<String>,
}

impl Candidate {
    fn of(entry: &Entry, row: &RawRow) -> Self {
        if entry.headers().next().is_some() { Self::theirs(entry, row) } else { Self::ours(entry, row) }
    }

    fn theirs(entry: &Entry, row: &RawRow) -> Self {
        let cells: Vec<&str> = (0..row.len()).map(|at| row.cell(at)).collect();
        let is = |one: &str, other: &str| names::folded(one) == names::folded(other);
        let has = |header: &&str| cells.iter().any(|cell| is(cell, header));
        let missing = entry.headers().filter(|header| !has(header)).map(str::to_owned).collect();
        let named = |cell: &str| entry.headers().any(|header| is(header, cell));
        // What stands there may be no header but somebody's data: see `Layout::shown`.
        let open = entry.into != Table::Sources && cells.iter().any(|cell| named(cell));
        let harmless = |cell: &str| open && !cell.is_empty() && !cell.chars().any(char::is_numeric);
        let shown = cells.iter().filter(|cell| named(cell) || harmless(cell)).take(50);
        Self { line: row.line, missing, shown: shown.map(|cell| super::reason::cut(cell)).collect() }
    }

    fn ours(entry: &Entry, row: &RawRow) -> Self {
        let layout = Layout::read(entry.into, row);
        let given = |col: &Col| entry.fixed.iter().chain(&entry.defaults).any(|(own, _)| own == col);
        let missing = layout.missing().into_iter().filter(|col| !given(col));
        let mut missing: Vec<String> = missing.map(|col| col.code().to_owned()).collect();
        // All may be given, and yet a title is no header.
        if missing.is_empty() && layout.cells.is_empty() {
            missing.push(Col::Id.code().to_owned());
        }
        Self { line: row.line, missing, shown: layout.shown() }
    }
}

impl Search {
    pub fn look(&mut self, entry: &Entry, row: &RawRow) -> Sought {
        let candidate = Candidate::of(entry, row);
        if candidate.missing.is_empty() {
            let headers = (0..row.len()).map(|at| row.cell(at).to_owned()).collect();
            return Sought::Found(Places::of(entry, headers));
        }
        if self.best.as_ref().is_none_or(|best| candidate.missing.len() < best.missing.len()) {
            self.best = Some(candidate);
        }
        self.seen += 1;
        if self.seen < HEADER_ROWS { Sought::NotYet } else { self.refuse() }
    }

    /// The table is over, or ten rows were no header.
    pub fn refuse(&mut self) -> Sought {
        let Some(Candidate { line, missing, shown }) = self.best.take() else { return Sought::NotYet };
        let reason = |column: String| Reason {
            column,
            value: String::new(),
            why: Why::MissingColumn { found: shown.clone() },
        };
        Sought::Refused(line, missing.into_iter().map(reason).collect())
    }
}

impl Places {
    fn of(entry: &Entry, headers: Vec<String>) -> Self {
        let folded: Vec<String> = headers.iter().map(|header| names::folded(header).into_owned()).collect();
        let place = |header: &str| folded.iter().position(|own| *own == *names::folded(header));
        let mut cells: Vec<Cell> = Vec::new();
        for (col, header) in &entry.columns {
            let from = place(header).map_or(Whence::Nowhere, Whence::Cell);
            cells.push(Cell { col: Some(*col), from });
        }
        for (col, text) in &entry.fixed {
            cells.push(Cell { col: Some(*col), from: Whence::Always(text.clone()) });
        }
        // What the mapping does not speak of is read as in any table: under our names, or kept as it is.
        let spoken = |at: usize| cells.iter().any(|cell| matches!(cell.from, Whence::Cell(own) if own == at));
        let others =
            folded.iter().enumerate().filter(|(at, header)| !spoken(*at) && !entry.ignore.contains(*header));
        let others: Vec<Cell> = others
            .map(|(at, header)| Cell { col: names::header(entry.into, header), from: Whence::Cell(at) })
            .collect();
        let has = |col: Col| cells.iter().chain(&others).any(|cell| cell.col == Some(col));
        let missing = entry.defaults.iter().filter(|(col, _)| !has(*col));
        let missing: Vec<Cell> =
            missing.map(|(col, _)| Cell { col: Some(*col), from: Whence::Nowhere }).collect();
        cells.extend(others.into_iter().chain(missing));
        let numbered = headers.first().is_some_and(|header| header == graph::LINE);
        Self { cells, headers, numbered }
    }

    /// The header in our words.
    pub fn header(&self, line: u64) -> RawRow {
        let mut row = RawRow::default();
        row.start(line);
        for cell in &self.cells {
            let own = match &cell.from {
                Whence::Cell(at) => self.headers.get(*at).map_or("", String::as_str),
                Whence::Always(_) | Whence::Nowhere => "",
            };
            row.push(cell.col.map_or(own, |col| col.code()));
        }
        row
    }

    /// Whether a row says their headers again.
    pub fn is_header(&self, row: &RawRow) -> bool {
        self.headers.iter().enumerate().all(|(at, header)| row.cell(at) == header)
    }

    /// A row in our words.
    pub fn put(&self, entry: &Entry, row: &RawRow, ours: &mut RawRow) {
        let number = if self.numbered { row.cell(0).parse().ok() } else { None };
        ours.start(number.unwrap_or(row.line));
        for cell in &self.cells {
            let text = match &cell.from {
                Whence::Cell(at) => row.cell(*at),
                Whence::Always(text) => text,
                Whence::Nowhere => "",
            };
            ours.push(cell.col.map_or(text, |col| ours_of(entry, col, text)));
        }
        self.carry(row, ours);
    }

    /// What is wrong with the cells, and what a workbook says of them.
    fn carry(&self, row: &RawRow, ours: &mut RawRow) {
        let from = |at: usize| {
            let is_it = move |cell: &Cell| matches!(cell.from, Whence::Cell(own) if own == at);
            self.cells.iter().enumerate().filter(move |(_, cell)| is_it(cell)).map(|(new, _)| new)
        };
        for fault in &row.faults {
            // A fault of a cell that is left out is the row's.
            let cell = from(fault.cell).next().unwrap_or(usize::MAX);
            ours.faults.push(super::row::RowFault { cell, why: fault.why.clone() });
        }
        ours.numbers.extend(row.numbers.iter().flat_map(|&at| from(at)));
        ours.cut_numbers.extend(row.cut_numbers.iter().flat_map(|&at| from(at)));
        // Cells beyond the header stay too many.
        (self.headers.len()..row.len()).for_each(|at| ours.push(row.cell(at)));
        ours.beyond = row.beyond;
    }
}

/// Their word in ours, or what an empty cell holds.
fn ours_of<'a>(entry: &'a Entry, col: Col, text: &'a str) -> &'a str {
    let words = entry.values.get(&col).filter(|_| !text.is_empty());
    let word = words.and_then(|words| words.get(&*names::folded(text)).or_else(|| words.get("*")));
    let text = word.map_or(text, String::as_str);
    let default = || entry.defaults.iter().find(|(own, _)| *own == col).map(|(_, text)| text.as_str());
    if text.is_empty() { default().unwrap_or_default() } else { text }
}
