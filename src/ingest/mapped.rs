//! Rows of a table with words of its own, put into the words of ours before anything looks at them.

use super::columns::Col;
use super::layout::HEADER_ROWS;
use super::mapping::{Entry, graph};
use super::names;
use super::reason::{Reason, Why};
use super::row::RawRow;

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

/// Looks for their header: the first of ten rows that has every header that the mapping speaks of.
#[derive(Debug, Default)]
pub(super) struct Search {
    seen: usize,
    best: Option<(u64, Vec<String>, Vec<String>)>,
}

impl Search {
    pub fn look(&mut self, entry: &Entry, row: &RawRow) -> Sought {
        let headers: Vec<String> = (0..row.len()).map(|at| row.cell(at).to_owned()).collect();
        let has = |header: &str| headers.iter().any(|own| names::folded(own) == names::folded(header));
        let missing: Vec<String> = entry.headers().filter(|header| !has(header)).map(str::to_owned).collect();
        if missing.is_empty() {
            return Sought::Found(Places::of(entry, headers));
        }
        if self.best.as_ref().is_none_or(|(_, best, _)| missing.len() < best.len()) {
            self.best = Some((row.line, missing, headers));
        }
        self.seen += 1;
        if self.seen < HEADER_ROWS { Sought::NotYet } else { self.refuse() }
    }

    /// The table is over, or ten rows were no header.
    pub fn refuse(&mut self) -> Sought {
        let Some((line, missing, headers)) = self.best.take() else { return Sought::NotYet };
        // What stands there may be no header but somebody's data.
        let harmless = |header: &&String| !header.is_empty() && !header.chars().any(char::is_numeric);
        let found: Vec<String> =
            headers.iter().filter(harmless).take(50).map(|header| super::reason::cut(header)).collect();
        let reason = |column: String| Reason {
            column,
            value: String::new(),
            why: Why::MissingColumn { found: found.clone() },
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
