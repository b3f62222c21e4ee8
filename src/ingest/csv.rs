//! CSV bytes to rows.
//!
//! RFC 4180, with the liberties that real files take: `\r`, `\n` and `\r\n` all end a line, a quote
//! inside an unquoted cell is a quote, text after a closing quote belongs to the cell. Written here
//! because three things are promised that the usual reader does not tell: the physical line where
//! a record starts, a quote that is never closed, and bounds on what one cell may take.

use std::io::{self, Read};

use super::reason::Why;
use super::row::{CELL_LIMIT, COLUMN_LIMIT, ROW_LIMIT, RawRow, RowFault};

/// Where the reader stands inside a record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the first byte of a cell.
    Start,
    /// Inside a cell without quotes.
    Plain,
    /// Inside quotes.
    Quoted,
    /// After a quote inside quotes: the end, or half of a doubled one.
    Closing,
}

/// Reads rows from UTF-8 bytes.
pub(super) struct CsvRows<R> {
    inner: R,
    delimiter: u8,
    encoding: &'static str,
    buffer: Vec<u8>,
    at: usize,
    filled: usize,
    /// The physical line of the next byte.
    line: u64,
    /// The last byte was a `\r`, so that a `\n` now ends no second line.
    after_cr: bool,
    cells: Vec<u8>,
    ends: Vec<usize>,
    over: Vec<RowFault>,
    beyond: usize,
}

impl<R: Read> CsvRows<R> {
    /// Reads `inner`; `encoding` names what it was before it became UTF-8.
    pub fn new(inner: R, delimiter: u8, encoding: &'static str) -> Self {
        Self {
            inner,
            delimiter,
            encoding,
            buffer: vec![0; 1 << 16],
            at: 0,
            filled: 0,
            line: 1,
            after_cr: false,
            cells: Vec::new(),
            ends: Vec::new(),
            over: Vec::new(),
            beyond: 0,
        }
    }

    /// Reads the next record into `row`; `false` at the end.
    pub fn next(&mut self, row: &mut RawRow) -> io::Result<bool> {
        let mut state = State::Start;
        self.cells.clear();
        self.ends.clear();
        self.over.clear();
        self.beyond = 0;
        if !self.fill()? {
            return Ok(false);
        }
        self.skip_newline();
        row.start(self.line);
        let mut any = false;
        loop {
            if self.at == self.filled && !self.fill()? {
                if any {
                    self.finish(row, state == State::Quoted);
                }
                return Ok(any);
            }
            any = true;
            if self.step(&mut state) {
                self.finish(row, false);
                return Ok(true);
            }
        }
    }

    fn fill(&mut self) -> io::Result<bool> {
        if self.at < self.filled {
            return Ok(true);
        }
        self.at = 0;
        self.filled = loop {
            match self.inner.read(&mut self.buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        Ok(self.filled > 0)
    }

    /// The `\n` of a `\r\n` belongs to the record before.
    fn skip_newline(&mut self) {
        if self.after_cr && self.buffer.get(self.at) == Some(&b'\n') {
            self.at += 1;
        }
        self.after_cr = false;
    }

    /// Takes some bytes of the buffer; `true` when the record is over.
    fn step(&mut self, state: &mut State) -> bool {
        let rest = self.buffer.get(self.at..self.filled).unwrap_or_default();
        let Some(&first) = rest.first() else { return false };
        match *state {
            State::Quoted => {
                let length = rest.iter().position(|&b| b == b'"').unwrap_or(rest.len());
                self.count_lines(length);
                self.take(length);
                if self.at < self.filled {
                    self.at += 1;
                    self.after_cr = false;
                    *state = State::Closing;
                }
                false
            }
            State::Closing if first == b'"' => {
                self.take_one(b'"');
                *state = State::Quoted;
                false
            }
            State::Start if first == b'"' => {
                self.at += 1;
                *state = State::Quoted;
                false
            }
            State::Start | State::Plain | State::Closing => {
                let delimiter = self.delimiter;
                let stop = |b: &u8| *b == delimiter || *b == b'\n' || *b == b'\r';
                let length = rest.iter().position(stop).unwrap_or(rest.len());
                if length > 0 {
                    self.after_cr = false;
                    self.take(length);
                    *state = State::Plain;
                    return false;
                }
                self.at += 1;
                if first == delimiter {
                    self.end_cell();
                    *state = State::Start;
                    return false;
                }
                self.after_cr = first == b'\r';
                self.line += 1;
                true
            }
        }
    }

    /// Counts the lines in the next bytes.
    fn count_lines(&mut self, length: usize) {
        for &byte in self.buffer.get(self.at..self.at + length).unwrap_or_default() {
            self.line += u64::from(byte == b'\r' || byte == b'\n' && !self.after_cr);
            self.after_cr = byte == b'\r';
        }
    }

    /// Adds the next bytes to the cell, as far as the limits let.
    fn take(&mut self, length: usize) {
        let bytes = self.buffer.get(self.at..self.at + length).unwrap_or_default();
        let start = self.ends.last().copied().unwrap_or(0);
        if self.cells.len() - start + length > CELL_LIMIT {
            self.fault(Why::CellTooLong { limit: CELL_LIMIT });
            self.end_with_a_character(start);
        } else if self.cells.len() + length > ROW_LIMIT {
            self.fault(Why::RowTooLong { limit: ROW_LIMIT });
            self.end_with_a_character(start);
        } else if !self.is_cut() {
            self.cells.extend_from_slice(bytes);
        }
        self.at += length;
    }

    /// Takes the last character off a cell that is cut: it may be half of one, which is no fault of the file's.
    fn end_with_a_character(&mut self, start: usize) {
        while self.cells.len() > start && self.cells.pop().is_some_and(|byte| byte & 0xC0 == 0x80) {}
    }

    fn take_one(&mut self, byte: u8) {
        self.after_cr = false;
        if self.cells.len() < ROW_LIMIT {
            self.cells.push(byte);
        }
        self.at += 1;
    }

    fn fault(&mut self, why: Why) {
        let cell = self.ends.len();
        if !self.is_cut() && self.over.len() < COLUMN_LIMIT {
            self.over.push(RowFault { cell, why });
        }
    }

    /// Whether the cell under way was cut: then nothing more is put into it.
    fn is_cut(&self) -> bool {
        self.over.last().is_some_and(|fault| fault.cell == self.ends.len())
    }

    fn end_cell(&mut self) {
        let start = self.ends.last().copied().unwrap_or(0);
        if self.ends.len() < COLUMN_LIMIT {
            self.ends.push(self.cells.len());
        } else {
            self.beyond += usize::from(self.cells.len() > start);
            self.cells.truncate(start);
        }
    }

    fn finish(&mut self, row: &mut RawRow, unclosed: bool) {
        self.end_cell();
        row.fill(&self.cells, &self.ends, self.encoding);
        row.beyond = self.beyond;
        row.faults.append(&mut self.over);
        if unclosed {
            let cell = self.ends.len().saturating_sub(1);
            row.faults.push(RowFault { cell, why: Why::UnclosedQuote });
        }
        if self.encoding != "UTF-8" {
            let why = Why::BadEncoding { encoding: self.encoding };
            row.fault_where(|cell| cell.contains('\u{FFFD}'), &why);
        }
    }
}

/// The delimiter that the first line uses, and a comma unless it has none.
pub(super) fn delimiter(head: &str) -> u8 {
    let line = head.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    match () {
        () if line.contains(',') => b',',
        () if line.contains('\t') => b'\t',
        () if line.contains(';') => b';',
        () => b',',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One byte a read, so that every state meets the end of a buffer.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let some = self.0.len().min(1);
            let (head, rest) = self.0.split_at(some);
            out[..some].copy_from_slice(head);
            self.0 = rest;
            Ok(some)
        }
    }

    fn all(reader: impl Read) -> Vec<(u64, Vec<String>, usize)> {
        let mut rows = CsvRows::new(reader, b',', "UTF-8");
        let (mut row, mut out) = (RawRow::default(), Vec::new());
        while rows.next(&mut row).unwrap() {
            let cells = (0..row.len()).map(|at| row.cell(at).to_owned()).collect();
            out.push((row.line, cells, row.faults.len()));
        }
        out
    }

    fn lines(text: &str) -> Vec<(u64, Vec<String>, usize)> {
        let whole = all(text.as_bytes());
        assert_eq!(whole, all(Drip(text.as_bytes())));
        whole
    }

    fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>, usize) {
        (line, cells.iter().map(|&cell| cell.to_owned()).collect(), 0)
    }

    #[test]
    fn rows_know_the_physical_line_where_they_start() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "id,name\no1,\"a\nb\"\n\no2,c\n".replace('\n', end);
            let inner = format!("a{end}b");
            let expected =
                vec![row(1, &["id", "name"]), row(2, &["o1", &inner]), row(4, &[""]), row(5, &["o2", "c"])];
            assert_eq!(lines(&text), expected, "{end:?}");
        }
    }

    #[test]
    fn quotes_as_files_have_them() {
        assert_eq!(lines("a,\"b \"\"c\"\", d\",e"), vec![row(1, &["a", "b \"c\", d", "e"])]);
        assert_eq!(lines("5\" pipe,\"x\"y\n"), vec![row(1, &["5\" pipe", "xy"])]);
        assert_eq!(lines("\"\",\n"), vec![row(1, &["", ""])]);
        assert_eq!(lines(""), vec![]);
        assert_eq!(lines("a\n,\n"), vec![row(1, &["a"]), row(2, &["", ""])]);
    }

    #[test]
    fn an_unclosed_quote_and_a_nul_are_faults() {
        let rows = lines("a,b\nc,\"d\ne,f\n");
        assert_eq!((rows[1].0, rows[1].2), (2, 1));
        assert_eq!(lines("a\0b,c\n")[0].2, 1);
    }

    #[test]
    fn broken_bytes_are_a_fault_of_their_cell() {
        let mut rows = CsvRows::new(&b"a,\xFFb,c\n\xE4,\xBD\xA0\n"[..], b',', "UTF-8");
        let mut row = RawRow::default();
        assert!(rows.next(&mut row).unwrap());
        assert_eq!(row.faults, vec![RowFault { cell: 1, why: Why::BadEncoding { encoding: "UTF-8" } }]);
        assert!(rows.next(&mut row).unwrap());
        assert_eq!(row.faults.len(), 2);
    }

    #[test]
    fn huge_cells_and_rows_are_bounded() {
        let cell = "x".repeat(CELL_LIMIT + 1);
        let rows = all(format!("a,{cell},b\n").as_bytes());
        assert_eq!((rows[0].1.len(), rows[0].1[1].len() < CELL_LIMIT, rows[0].2), (3, true, 1));
        let wide = ",x".repeat(100_000);
        let mut reader = CsvRows::new(wide.as_bytes(), b',', "UTF-8");
        let mut row = RawRow::default();
        assert!(reader.next(&mut row).unwrap());
        assert_eq!((row.len(), row.used()), (COLUMN_LIMIT, 100_001));
    }

    #[test]
    fn the_delimiter_is_a_comma_unless_there_is_none() {
        assert_eq!(delimiter("id,na;me\n"), b',');
        assert_eq!(delimiter("\nid\tname\n"), b'\t');
        assert_eq!(delimiter("id;name\n"), b';');
        assert_eq!(delimiter("id\n"), b',');
    }
}
