//! Workbooks: a sheet's cells, streamed, as rows of text.
//!
//! The library that reads them is kept on a short leash: the archive is inspected first
//! (`zipguard`), and should it panic on a malformed sheet, that sheet's rest is refused and nothing
//! else is lost.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use calamine::{Cell, DataRef, Dimensions, ExcelDateTime, Reader, Xlsx, XlsxCellReader};

use super::IngestError;
use super::parts::Flow;
use super::reason::Why;
use super::row::{COLUMN_LIMIT, RawRow, RowFault};
use super::zipguard;

type Book = Xlsx<BufReader<File>>;

/// The most merged ranges of a sheet, and the most that may cover one row.
const MERGES: usize = 100_000;
const MERGES_A_ROW: usize = COLUMN_LIMIT;
/// The most text that one sheet may hand out: a few bytes can name a long text again and again.
const SHEET_TEXT: u64 = 1 << 30;
/// From here on a workbook's numbers have lost their last digits.
const EXACT: f64 = 1e15;

/// What comes out of a sheet.
pub(super) enum Step<'a> {
    /// A row.
    Row(&'a RawRow),
    /// A merged cell was filled, in this row for the first time.
    Merged(u64),
    /// The rest cannot be read.
    Broken(u64, String),
}

/// The sheets of a workbook in their order, each with a share of the file's size.
pub(super) fn sheets(path: &Path) -> Result<Vec<(String, u64)>, IngestError> {
    let refused = |reason| IngestError::Workbook { path: path.to_owned(), reason };
    zipguard::inspect(path).map_err(refused)?;
    let book = open(path)?;
    let bytes = path.metadata().map_or(0, |meta| meta.len());
    let names = book.sheet_names();
    let share = bytes / (names.len() as u64).max(1);
    Ok(names.into_iter().map(|name| (name, share)).collect())
}

fn open(path: &Path) -> Result<Book, IngestError> {
    let opened = guarded(|| calamine::open_workbook::<Book, _>(path).map_err(|error| error.to_string()));
    opened.map_err(|reason| IngestError::Workbook { path: path.to_owned(), reason })
}

/// Runs the library's code; a panic of its is an error of the file.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err("it is damaged".to_owned()))
}

/// Hands out a sheet's rows.
pub(super) fn read(
    path: &Path,
    sheet: &str,
    each: &mut dyn FnMut(Step<'_>) -> Result<Flow, IngestError>,
) -> Result<Flow, IngestError> {
    let mut book = open(path)?;
    let merges = guarded(|| book.merge_cells_by_sheet_name(sheet).map_err(|error| error.to_string()));
    let merges = match merges.and_then(|merges| Merges::new(merges, sheet)) {
        Ok(merges) => merges,
        Err(reason) => return each(Step::Broken(1, reason)),
    };
    let cells = guarded(|| book.worksheet_cells_reader(sheet).map_err(|error| error.to_string()));
    match cells {
        Ok(cells) => Sheet { cells, merges, row: RawRow::default(), given: 0 }.rows(each),
        Err(reason) => each(Step::Broken(1, reason)),
    }
}

/// A cell as text, with what is to be said of it.
#[derive(Clone, Default)]
struct Text {
    text: String,
    number: bool,
    cut: bool,
    error: bool,
}

struct Sheet<'a> {
    cells: XlsxCellReader<'a, BufReader<File>>,
    merges: Merges,
    row: RawRow,
    given: u64,
}

impl Sheet<'_> {
    fn rows(
        mut self,
        each: &mut dyn FnMut(Step<'_>) -> Result<Flow, IngestError>,
    ) -> Result<Flow, IngestError> {
        let mut at = 0;
        let mut cells: BTreeMap<u32, Text> = BTreeMap::new();
        loop {
            let next = guarded(|| match self.cells.next_cell_with_style_id() {
                Ok(Some((cell, style))) => Ok(Some((cell, style))),
                Ok(None) => Ok(None),
                Err(error) => Err(error.to_string()),
            });
            let (cell, style) = match next {
                Ok(Some(found)) => found,
                Ok(None) => return self.hand_out(at, &mut cells, each),
                Err(reason) => {
                    return match self.hand_out(at, &mut cells, each)? {
                        Flow::On => each(Step::Broken(u64::from(at) + 1, reason)),
                        Flow::Stop => Ok(Flow::Stop),
                    };
                }
            };
            let (row, column) = cell.get_position();
            if row < at || self.given > SHEET_TEXT {
                let reason = if row < at { "its rows are out of order" } else { "it holds too much text" };
                return each(Step::Broken(u64::from(at) + 1, reason.to_owned()));
            }
            if row > at {
                if self.hand_out(at, &mut cells, each)? == Flow::Stop {
                    return Ok(Flow::Stop);
                }
                at = row;
            }
            let text = self.text(&cell, style);
            if !text.text.is_empty() {
                self.given += text.text.len() as u64;
                cells.insert(column, text);
            }
        }
    }

    fn text(&self, cell: &Cell<DataRef<'_>>, style: usize) -> Text {
        let plain = |text: String| Text { text, ..Text::default() };
        match cell.get_value() {
            DataRef::Empty => Text::default(),
            DataRef::String(text) => plain(text.clone()),
            DataRef::SharedString(text) => plain((*text).to_owned()),
            DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => plain(text.clone()),
            DataRef::Bool(true) => plain("true".to_owned()),
            DataRef::Bool(false) => plain("false".to_owned()),
            DataRef::Int(number) => {
                let cut = number.unsigned_abs() >= EXACT as u64;
                Text { text: number.to_string(), number: true, cut, error: false }
            }
            DataRef::Float(number) => {
                Text { text: decimal(*number), number: true, cut: number.abs() >= EXACT, error: false }
            }
            DataRef::DateTime(date) => plain(day(date, self.format(style))),
            DataRef::Error(error) => Text { text: error.to_string(), error: true, ..Text::default() },
        }
    }

    /// A style's number format.
    fn format(&self, style: usize) -> &str {
        let style = self.cells.styles().get(style);
        style.and_then(|style| style.number_format.as_ref()).map_or("", |format| format.format_code.as_str())
    }

    /// Fills merged cells and hands out the row, if there is anything in it.
    fn hand_out(
        &mut self,
        at: u32,
        cells: &mut BTreeMap<u32, Text>,
        each: &mut dyn FnMut(Step<'_>) -> Result<Flow, IngestError>,
    ) -> Result<Flow, IngestError> {
        let line = u64::from(at) + 1;
        if cells.is_empty() {
            return Ok(Flow::On);
        }
        match self.merges.fill(at, cells) {
            Ok(0) => {}
            Ok(filled) => {
                for _ in 0..filled {
                    each(Step::Merged(line))?;
                }
            }
            Err(reason) => return each(Step::Broken(line, reason)),
        }
        self.row.start(line);
        let last = cells.keys().next_back().copied().unwrap_or(0) as usize;
        for column in 0..=last.min(COLUMN_LIMIT) {
            let cell = cells.get(&(column as u32));
            self.row.push(cell.map_or("", |cell| cell.text.as_str()));
        }
        for (&column, cell) in cells.iter() {
            self.mark(column as usize, cell);
        }
        cells.clear();
        self.row.fault_where(|cell| cell.contains('\0'), &Why::NulByte);
        each(Step::Row(&self.row))
    }

    fn mark(&mut self, column: usize, cell: &Text) {
        if cell.number {
            self.row.numbers.push(column);
        }
        if cell.cut {
            self.row.cut_numbers.push(column);
        }
        if cell.error {
            self.row.faults.push(RowFault { cell: column, why: Why::CellError });
        }
    }
}

/// A number as it would be typed: no `.0` for whole ones, and the 15 digits that a workbook keeps.
fn decimal(number: f64) -> String {
    if number.fract() == 0.0 {
        return format!("{number}");
    }
    let rounded = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    format!("{rounded}")
}

/// A date cell as ISO 8601, as exact as its format shows it: a cell that shows 2015年3月 is stored
/// as the first of March, which nobody said.
fn day(date: &ExcelDateTime, format: &str) -> String {
    if date.is_duration() || date.as_f64() < 1.0 || !date.as_f64().is_finite() {
        return decimal(date.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let shown = bare(format);
    let shows = |letter: char| shown.is_empty() || shown.contains(letter);
    match (shows('m'), shows('d')) {
        (false, false) if shows('y') => format!("{year:04}"),
        (true, false) if shows('y') => format!("{year:04}-{month:02}"),
        _ if (hour, minute, second) == (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
    }
}

/// A number format without what stands in brackets and quotes: `[$-804]yyyy"年"m"月"` shows no day.
fn bare(format: &str) -> String {
    let mut inside = None;
    let keep = |c: &char| match (inside, *c) {
        (Some(end), c) => {
            if c == end {
                inside = None;
            }
            false
        }
        (None, '[') => {
            inside = Some(']');
            false
        }
        (None, '"') => {
            inside = Some('"');
            false
        }
        (None, _) => true,
    };
    format.chars().filter(keep).collect::<String>().to_lowercase()
}

/// Merged ranges, met from the top down.
struct Merges {
    /// Not reached yet, the topmost last.
    below: Vec<Dimensions>,
    /// Those that cover the current row, each with its value.
    open: Vec<(Dimensions, Option<Text>)>,
}

impl Merges {
    fn new(mut ranges: Vec<Dimensions>, sheet: &str) -> Result<Self, String> {
        if ranges.len() > MERGES {
            return Err(format!("the sheet `{sheet}` has more than {MERGES} merged cells"));
        }
        ranges.sort_by_key(|range| std::cmp::Reverse((range.start, range.end)));
        Ok(Self { below: ranges, open: Vec::new() })
    }

    /// Fills the cells of a row and says how many ranges were met for the first time.
    fn fill(&mut self, row: u32, cells: &mut BTreeMap<u32, Text>) -> Result<usize, String> {
        self.open.retain(|(range, _)| range.end.0 >= row);
        let mut met = 0;
        while let Some(range) = self.below.pop_if(|range| range.start.0 <= row) {
            if range.end.0 >= row {
                let value = cells.get(&range.start.1).filter(|_| range.start.0 == row).cloned();
                met += usize::from(value.is_some());
                self.open.push((range, value));
            }
        }
        if self.open.len() > MERGES_A_ROW {
            return Err("too many merged cells overlap".to_owned());
        }
        for (range, value) in &self.open {
            let Some(value) = value else { continue };
            let last = range.end.1.min(range.start.1.saturating_add(COLUMN_LIMIT as u32));
            for column in range.start.1..=last {
                cells.entry(column).or_insert_with(|| value.clone());
            }
        }
        Ok(met)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    #[test]
    fn numbers_are_as_they_would_be_typed() {
        let cases = [
            (1.0, "1"),
            (0.1 + 0.2, "0.3"),
            (12.5, "12.5"),
            (-3.0, "-3"),
            (110105194912310020.0, "110105194912310020"),
        ];
        for (number, text) in cases {
            assert_eq!(decimal(number), text);
        }
    }

    #[test]
    fn date_cells_are_as_exact_as_they_show() {
        let date = |value, epoch| ExcelDateTime::new(value, ExcelDateTimeType::DateTime, epoch);
        assert_eq!(day(&date(43678.0, false), "yyyy/m/d"), "2019-08-01");
        assert_eq!(day(&date(42216.0, true), ""), "2019-08-01");
        assert_eq!(day(&date(43678.0, false), "[DBNum1][$-804]yyyy\"年\"m\"月\""), "2019-08");
        assert_eq!(day(&date(43678.0, false), "yyyy"), "2019");
        assert_eq!(day(&date(43678.5, false), "yyyy/m/d h:mm"), "2019-08-01 12:00:00");
    }

    #[test]
    fn a_merged_cell_fills_its_range_and_no_more() {
        let text = |text: &str| Text { text: text.to_owned(), ..Text::default() };
        let range = Dimensions { start: (1, 0), end: (2, 1) };
        let mut merges = Merges::new(vec![range], "s").unwrap();
        let mut row = |at: u32, cells: &[(u32, &str)]| {
            let mut row = cells.iter().map(|(column, value)| (*column, text(value))).collect();
            let met = merges.fill(at, &mut row).unwrap();
            (met, row.into_iter().map(|(column, cell)| (column, cell.text)).collect::<Vec<_>>())
        };
        assert_eq!(row(0, &[(0, "x")]), (0, vec![(0, "x".to_owned())]));
        assert_eq!(row(1, &[(0, "a")]).1, vec![(0, "a".to_owned()), (1, "a".to_owned())]);
        assert_eq!(row(2, &[(2, "b")]).1.len(), 3);
        assert_eq!(row(3, &[(2, "b")]).1.len(), 1);
    }
}
