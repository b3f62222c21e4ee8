//! Sections of bytes with a checksum each: written one behind the other, read by several threads.

use std::hash::Hasher as _;
use std::io::{self, Read, Write};
use std::ops::Range;

use siphasher::sip128::{Hasher128, SipHasher13};

/// Bytes of a checksum.
pub(super) const SUM: usize = 16;
/// Bytes gathered before they are written, and read at once.
pub(super) const BLOCK: usize = 1 << 20;
/// How many sections there are.
pub(super) const SECTIONS: usize = 5;
/// Bytes of the table of sections, its own checksum included.
pub(super) const TABLE: usize = SECTIONS * (8 + SUM) + SUM;

/// Where frozen bytes are: a reader of some of them, and how many there are.
pub trait ByteSource: Sync {
    /// How many bytes there are.
    fn length(&self) -> io::Result<u64>;
    /// A reader from a place on.
    fn from(&self, start: u64) -> io::Result<Box<dyn Read + Send + '_>>;
}

impl ByteSource for [u8] {
    fn length(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }

    fn from(&self, start: u64) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(Box::new(usize::try_from(start).ok().and_then(|start| self.get(start..)).unwrap_or_default()))
    }
}

pub(super) fn checksum(parts: &[&[u8]]) -> [u8; SUM] {
    let mut sum = SipHasher13::new();
    parts.iter().for_each(|part| sum.write(part));
    sum.finish128().as_bytes()
}

/// Where a section stands, and the checksum that it must have.
pub(super) struct Section {
    bytes: Range<u64>,
    sum: [u8; SUM],
}

/// The sections, if head and table are as they were written and the sections fill what is between.
pub(super) fn sections(source: &(impl ByteSource + ?Sized), head: &[u8]) -> Option<[Section; SECTIONS]> {
    let at = source.length().ok()?.checked_sub(TABLE as u64)?;
    let mut read = vec![0; head.len()];
    source.from(0).ok()?.read_exact(&mut read).ok()?;
    let mut table = [0; TABLE];
    source.from(at).ok()?.read_exact(&mut table).ok()?;
    let (entries, sum) = table.split_at_checked(TABLE - SUM)?;
    if read != head || checksum(&[head, entries]) != sum {
        return None;
    }
    let mut start = head.len() as u64;
    let mut section = |entry: &[u8]| {
        let (end, sum) = entry.split_at_checked(8)?;
        let bytes = start..u64::from_le_bytes(end.try_into().ok()?);
        start = bytes.end;
        (bytes.start <= bytes.end).then_some(Section { bytes, sum: sum.try_into().ok()? })
    };
    let all: Option<Vec<Section>> = entries.chunks_exact(8 + SUM).map(&mut section).collect();
    all.filter(|_| start == at)?.try_into().ok()
}

impl Section {
    /// What stands in it, if all of it is as it was written.
    pub fn take<T>(
        &self,
        source: &(impl ByteSource + ?Sized),
        take: impl FnOnce(&mut In<'_>) -> Option<T>,
    ) -> Option<T> {
        let left = self.bytes.end - self.bytes.start;
        let reader = source.from(self.bytes.start).ok()?;
        let mut from = In { reader, left, sum: SipHasher13::new(), block: Vec::new() };
        let taken = take(&mut from)?;
        (from.left == 0 && from.sum.finish128().as_bytes() == self.sum).then_some(taken)
    }
}

/// Where bytes go: gathered, and summed on their way.
pub(super) struct Out<'w> {
    pub to: &'w mut dyn Write,
    pub block: Vec<u8>,
    sum: SipHasher13,
    /// How many bytes went.
    pub at: u64,
}

impl<'w> Out<'w> {
    pub fn new(to: &'w mut dyn Write, at: u64) -> Self {
        Self { to, block: Vec::with_capacity(BLOCK), sum: SipHasher13::new(), at }
    }

    pub fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.block.extend_from_slice(bytes);
        if self.block.len() >= BLOCK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sum.write(&self.block);
        self.at += self.block.len() as u64;
        self.to.write_all(&self.block)?;
        self.block.clear();
        Ok(())
    }

    /// Ends a section: its checksum.
    pub fn end(&mut self) -> io::Result<[u8; SUM]> {
        self.flush()?;
        Ok(std::mem::replace(&mut self.sum, SipHasher13::new()).finish128().as_bytes())
    }
}

/// The bytes of a section that are still to be read, summed on their way.
pub(super) struct In<'s> {
    reader: Box<dyn Read + Send + 's>,
    pub left: u64,
    sum: SipHasher13,
    block: Vec<u8>,
}

impl In<'_> {
    /// The next bytes, at most [`BLOCK`].
    pub fn bytes(&mut self, count: usize) -> Option<&[u8]> {
        self.left = self.left.checked_sub(count as u64)?;
        self.block.resize(count, 0);
        self.reader.read_exact(&mut self.block).ok()?;
        self.sum.write(&self.block);
        Some(&self.block)
    }

    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N)?.try_into().ok()
    }

    /// The next bytes, however many, handed on in blocks of whole cells.
    pub fn blocks(
        &mut self,
        count: usize,
        cell: usize,
        mut take: impl FnMut(&[u8]) -> Option<()>,
    ) -> Option<()> {
        if count as u64 > self.left {
            return None;
        }
        let most = BLOCK / cell * cell;
        let mut left = count;
        while left > 0 {
            let now = left.min(most);
            take(self.bytes(now)?)?;
            left -= now;
        }
        Some(())
    }
}
