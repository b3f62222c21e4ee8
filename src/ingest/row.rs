//! A row as the file said it: its cells, its place, and what was wrong with the bytes.

use super::reason::Why;

/// The longest cell that is read.
pub(super) const CELL_LIMIT: usize = 1 << 20;
/// The longest row that is read.
pub(super) const ROW_LIMIT: usize = 8 << 20;
/// The most columns a table may have.
pub(super) const COLUMN_LIMIT: usize = 1000;

/// A fault of the bytes themselves, at a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RowFault {
    /// The cell.
    pub cell: usize,
    /// What is wrong.
    pub why: Why,
}

/// One row, in one buffer that is used again for the next.
#[derive(Clone, Debug, Default)]
pub(super) struct RawRow {
    /// Where the record starts.
    pub line: u64,
    text: String,
    ends: Vec<usize>,
    /// What is wrong with it.
    pub faults: Vec<RowFault>,
    /// Cells whose last digits a workbook lost.
    pub cut_numbers: Vec<usize>,
    /// Cells that a workbook stored as numbers.
    pub numbers: Vec<usize>,
    /// Cells beyond the column limit, which were not kept.
    pub beyond: usize,
}

impl RawRow {
    /// Empties the row for the next one.
    pub fn start(&mut self, line: u64) {
        self.line = line;
        self.text.clear();
        self.ends.clear();
        self.faults.clear();
        self.cut_numbers.clear();
        self.numbers.clear();
        self.beyond = 0;
    }

    /// Adds a cell.
    pub fn push(&mut self, cell: &str) {
        if self.ends.len() >= COLUMN_LIMIT {
            self.beyond += usize::from(!cell.is_empty());
            return;
        }
        let at = self.ends.len();
        if cell.len() > CELL_LIMIT {
            self.faults.push(RowFault { cell: at, why: Why::CellTooLong { limit: CELL_LIMIT } });
        } else if self.text.len() + cell.len() > ROW_LIMIT {
            self.faults.push(RowFault { cell: at, why: Why::RowTooLong { limit: ROW_LIMIT } });
        } else {
            self.text.push_str(cell);
        }
        self.ends.push(self.text.len());
    }

    /// Takes cells whose bytes stand in one buffer, `ends` saying where each ends.
    pub fn fill(&mut self, bytes: &[u8], ends: &[usize], encoding: &'static str) {
        match std::str::from_utf8(bytes) {
            Ok(text) if text.is_ascii() || ends.iter().all(|&end| text.is_char_boundary(end)) => {
                self.text.push_str(text);
                self.ends.extend_from_slice(ends);
            }
            _ => self.fill_broken(bytes, ends, encoding),
        }
        if bytes.contains(&0) {
            self.fault_where(|cell| cell.contains('\0'), &Why::NulByte);
        }
    }

    fn fill_broken(&mut self, bytes: &[u8], ends: &[usize], encoding: &'static str) {
        let mut start = 0;
        for &end in ends {
            let cell = bytes.get(start..end).unwrap_or_default();
            start = end;
            let text = String::from_utf8_lossy(cell);
            if matches!(text, std::borrow::Cow::Owned(_)) {
                self.faults.push(RowFault { cell: self.ends.len(), why: Why::BadEncoding { encoding } });
            }
            self.text.push_str(&text);
            self.ends.push(self.text.len());
        }
    }

    /// Notes a fault at every cell that `test` finds.
    pub fn fault_where(&mut self, test: impl Fn(&str) -> bool, why: &Why) {
        let found: Vec<usize> = (0..self.len()).filter(|&at| test(self.cell(at))).collect();
        self.faults.extend(found.into_iter().map(|cell| RowFault { cell, why: why.clone() }));
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell's text, trimmed; empty where the row is short.
    pub fn cell(&self, at: usize) -> &str {
        let Some(&end) = self.ends.get(at) else { return "" };
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(start..end).unwrap_or_default().trim()
    }

    /// Whether nothing stands in it.
    pub fn is_blank(&self) -> bool {
        self.faults.is_empty() && (0..self.len()).all(|at| self.cell(at).is_empty())
    }

    /// The number of cells up to the last that is not empty.
    pub fn used(&self) -> usize {
        let kept = (0..self.len()).rev().find(|&at| !self.cell(at).is_empty()).map_or(0, |at| at + 1);
        if self.beyond > 0 { COLUMN_LIMIT + self.beyond } else { kept }
    }
}
