//! The header: which cell of a row is which column.

use rust_decimal::Decimal;

use super::columns::{Col, Column, columns};
use super::names;
use super::reason::{Reason, Why};
use super::row::{COLUMN_LIMIT, RawRow};
use crate::model::Table;

/// Rows that may be the header; titles and notes may stand above it.
pub(super) const HEADER_ROWS: usize = 10;
/// No such cell.
const NOWHERE: u16 = u16::MAX;

/// Where each column of a table stands in the rows of one file.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// The table.
    pub table: Table,
    /// Where the header stands.
    pub line: u64,
    /// The columns of the contract that the file has, each with its cell.
    pub cells: Vec<(usize, Column)>,
    at: Vec<u16>,
    /// Columns outside the contract: cell and property name.
    pub extra: Vec<(usize, String)>,
    /// Headers that mean a column that an earlier one has.
    pub doubled: Vec<String>,
    /// The headers as they stand.
    pub headers: Vec<String>,
    /// What amounts are to be multiplied by: the header says 金额（万元）.
    pub scale: Decimal,
}

impl Layout {
    /// The cell of a column.
    pub fn at(&self, col: Col) -> Option<usize> {
        self.at.get(col as usize).copied().filter(|&at| at != NOWHERE).map(usize::from)
    }

    /// A row's text in a column; empty where the file has no such column.
    pub fn get<'r>(&self, row: &'r RawRow, col: Col) -> &'r str {
        self.at(col).map_or("", |at| row.cell(at))
    }

    /// The name by which reports call a cell.
    pub fn name(&self, at: usize) -> &str {
        let contract = self.cells.iter().find(|(cell, _)| *cell == at).map(|(_, column)| column.col.code());
        contract.or_else(|| self.headers.get(at).map(String::as_str)).unwrap_or_default()
    }

    /// Whether a row says the headers again (a new page, or a merged header of two rows).
    pub fn is_header(&self, row: &RawRow) -> bool {
        let same = |(at, column): &(usize, Column)| {
            !column.required || self.headers.get(*at).is_some_and(|header| header == row.cell(*at))
        };
        self.cells.iter().all(same)
    }

    /// A row read as the header of a table.
    pub fn read(table: Table, row: &RawRow) -> Self {
        let mut layout = Self {
            table,
            line: row.line,
            cells: Vec::new(),
            at: vec![NOWHERE; Col::ALL.len()],
            extra: Vec::new(),
            doubled: Vec::new(),
            headers: (0..row.len()).map(|at| row.cell(at).to_owned()).collect(),
            scale: Decimal::ONE,
        };
        for at in 0..row.len() {
            layout.place(at, row.cell(at));
        }
        layout
    }

    fn place(&mut self, at: usize, header: &str) {
        let (bare, scale) = unit_of(header);
        let col = names::header(self.table, header).or_else(|| names::header(self.table, bare));
        let column = col.and_then(|col| columns(self.table).iter().find(|column| column.col == col));
        let Some(column) = column else { return self.keep(at, header) };
        match self.at.get_mut(column.col as usize) {
            Some(cell) if *cell == NOWHERE => *cell = u16::try_from(at).unwrap_or(NOWHERE),
            _ => {
                self.doubled.push(header.to_owned());
                return self.keep(at, header);
            }
        }
        if column.col == Col::Amount {
            self.scale = scale;
        }
        self.cells.push((at, *column));
    }

    /// Keeps a column as a property, under a name that no other has.
    fn keep(&mut self, at: usize, header: &str) {
        let bare = if header.is_empty() { format!("column_{}", at + 1) } else { header.to_owned() };
        let taken = |name: &str| {
            columns(self.table).iter().any(|column| column.col.code() == name)
                || self.extra.iter().any(|(_, other)| other == name)
        };
        let numbered = (2..).map(|k| format!("{bare}_{k}"));
        let name = std::iter::once(bare.clone()).chain(numbered).find(|name| !taken(name));
        self.extra.extend(name.map(|name| (at, name)));
    }

    /// The headers that a refusal may repeat. What stands there may be no header but somebody's data:
    /// so of cells that name no column only such without digits, beside others that do.
    pub fn shown(&self) -> Vec<String> {
        let open = !self.cells.is_empty() && self.table != Table::Sources;
        let named = |at: usize| self.cells.iter().any(|(cell, _)| *cell == at);
        let harmless = |header: &str| open && !header.is_empty() && !header.chars().any(char::is_numeric);
        let each = self.headers.iter().enumerate().filter(|(at, header)| named(*at) || harmless(header));
        each.take(50).map(|(_, header)| super::reason::cut(header)).collect()
    }

    /// The required columns, `id` apart, that the file does not have.
    pub fn missing(&self) -> Vec<Col> {
        let needed = columns(self.table).iter().filter(|column| column.required && column.col != Col::Id);
        needed.map(|column| column.col).filter(|&col| self.at(col).is_none()).collect()
    }
}

/// A header without what stands in brackets, and what a unit there multiplies by.
fn unit_of(header: &str) -> (&str, Decimal) {
    let Some(open) = header.find(['(', '（', '[', '【', '/']) else { return (header, Decimal::ONE) };
    let (bare, unit) = header.split_at_checked(open).unwrap_or((header, ""));
    let scale = match unit.trim_matches(|c: char| !c.is_alphanumeric()) {
        "万元" | "万" | "人民币万元" => 10_000,
        "亿元" | "亿" => 100_000_000,
        "千元" => 1_000,
        "百万元" => 1_000_000,
        _ => 1,
    };
    (bare.trim(), Decimal::from(scale))
}

/// What became of a row that may be the header.
pub(super) enum Header {
    /// It is.
    Found(Box<Layout>),
    /// It is not; the next may be.
    NotYet,
    /// There will be none.
    Refused(u64, Vec<Reason>),
}

/// Looks for the header: the first of ten rows that has the required columns, `id` apart.
pub(super) struct HeaderSearch {
    table: Table,
    seen: usize,
    best: Option<(u64, Layout)>,
}

impl HeaderSearch {
    /// Starts at the top of a file.
    pub fn new(table: Table) -> Self {
        Self { table, seen: 0, best: None }
    }

    /// Looks at the next row that is not blank.
    pub fn look(&mut self, row: &RawRow) -> Header {
        if row.beyond > 0 {
            let why = Why::TooManyColumns { limit: COLUMN_LIMIT };
            return Header::Refused(
                row.line,
                vec![Reason { column: String::new(), value: String::new(), why }],
            );
        }
        let layout = Layout::read(self.table, row);
        if layout.missing().is_empty() {
            return Header::Found(Box::new(layout));
        }
        if self.best.as_ref().is_none_or(|(_, best)| best.cells.len() < layout.cells.len()) {
            self.best = Some((row.line, layout));
        }
        self.seen += 1;
        if self.seen < HEADER_ROWS { Header::NotYet } else { self.refuse() }
    }

    /// The file is over, or ten rows were no header.
    pub fn refuse(&mut self) -> Header {
        let Some((line, best)) = self.best.take() else { return Header::NotYet };
        let found = best.shown();
        let reason = |col: Col| Reason {
            column: col.code().to_owned(),
            value: String::new(),
            why: Why::MissingColumn { found: found.clone() },
        };
        Header::Refused(line, best.missing().into_iter().map(reason).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: u64, cells: &[&str]) -> RawRow {
        let mut row = RawRow::default();
        row.start(line);
        cells.iter().for_each(|cell| row.push(cell));
        row
    }

    #[test]
    fn the_header_is_the_first_row_with_the_required_columns() {
        let mut search = HeaderSearch::new(Table::Relations);
        assert!(matches!(search.look(&row(1, &["某市往来表"])), Header::NotYet));
        let header = search.look(&row(3, &["关系类型", "甲方", "乙方", "金额（万元）", "乙方", "", "备考"]));
        let Header::Found(layout) = header else { panic!("no header") };
        assert_eq!(
            (layout.at(Col::Type), layout.at(Col::Amount), layout.at(Col::Note)),
            (Some(0), Some(3), None)
        );
        assert_eq!(layout.scale, Decimal::from(10_000));
        assert_eq!(layout.doubled, vec!["乙方"]);
        let extra: Vec<&str> = layout.extra.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(extra, ["乙方", "column_6", "备考"]);
    }

    #[test]
    fn a_file_without_a_header_says_what_is_missing_and_what_is_there() {
        let mut search = HeaderSearch::new(Table::Organisations);
        assert!(matches!(search.look(&row(1, &["id", "name", "x"])), Header::NotYet));
        let Header::Refused(line, reasons) = search.refuse() else { panic!("not refused") };
        assert_eq!((line, reasons.len(), reasons[0].column.as_str()), (1, 1, "kind"));
        assert!(reasons[0].to_string().contains("id, name, x"));
        assert!(matches!(
            HeaderSearch::new(Table::Leads).look(&row(1, &vec!["x"; 1500])),
            Header::Refused(..)
        ));
    }
}
