//! A table on its way to disk: rows come in any order and leave sorted by a key that is a hash.
//!
//! Rows are dealt into buckets by the first bits of their key; a bucket that grows is kept in a
//! file without a name. At the end each bucket is sorted by itself. So a table of any length is
//! shuffled in the memory of one bucket, and where a row stands says nothing of when it was made.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// How many buckets; a power of two.
const BUCKETS: usize = 64;
/// A bucket that is larger goes to its file.
const SPILL: usize = 256 * 1024;
/// Bytes before each row: its key and its length.
const HEAD: usize = 8;

#[derive(Default)]
struct Bucket {
    buffer: Vec<u8>,
    file: Option<File>,
}

/// One table of a bundle.
pub(super) struct Table {
    path: PathBuf,
    header: &'static str,
    buckets: Vec<Bucket>,
    rows: u64,
}

impl Table {
    /// A table `NAME.csv` of the bundle in `dir`.
    pub fn new(dir: &Path, name: &str, header: &'static str) -> Self {
        let buckets = (0..BUCKETS).map(|_| Bucket::default()).collect();
        Self { path: dir.join(format!("{name}.csv")), header, buckets, rows: 0 }
    }

    /// Adds a row, without its line end. Rows of one key stay in the order they came.
    pub fn push(&mut self, key: u32, row: &[u8]) -> io::Result<()> {
        self.rows += 1;
        let bucket = &mut self.buckets[(key >> (32 - BUCKETS.trailing_zeros())) as usize];
        bucket.buffer.extend_from_slice(&key.to_le_bytes());
        bucket.buffer.extend_from_slice(&(row.len() as u32).to_le_bytes());
        bucket.buffer.extend_from_slice(row);
        if bucket.buffer.len() > SPILL { bucket.spill(&self.path) } else { Ok(()) }
    }

    /// Writes the table; gives how many rows it has.
    pub fn finish(self) -> io::Result<u64> {
        let mut out = BufWriter::with_capacity(1 << 18, File::create(&self.path)?);
        out.write_all(self.header.as_bytes())?;
        out.write_all(b"\n")?;
        for bucket in self.buckets {
            bucket.pour(&mut out)?;
        }
        out.flush()?;
        Ok(self.rows)
    }
}

impl Bucket {
    fn spill(&mut self, beside: &Path) -> io::Result<()> {
        let folder = beside.parent().unwrap_or(Path::new("."));
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile_in(folder)?),
        };
        file.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    /// The rows of the bucket, by key.
    fn pour(mut self, out: &mut impl Write) -> io::Result<()> {
        if let Some(mut file) = self.file {
            let mut all = Vec::new();
            file.seek(SeekFrom::Start(0))?;
            file.read_to_end(&mut all)?;
            all.append(&mut self.buffer);
            self.buffer = all;
        }
        let mut rows: Vec<(u32, &[u8])> = Vec::new();
        let mut rest = self.buffer.as_slice();
        while let Some((head, tail)) = rest.split_at_checked(HEAD) {
            let word = |at: usize| u32::from_le_bytes(std::array::from_fn(|byte| head[at + byte]));
            let (row, after) = tail.split_at(word(4) as usize);
            rows.push((word(0), row));
            rest = after;
        }
        rows.sort_by_key(|row| row.0);
        for (_, row) in rows {
            out.write_all(row)?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }
}

/// A row being put together: cells by commas, quoted where they must be.
#[derive(Default)]
pub(super) struct Cells {
    bytes: Vec<u8>,
    begun: bool,
}

impl Cells {
    /// Begins the next row.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.begun = false;
    }

    /// Adds a cell.
    pub fn text(&mut self, cell: &str) -> &mut Self {
        self.separate();
        if cell.contains([',', '"', '\n', '\r']) {
            self.bytes.push(b'"');
            self.bytes.extend(cell.replace('"', "\"\"").bytes());
            self.bytes.push(b'"');
        } else {
            self.bytes.extend_from_slice(cell.as_bytes());
        }
        self
    }

    /// Adds a cell of something that has no comma and no quote when printed: ids, numbers, days.
    pub fn plain(&mut self, cell: impl std::fmt::Display) -> &mut Self {
        self.separate();
        // Writing into memory does not fail.
        let _ = write!(self.bytes, "{cell}");
        self
    }

    /// Adds a cell where there is something to say.
    pub fn maybe(&mut self, cell: Option<impl std::fmt::Display>) -> &mut Self {
        match cell {
            Some(cell) => self.plain(cell),
            None => self.plain(""),
        }
    }

    /// The row.
    pub fn row(&self) -> &[u8] {
        &self.bytes
    }

    fn separate(&mut self) {
        if self.begun {
            self.bytes.push(b',');
        }
        self.begun = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_leave_by_key_whether_they_went_through_files_or_not() {
        let folder = tempfile::tempdir().unwrap();
        let key = |at: u32| at.wrapping_mul(0x9e37_79b9);
        for count in [10, 60_000_u32] {
            let mut table = Table::new(folder.path(), "t", "n,text");
            for at in 0..count {
                let row = format!("{},{}", key(at), "x".repeat(at as usize % 900));
                table.push(key(at), row.as_bytes()).unwrap();
            }
            assert_eq!(table.finish().unwrap(), u64::from(count));
            let text = std::fs::read_to_string(folder.path().join("t.csv")).unwrap();
            let mut lines = text.lines();
            assert_eq!(lines.next(), Some("n,text"));
            let found: Vec<u32> =
                lines.map(|line| line.split(',').next().unwrap().parse().unwrap()).collect();
            let mut wanted: Vec<u32> = (0..count).map(key).collect();
            wanted.sort_unstable();
            assert_eq!(found, wanted);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let mut cells = Cells::default();
        cells.text("a,b").text("说\"话\"").plain(3).maybe(None::<u8>).text("");
        assert_eq!(cells.row(), "\"a,b\",\"说\"\"话\"\"\",3,,".as_bytes());
        cells.clear();
        assert_eq!(cells.plain("x").row(), b"x");
    }
}
