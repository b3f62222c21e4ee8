//! Blocks of bytes with a checksum each, written one behind the other, and the table that says where they are.
//!
//! The table stands at the end: where each block ends and its 128-bit checksum, how many blocks each section has, and
//! a checksum of the head and of all this. So a block can be read alone and is checked alone.

use std::hash::Hasher as _;
use std::io::{self, Write};
use std::ops::Range;

use siphasher::sip128::{Hasher128, SipHasher13};

/// Bytes of a checksum.
const SUM: usize = 16;
/// Bytes of the table that a block has.
const ENTRY: usize = 8 + SUM;
/// Bytes that are read at once where blocks are read one after the other.
const AT_ONCE: u64 = 1 << 20;

/// The sections, in the order in which they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Nodes,
    Ties,
    Arcs,
    Steps,
    Rest,
}

/// How many sections there are.
const SECTIONS: usize = 5;
/// Bytes of what stands behind the table's entries.
const END: usize = SECTIONS * 8 + SUM;

/// Where frozen bytes are.
pub trait ByteSource: Sync {
    /// How many bytes there are.
    fn length(&self) -> io::Result<u64>;
    /// Fills a buffer with what stands at a place; too few bytes are an error.
    fn read_at(&self, start: u64, buffer: &mut [u8]) -> io::Result<()>;
}

impl ByteSource for [u8] {
    fn length(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }

    fn read_at(&self, start: u64, buffer: &mut [u8]) -> io::Result<()> {
        let found = usize::try_from(start).ok().and_then(|start| self.get(start..)?.get(..buffer.len()));
        found.map(|found| buffer.copy_from_slice(found)).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

impl ByteSource for Vec<u8> {
    fn length(&self) -> io::Result<u64> {
        self.as_slice().length()
    }

    fn read_at(&self, start: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.as_slice().read_at(start, buffer)
    }
}

fn checksum(parts: &[&[u8]]) -> [u8; SUM] {
    let mut sum = SipHasher13::new();
    parts.iter().for_each(|part| sum.write(part));
    sum.finish128().as_bytes()
}

/// Where blocks are, and what their checksums must be.
#[derive(Debug)]
pub(super) struct Table {
    /// Where the first block starts.
    start: u64,
    entries: Vec<u8>,
    counts: [usize; SECTIONS],
}

impl Table {
    /// The table, if head and table are as they were written.
    pub fn of(source: &(impl ByteSource + ?Sized), head: &[u8]) -> Option<Self> {
        let mut read = vec![0; head.len()];
        source.read_at(0, &mut read).ok()?;
        let at = source.length().ok()?.checked_sub(END as u64)?;
        let mut end = [0; END];
        source.read_at(at, &mut end).ok()?;
        let (numbers, sum) = end.split_at_checked(END - SUM)?;
        let mut counts = [0; SECTIONS];
        for (count, number) in counts.iter_mut().zip(numbers.chunks_exact(8)) {
            *count = usize::try_from(u64::from_le_bytes(number.try_into().ok()?)).ok()?;
        }
        let blocks = counts.iter().try_fold(0_usize, |all, count| all.checked_add(*count))?;
        let length = blocks.checked_mul(ENTRY).filter(|&length| length as u64 <= at)?;
        let mut entries = vec![0; length];
        source.read_at(at - length as u64, &mut entries).ok()?;
        if read != head || checksum(&[head, &entries, numbers]) != sum {
            return None;
        }
        let table = Self { start: head.len() as u64, entries, counts };
        let rises = (0..blocks).all(|block| table.place(block).is_some());
        (rises && table.place(blocks)?.start == at - length as u64).then_some(table)
    }

    /// How many blocks a section has.
    pub fn count(&self, section: Section) -> usize {
        self.counts.get(section as usize).copied().unwrap_or(0)
    }

    /// The place of a section's first block in the table.
    fn first(&self, section: Section) -> usize {
        self.counts.iter().take(section as usize).sum()
    }

    fn entry(&self, at: usize) -> Option<(u64, &[u8])> {
        let entry = self.entries.get(at.checked_mul(ENTRY)?..)?.get(..ENTRY)?;
        let (end, sum) = entry.split_at_checked(8)?;
        Some((u64::from_le_bytes(end.try_into().ok()?), sum))
    }

    /// Where a block stands; where all end, for one more than there are.
    fn place(&self, at: usize) -> Option<Range<u64>> {
        let start = at.checked_sub(1).map_or(Some(self.start), |before| Some(self.entry(before)?.0))?;
        let end = self.entry(at).map_or(start, |(end, _)| end);
        (start <= end).then_some(start..end)
    }

    /// One block of a section, if it is as it was written; `buffer` is what it is read into.
    pub fn block<'b>(
        &self,
        source: &(impl ByteSource + ?Sized),
        section: Section,
        at: usize,
        buffer: &'b mut Vec<u8>,
    ) -> Option<&'b [u8]> {
        let at = self.first(section) + Some(at).filter(|&at| at < self.count(section))?;
        let place = self.place(at)?;
        buffer.resize(usize::try_from(place.end - place.start).ok()?, 0);
        source.read_at(place.start, buffer).ok()?;
        (checksum(&[buffer]) == self.entry(at)?.1).then_some(buffer.as_slice())
    }

    /// All blocks of a section, in order, if all are as they were written.
    pub fn blocks(
        &self,
        source: &(impl ByteSource + ?Sized),
        section: Section,
        take: impl FnMut(usize, In<'_>) -> Option<()>,
    ) -> Option<()> {
        let all: Vec<usize> = (0..self.count(section)).collect();
        self.some_blocks(source, section, &all, take)
    }

    /// Some blocks of a section, which are in order, each once, if all are as they were written. Those that stand one
    /// behind the other are read at once.
    pub fn some_blocks(
        &self,
        source: &(impl ByteSource + ?Sized),
        section: Section,
        wanted: &[usize],
        mut take: impl FnMut(usize, In<'_>) -> Option<()>,
    ) -> Option<()> {
        let (first, mut left, mut buffer) = (self.first(section), wanted, Vec::new());
        if wanted.last().is_some_and(|&last| last >= self.count(section)) {
            return None;
        }
        while let Some(&at) = left.first() {
            let start = self.place(first + at)?.start;
            let is_near = |other: usize| self.place(first + other).is_some_and(|p| p.end - start <= AT_ONCE);
            let follows = |&(by, &other): &(usize, &usize)| other == at + by && (by == 0 || is_near(other));
            let (now, later) = left.split_at(left.iter().enumerate().take_while(follows).count());
            let end = self.place(first + now.last()?)?.end;
            buffer.resize(usize::try_from(end.checked_sub(start)?).ok()?, 0);
            source.read_at(start, &mut buffer).ok()?;
            for &block in now {
                let place = self.place(first + block)?;
                let bytes = buffer.get((place.start - start) as usize..(place.end - start) as usize)?;
                if checksum(&[bytes]) != self.entry(first + block)?.1 {
                    return None;
                }
                take(block, In(bytes))?;
            }
            left = later;
        }
        Some(())
    }
}

/// Gives changed bytes the checksums that fit them, as somebody would who forges a file.
#[cfg(test)]
pub(super) fn reseal(bytes: &mut [u8], head: usize) {
    let all = bytes.len();
    let number = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().unwrap()) as usize;
    let numbers = all - END..all - SUM;
    let blocks: usize = bytes[numbers.clone()].chunks_exact(8).map(number).fold(0, usize::wrapping_add);
    let Some(table) = blocks.checked_mul(ENTRY).and_then(|length| numbers.start.checked_sub(length)) else {
        return;
    };
    let mut start = head;
    for at in (table..numbers.start).step_by(ENTRY) {
        let end = number(&bytes[at..at + 8]);
        if let Some(block) = bytes.get(start..end) {
            let sum = checksum(&[block]);
            bytes[at + 8..at + ENTRY].copy_from_slice(&sum);
        }
        start = end;
    }
    let sum = checksum(&[&bytes[..head], &bytes[table..numbers.start], &bytes[numbers]]);
    bytes[all - SUM..].copy_from_slice(&sum);
}

/// Writes blocks, and their table at the end.
pub(super) struct Out<'w> {
    to: &'w mut dyn Write,
    head: Vec<u8>,
    at: u64,
    entries: Vec<u8>,
    counts: [u64; SECTIONS],
    block: Vec<u8>,
}

impl<'w> Out<'w> {
    pub fn new(to: &'w mut dyn Write, head: Vec<u8>) -> io::Result<Self> {
        to.write_all(&head)?;
        let at = head.len() as u64;
        Ok(Self { to, head, at, entries: Vec::new(), counts: [0; SECTIONS], block: Vec::new() })
    }

    /// Writes a block, which `put` fills.
    pub fn block(&mut self, section: Section, put: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        self.block.clear();
        put(&mut self.block);
        self.to.write_all(&self.block)?;
        self.at += self.block.len() as u64;
        self.entries.extend_from_slice(&self.at.to_le_bytes());
        self.entries.extend_from_slice(&checksum(&[&self.block]));
        self.counts.get_mut(section as usize).into_iter().for_each(|count| *count += 1);
        Ok(())
    }

    pub fn finish(self) -> io::Result<()> {
        let numbers: Vec<u8> = self.counts.iter().flat_map(|count| count.to_le_bytes()).collect();
        self.to.write_all(&self.entries)?;
        self.to.write_all(&numbers)?;
        self.to.write_all(&checksum(&[&self.head, &self.entries, &numbers]))?;
        self.to.flush()
    }
}

/// The bytes of a block that are still to be read.
pub(super) struct In<'b>(pub &'b [u8]);

impl<'b> In<'b> {
    /// The next bytes.
    pub fn bytes(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, left) = self.0.split_at_checked(count)?;
        self.0 = left;
        Some(taken)
    }

    /// Nothing more is to be read.
    pub fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Blocks that are read together are those that are read one by one, and hurt ones are noticed as there.
        #[test]
        fn some_blocks_are_those_read_one_by_one(
            blocks in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..9), 1..20),
            wanted in proptest::collection::btree_set(0..22_usize, 0..20),
            hurt in proptest::option::of((any::<prop::sample::Index>(), 1..=u8::MAX)),
        ) {
            let (head, mut written) = (b"head".to_vec(), Vec::new());
            let mut out = Out::new(&mut written, head.clone()).unwrap();
            out.block(Section::Nodes, |bytes| bytes.push(1)).unwrap();
            for block in &blocks {
                out.block(Section::Ties, |bytes| bytes.extend_from_slice(block)).unwrap();
            }
            out.finish().unwrap();
            let table = Table::of(&written, &head).unwrap();
            if let Some((at, by)) = hurt {
                let own = head.len() + 1..head.len() + 1 + blocks.concat().len();
                if !own.is_empty() {
                    written[own.start + at.index(own.len())] ^= by;
                }
            }
            let wanted: Vec<usize> = wanted.into_iter().collect();
            let mut buffer = Vec::new();
            let one = |&at: &usize| {
                Some((at, table.block(&written, Section::Ties, at, &mut buffer)?.to_vec()))
            };
            let singly: Option<Vec<(usize, Vec<u8>)>> = wanted.iter().map(one).collect();
            let mut read = Vec::new();
            let together = table.some_blocks(&written, Section::Ties, &wanted, |at, bytes| {
                read.push((at, bytes.0.to_vec()));
                Some(())
            });
            prop_assert_eq!(together.map(|()| read), singly);
        }
    }
}
