//! One table's rows, wherever they are stored, with the header found.

use std::cell::Cell;
use std::fs::File;
use std::io::Read;
use std::rc::Rc;

use super::IngestError;
use super::bundle::{Part, Stored, encoding_name, io_error};
use super::csv::CsvRows;
use super::encoding::Utf8;
use super::layout::{Header, HeaderSearch, Layout};
use super::mapped::{Places, Search, Sought};
use super::mapping::Entry;
use super::reason::{Reason, Why};
use super::row::RawRow;

/// What comes out of a table, in this order: a header and rows, or a refusal, or nothing at all.
pub(super) enum Event<'a> {
    /// The header was found.
    Header(&'a Layout),
    /// A row that is not blank.
    Row(&'a Layout, &'a RawRow),
    /// The header stands here again, for a new page perhaps.
    HeaderAgain(u64),
    /// A merged cell was filled, at this row.
    Merged(u64),
    /// The rest is not read: why, and the line.
    Refused(u64, Vec<Reason>),
    /// There is nothing in it.
    Empty,
}

/// Whether to go on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// Next row, please.
    On,
    /// Enough.
    Stop,
}

/// Hands out everything in a table. `progress` is told now and then how many bytes were read.
pub(super) fn read(
    part: &Part,
    progress: &mut dyn FnMut(u64) -> Result<(), IngestError>,
    each: &mut dyn FnMut(Event<'_>) -> Result<Flow, IngestError>,
) -> Result<(), IngestError> {
    let map = part.map.as_deref().map(Mapped::new);
    let mut table = Table { search: HeaderSearch::new(part.table), layout: None, map, each };
    let over = match &part.stored {
        Stored::Csv { .. } => read_csv(part, progress, &mut table)?,
        Stored::Given(rows) => {
            let (mut row, mut given) = (RawRow::default(), rows.iter());
            loop {
                let Some(next) = given.next() else { break Flow::On };
                row.start(next.line);
                next.cells.iter().for_each(|cell| row.push(cell));
                if table.row(&row)? == Flow::Stop {
                    break Flow::Stop;
                }
            }
        }
        Stored::NoText => {
            let reason = Reason { column: String::new(), value: String::new(), why: Why::NoText };
            (table.each)(Event::Refused(1, vec![reason]))?;
            Flow::Stop
        }
        Stored::Sheet(sheet) => super::xlsx::read(&part.path, sheet, &mut |step| match step {
            super::xlsx::Step::Row(row) => table.row(row),
            // Titles above the header are merged as a matter of course.
            super::xlsx::Step::Merged(_) if table.layout.is_none() => Ok(Flow::On),
            super::xlsx::Step::Merged(line) => (table.each)(Event::Merged(line)),
            super::xlsx::Step::Broken(line, detail) => {
                let why = Why::Unreadable { detail };
                let reason = Reason { column: String::new(), value: String::new(), why };
                (table.each)(Event::Refused(line, vec![reason])).map(|_| Flow::Stop)
            }
        })?,
    };
    progress(part.bytes)?;
    if over == Flow::On { table.end() } else { Ok(()) }
}

/// Bytes between two reports of progress.
const REPORT_EVERY: u64 = 1 << 20;

fn read_csv(
    part: &Part,
    progress: &mut dyn FnMut(u64) -> Result<(), IngestError>,
    table: &mut Table<'_>,
) -> Result<Flow, IngestError> {
    let Stored::Csv { encoding, delimiter } = part.stored else { return Ok(Flow::Stop) };
    let file = File::open(&part.path).map_err(io_error(&part.path))?;
    let done = Rc::new(Cell::new(0));
    let text = Utf8::new(Counted { inner: file, done: Rc::clone(&done) }, encoding);
    let mut rows = CsvRows::new(text, delimiter, encoding_name(encoding));
    let mut row = RawRow::default();
    let mut reported = 0;
    while rows.next(&mut row).map_err(io_error(&part.path))? {
        if done.get() >= reported + REPORT_EVERY {
            reported = done.get();
            progress(reported)?;
        }
        if table.row(&row)? == Flow::Stop {
            return Ok(Flow::Stop);
        }
    }
    Ok(Flow::On)
}

/// A reader that counts.
struct Counted<R> {
    inner: R,
    done: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(out)?;
        self.done.set(self.done.get() + read as u64);
        Ok(read)
    }
}

struct Table<'a> {
    search: HeaderSearch,
    layout: Option<Box<Layout>>,
    map: Option<Mapped<'a>>,
    each: &'a mut dyn FnMut(Event<'_>) -> Result<Flow, IngestError>,
}

/// A table in words of its own.
struct Mapped<'a> {
    entry: &'a Entry,
    search: Search,
    places: Option<Places>,
    /// The row in our words.
    ours: RawRow,
}

impl<'a> Mapped<'a> {
    fn new(entry: &'a Entry) -> Self {
        Self { entry, search: Search::default(), places: None, ours: RawRow::default() }
    }
}

impl Table<'_> {
    fn row(&mut self, row: &RawRow) -> Result<Flow, IngestError> {
        if row.is_blank() {
            return Ok(Flow::On);
        }
        let Some(mut map) = self.map.take() else { return self.own_row(row) };
        let flow = self.mapped_row(&mut map, row);
        self.map = Some(map);
        flow
    }

    /// A row of a table in words of its own.
    fn mapped_row(&mut self, map: &mut Mapped<'_>, row: &RawRow) -> Result<Flow, IngestError> {
        if let Some(places) = &map.places {
            if places.is_header(row) {
                return (self.each)(Event::HeaderAgain(row.line));
            }
            places.put(map.entry, row, &mut map.ours);
            return self.own_row(&map.ours);
        }
        match map.search.look(map.entry, row) {
            Sought::Found(places) => {
                let header = map.places.insert(places).header(row.line);
                self.own_row(&header)
            }
            Sought::NotYet => Ok(Flow::On),
            Sought::Refused(line, reasons) => (self.each)(Event::Refused(line, reasons)).map(|_| Flow::Stop),
        }
    }

    fn own_row(&mut self, row: &RawRow) -> Result<Flow, IngestError> {
        if let Some(layout) = &self.layout {
            let again = layout.is_header(row);
            return (self.each)(if again { Event::HeaderAgain(row.line) } else { Event::Row(layout, row) });
        }
        match self.search.look(row) {
            Header::Found(layout) => {
                let flow = (self.each)(Event::Header(&layout));
                self.layout = Some(layout);
                flow
            }
            Header::NotYet => Ok(Flow::On),
            Header::Refused(line, reasons) => (self.each)(Event::Refused(line, reasons)).map(|_| Flow::Stop),
        }
    }

    fn end(&mut self) -> Result<(), IngestError> {
        if self.layout.is_some() {
            return Ok(());
        }
        if let Some(map) = &mut self.map
            && let Sought::Refused(line, reasons) = map.search.refuse()
        {
            return (self.each)(Event::Refused(line, reasons)).map(|_| ());
        }
        let event = match self.search.refuse() {
            Header::Refused(line, reasons) => Event::Refused(line, reasons),
            Header::Found(_) | Header::NotYet => Event::Empty,
        };
        (self.each)(event).map(|_| ())
    }
}
