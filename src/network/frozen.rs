//! A network as bytes, and back: so that opening a city again need not build it again.
//!
//! The bytes are the columns one behind the other, little-endian, under a key that says what they
//! were made from, in sections that several threads read at once; at the end stand where each section
//! ends, a 128-bit checksum of each, and one of the head and of these. They are of one version of this
//! program on its way to itself: no format for others. What is not exactly as it was written gives
//! `None`, never another network.

use std::io::{self, Read, Write};
use std::ops::Range;

use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::Hasher as _;

use super::texts::Texts;
use super::{Arcs, Claims, Network, NodeIx, Nodes, Parts, StepRow, Ties, Words};
use crate::model::{Credibility, Date, Id, Kind, Layer, Reliability, Status, TieType, Voice};

/// What the bytes begin with; the number counts changes of the columns below.
const MAGIC: &[u8] = b"parasol network 3\n";
/// Bytes of a checksum.
const SUM: usize = 16;
/// Bytes gathered before they are written, and read at once.
const BLOCK: usize = 1 << 20;
/// How many sections there are.
const SECTIONS: usize = 5;
/// Bytes of the table of sections, its own checksum included.
const TABLE: usize = SECTIONS * (8 + SUM) + SUM;

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

impl Network {
    /// Writes the network under a key. Cost: about a hundred bytes a tie.
    pub fn freeze(&self, key: &str, to: &mut dyn Write) -> io::Result<()> {
        // `told` follows from the steps.
        let Self { as_of, nodes, ties, claims, arcs, steps, told: _, voices, likely, words, part: _ } = self;
        let head = Self::frozen_head(key);
        to.write_all(&head)?;
        let mut out =
            Out { to, block: Vec::with_capacity(BLOCK), sum: SipHasher13::new(), at: head.len() as u64 };
        let mut table = Vec::new();
        let mut end = |out: &mut Out<'_>| -> io::Result<()> {
            let sum = out.end()?;
            table.extend_from_slice(&out.at.to_le_bytes());
            table.extend_from_slice(&sum);
            Ok(())
        };
        nodes.put(&mut out)?;
        end(&mut out)?;
        ties.put(&mut out)?;
        end(&mut out)?;
        claims.put(&mut out)?;
        end(&mut out)?;
        arcs.put(&mut out)?;
        end(&mut out)?;
        as_of.put(&mut out)?;
        put_list(&likely.iter().cloned().collect::<Vec<_>>(), &mut out)?;
        put_list(steps, &mut out)?;
        put_list(voices, &mut out)?;
        put_list(&words.0, &mut out)?;
        end(&mut out)?;
        let to = out.to;
        to.write_all(&table)?;
        to.write_all(&checksum(&[&head, &table]))?;
        to.flush()
    }

    /// What the bytes of a network begin with that was frozen under a key.
    pub fn frozen_head(key: &str) -> Vec<u8> {
        [MAGIC, &(key.len() as u64).to_le_bytes(), key.as_bytes()].concat()
    }

    /// The network in bytes that [`Network::freeze`] wrote under this key; `None` for all else. Cost: a pass over
    /// the bytes, shared by two threads.
    pub fn thaw(source: &(impl ByteSource + ?Sized), key: &str) -> Option<Self> {
        let head = Self::frozen_head(key);
        let sections = sections(source, &head)?;
        let [nodes, ties, claims, arcs, rest] = &sections;
        let (ties, (claims, (arcs, (nodes, rest)))) = rayon::join(
            || ties.take(source, Ties::take),
            || {
                let claims = claims.take(source, Claims::take);
                let arcs = arcs.take(source, Arcs::take);
                let nodes = nodes.take(source, Nodes::take);
                (claims, (arcs, (nodes, rest.take(source, Rest::take))))
            },
        );
        let Rest { as_of, likely, steps, voices, words } = rest?;
        let mut network = Self {
            as_of,
            nodes: nodes?,
            ties: ties?,
            claims: claims?,
            arcs: arcs?,
            steps,
            told: Vec::new(),
            voices,
            likely,
            words,
            part: super::partial::Part::default(),
        };
        network.told = super::told::by_steps(&network, network.as_of);
        network.is_whole().then_some(network)
    }

    /// Whether every column has its length and every position leads somewhere.
    fn is_whole(&self) -> bool {
        let (nodes, ties, claims) = (self.node_count(), self.tie_count(), self.claims.voices.len());
        let Ties { from, to, types, layers, statuses, decisions, roles, shares, .. } = &self.ties;
        let Ties { starts, ends, known, strengths, amounts, counts, .. } = &self.ties;
        let bytes = [types.len(), layers.len(), statuses.len(), decisions.len(), roles.len(), shares.len()];
        let words = [starts.len(), ends.len(), known.len(), strengths.len(), amounts.len(), counts.len()];
        let columns = bytes.iter().chain(&words).all(|&length| length == ties) && to.len() == ties;
        let below = |column: &[u32], bound: usize| column.iter().all(|&at| (at as usize) < bound);
        let said = &self.claims;
        let grades = [said.reliabilities.len(), said.credibilities.len(), said.statuses.len()];
        columns
            && self.nodes.parts.len() == nodes
            && is_cut(&self.nodes.prop_starts, nodes, self.nodes.prop_keys.len())
            && below(from, nodes)
            && below(to, nodes)
            && grades.iter().all(|&length| length == claims)
            && said.known.len() == claims
            && is_cut(&said.starts, ties, claims)
            && below(&said.voices, self.voices.len())
            && self.arcs.neighbours.len() == self.arcs.ties.len()
            && is_cut(&self.arcs.starts, nodes, self.arcs.ties.len())
            && below(&self.arcs.neighbours, nodes)
            && below(&self.arcs.ties, ties)
            && self.likely().into_iter().flatten().all(|(a, b, _)| a.at() < nodes && b.at() < nodes)
            && self.steps.iter().all(|step| step.subject.at() < nodes)
    }
}

/// Whether these are the starts of so many parts of a column of this length.
fn is_cut(starts: &[u32], parts: usize, length: usize) -> bool {
    starts.len() == parts + 1
        && starts.is_sorted()
        && starts.last().is_some_and(|&end| end as usize == length)
}

fn checksum(parts: &[&[u8]]) -> [u8; SUM] {
    let mut sum = SipHasher13::new();
    parts.iter().for_each(|part| sum.write(part));
    sum.finish128().as_bytes()
}

/// Where a section stands, and the checksum that it must have.
struct Section {
    bytes: Range<u64>,
    sum: [u8; SUM],
}

/// The sections, if head and table are as they were written and the sections fill what is between.
fn sections(source: &(impl ByteSource + ?Sized), head: &[u8]) -> Option<[Section; SECTIONS]> {
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
    fn take<T>(
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

/// What is small in a network.
struct Rest {
    as_of: Option<Date>,
    likely: Option<Vec<(u32, u32, f64)>>,
    steps: Vec<StepRow>,
    voices: Vec<Voice>,
    words: Words,
}

impl Rest {
    fn take(from: &mut In<'_>) -> Option<Self> {
        Some(Self {
            as_of: Frozen::take(from)?,
            likely: take_list(from)?.pop(),
            steps: take_list(from)?,
            voices: take_list(from)?,
            words: Words(take_list(from)?),
        })
    }
}

/// Where bytes go: gathered, and summed on their way.
struct Out<'w> {
    to: &'w mut dyn Write,
    block: Vec<u8>,
    sum: SipHasher13,
    /// How many bytes went.
    at: u64,
}

impl Out<'_> {
    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
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
    fn end(&mut self) -> io::Result<[u8; SUM]> {
        self.flush()?;
        Ok(std::mem::replace(&mut self.sum, SipHasher13::new()).finish128().as_bytes())
    }
}

/// The bytes of a section that are still to be read, summed on their way.
struct In<'s> {
    reader: Box<dyn Read + Send + 's>,
    left: u64,
    sum: SipHasher13,
    block: Vec<u8>,
}

impl In<'_> {
    /// The next bytes, at most [`BLOCK`].
    fn bytes(&mut self, count: usize) -> Option<&[u8]> {
        self.left = self.left.checked_sub(count as u64)?;
        self.block.resize(count, 0);
        self.reader.read_exact(&mut self.block).ok()?;
        self.sum.write(&self.block);
        Some(&self.block)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N)?.try_into().ok()
    }

    /// The next bytes, however many, handed on in blocks of whole cells.
    fn blocks(&mut self, count: usize, cell: usize, mut take: impl FnMut(&[u8]) -> Option<()>) -> Option<()> {
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

/// What can be put into bytes and taken out again.
trait Frozen: Sized {
    fn put(&self, out: &mut Out<'_>) -> io::Result<()>;
    fn take(from: &mut In<'_>) -> Option<Self>;
}

/// A value of a fixed number of bytes, so that whole columns are read at the speed of memory.
trait Cell: Copy {
    const SIZE: usize;
    fn write(self, block: &mut Vec<u8>);
    fn read(bytes: &[u8]) -> Option<Self>;
}

macro_rules! number_cells {
    ($($number:ty)*) => {$(
        impl Cell for $number {
            const SIZE: usize = size_of::<$number>();

            fn write(self, block: &mut Vec<u8>) {
                block.extend_from_slice(&self.to_le_bytes());
            }

            fn read(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(<$number>::from_le_bytes)
            }
        }
    )*};
}
number_cells!(u8 u16 u32 f32);

macro_rules! word_cells {
    ($($word:ident)*) => {$(
        impl Cell for $word {
            const SIZE: usize = 1;

            fn write(self, block: &mut Vec<u8>) {
                block.push(self as u8);
            }

            fn read(bytes: &[u8]) -> Option<Self> {
                $word::ALL.get(usize::from(*bytes.first()?)).copied()
            }
        }
    )*};
}
word_cells!(Kind Layer Reliability Credibility Status TieType);

impl Cell for Parts {
    const SIZE: usize = 1;

    fn write(self, block: &mut Vec<u8>) {
        block.push(self.0);
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        bytes.first().copied().map(Self)
    }
}

impl Cell for Option<Date> {
    const SIZE: usize = 4;

    fn write(self, block: &mut Vec<u8>) {
        self.map_or(0, Date::packed).write(block);
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        match u32::read(bytes)? {
            0 => Some(None),
            packed => Date::from_packed(packed).map(Some),
        }
    }
}

impl Cell for (u32, u32, f64) {
    const SIZE: usize = 16;

    fn write(self, block: &mut Vec<u8>) {
        self.0.write(block);
        self.1.write(block);
        block.extend_from_slice(&self.2.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (a, rest) = bytes.split_at_checked(4)?;
        let (b, probability) = rest.split_at_checked(4)?;
        Some((u32::read(a)?, u32::read(b)?, f64::from_le_bytes(probability.try_into().ok()?)))
    }
}

impl Cell for (u32, u16) {
    const SIZE: usize = 6;

    fn write(self, block: &mut Vec<u8>) {
        self.0.write(block);
        self.1.write(block);
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (tie, word) = bytes.split_at_checked(4)?;
        Some((u32::read(tie)?, u16::read(word)?))
    }
}

impl Frozen for u64 {
    fn put(&self, out: &mut Out<'_>) -> io::Result<()> {
        out.bytes(&self.to_le_bytes())
    }

    fn take(from: &mut In<'_>) -> Option<Self> {
        from.array().map(Self::from_le_bytes)
    }
}

impl<C: Cell> Frozen for Vec<C> {
    fn put(&self, out: &mut Out<'_>) -> io::Result<()> {
        (self.len() as u64).put(out)?;
        for part in self.chunks(BLOCK / 8) {
            part.iter().for_each(|cell| cell.write(&mut out.block));
            out.bytes(&[])?;
        }
        Ok(())
    }

    fn take(from: &mut In<'_>) -> Option<Self> {
        let count = usize::try_from(u64::take(from)?).ok()?;
        let bytes = count.checked_mul(C::SIZE).filter(|&bytes| bytes as u64 <= from.left)?;
        let mut cells = Self::with_capacity(count);
        from.blocks(bytes, C::SIZE, |block| {
            // Checked at the end of a block, so that the copy is one loop without a way out.
            let mut sound = true;
            cells.extend(block.chunks_exact(C::SIZE).map_while(|cell| {
                let read = C::read(cell);
                sound &= read.is_some();
                read
            }));
            sound.then_some(())
        })?;
        Some(cells)
    }
}

impl Frozen for String {
    fn put(&self, out: &mut Out<'_>) -> io::Result<()> {
        (self.len() as u64).put(out)?;
        out.bytes(self.as_bytes())
    }

    fn take(from: &mut In<'_>) -> Option<Self> {
        let count = usize::try_from(u64::take(from)?).ok().filter(|&count| count as u64 <= from.left)?;
        let mut text = Vec::with_capacity(count);
        from.blocks(count, 1, |block| {
            text.extend_from_slice(block);
            Some(())
        })?;
        Self::from_utf8(text).ok()
    }
}

/// Lists of what has no fixed size.
fn put_list<T: Frozen>(list: &[T], out: &mut Out<'_>) -> io::Result<()> {
    (list.len() as u64).put(out)?;
    list.iter().try_for_each(|item| item.put(out))
}

fn take_list<T: Frozen>(from: &mut In<'_>) -> Option<Vec<T>> {
    (0..u64::take(from)?).map(|_| T::take(from)).collect()
}

/// Structures are their fields, one behind the other.
macro_rules! frozen_fields {
    ($($name:ident { $($field:ident),* })*) => {$(
        impl Frozen for $name {
            fn put(&self, out: &mut Out<'_>) -> io::Result<()> {
                let $name { $($field),* } = self;
                $($field.put(out)?;)*
                Ok(())
            }

            fn take(from: &mut In<'_>) -> Option<Self> {
                Some(Self { $($field: Frozen::take(from)?),* })
            }
        }
    )*};
}
frozen_fields! {
    Nodes { ids, names, kinds, parts, prop_starts, prop_keys, prop_values }
    Ties {
        from, to, types, layers, statuses, decisions, roles, shares, starts, ends, known, strengths,
        amounts, counts, currencies, other_types
    }
    Claims { starts, rows, voices, reliabilities, credibilities, statuses, known }
    Arcs { starts, neighbours, ties }
}

impl Frozen for Texts {
    fn put(&self, out: &mut Out<'_>) -> io::Result<()> {
        let (block, ends) = self.parts();
        block.put(out)?;
        ends.put(out)
    }

    fn take(from: &mut In<'_>) -> Option<Self> {
        let (block, ends) = (String::take(from)?, Vec::take(from)?);
        Some(Self::from_parts(block, ends))
    }
}

impl Frozen for Option<Date> {
    fn put(&self, out: &mut Out<'_>) -> io::Result<()> {
        vec![*self].put(out)
    }

    fn take(from: &mut In<'_>) -> Option<Self> {
        Vec::take(from)?.first().copied()
    }
}

impl Frozen for Voice {
    fn put(&self, out: &mut Out<'_>) -> io::Result<()> {
        match self {
            Self::Nobody => 0_u64.put(out),
            Self::Source(id) => {
                1_u64.put(out)?;
                id.to_string().put(out)
            }
            Self::Protected(number) => (u64::from(*number) + 2).put(out),
        }
    }

    fn take(from: &mut In<'_>) -> Option<Self> {
        match u64::take(from)? {
            0 => Some(Self::Nobody),
            1 => Some(Self::Source(Id::from(String::take(from)?))),
            number => u32::try_from(number - 2).ok().map(Self::Protected),
        }
    }
}

impl Frozen for (String, String) {
    fn put(&self, out: &mut Out<'_>) -> io::Result<()> {
        self.0.put(out)?;
        self.1.put(out)
    }

    fn take(from: &mut In<'_>) -> Option<Self> {
        Some((String::take(from)?, String::take(from)?))
    }
}

impl Frozen for StepRow {
    fn put(&self, out: &mut Out<'_>) -> io::Result<()> {
        let Self { subject, date, row, step, props, voice, known } = self;
        u64::from(subject.0).put(out)?;
        Some(*date).put(out)?;
        row.put(out)?;
        step.put(out)?;
        put_list(props, out)?;
        voice.put(out)?;
        known.put(out)
    }

    fn take(from: &mut In<'_>) -> Option<Self> {
        Some(Self {
            subject: NodeIx(u32::try_from(u64::take(from)?).ok()?),
            date: <Option<Date> as Frozen>::take(from)??,
            row: Frozen::take(from)?,
            step: Frozen::take(from)?,
            props: take_list(from)?,
            voice: Frozen::take(from)?,
            known: Frozen::take(from)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Table;
    use crate::network::Builder;
    use crate::network::samples::{entity, person, said, tie};

    fn sample() -> Network {
        let mut builder = Builder::new(Date::new(2024, 5, 0));
        for at in 0..60 {
            builder.entity(person(&format!("p{at}")));
        }
        builder.entity(entity("case", Table::Cases, Kind::Case));
        for at in 0..200_usize {
            let ends = [format!("p{}", at % 60), format!("p{}", at * 7 % 60)];
            let ty = TieType::ALL[at % 20];
            let row = format!("r{at}");
            builder
                .tie(&tie(ty, &ends[0], &ends[1], vec![said(&row, "s1"), said(&row, "s2")]).build())
                .unwrap();
        }
        let fact = person("p1").facts.remove(0);
        builder.likely(&[("p1".into(), "p2".into(), 0.5), ("p1".into(), "gone".into(), 0.5)]);
        builder.step(&"t1".into(), &"case".into(), "opened", Date::new(2020, 1, 2).unwrap(), &fact).unwrap();
        builder.build()
    }

    fn bytes(network: &Network) -> Vec<u8> {
        let mut bytes = Vec::new();
        network.freeze("key", &mut bytes).unwrap();
        bytes
    }

    /// `NaN` is a network's own "unknown", so that equality is asked of the bytes.
    #[test]
    fn what_was_frozen_comes_back() {
        for network in [sample(), Builder::new(None).build()] {
            let frozen = bytes(&network);
            let thawed = Network::thaw(frozen.as_slice(), "key").unwrap();
            assert_eq!(bytes(&thawed), frozen);
            assert_eq!((thawed.told.clone(), thawed.as_of), (network.told.clone(), network.as_of));
            assert_eq!(thawed.node_count(), network.node_count());
            assert_eq!(Network::thaw(frozen.as_slice(), "another"), None);
        }
    }

    #[test]
    fn any_flipped_bit_and_any_cut_is_noticed() {
        let frozen = bytes(&sample());
        for at in 0..frozen.len() {
            let mut hurt = frozen.clone();
            hurt[at] ^= 1 << (at % 8);
            assert_eq!(Network::thaw(hurt.as_slice(), "key"), None, "{at}");
        }
        for length in (0..frozen.len()).step_by(97) {
            assert_eq!(Network::thaw(&frozen[..length], "key"), None, "{length}");
        }
    }

    /// Bytes whose checksum is right and whose columns are not: by another version, say.
    #[test]
    fn columns_that_do_not_fit_are_no_network() {
        let mut network = sample();
        network.ties.to[3] = 1_000;
        assert_eq!(Network::thaw(bytes(&network).as_slice(), "key"), None);
        let mut network = sample();
        network.claims.starts[2] = 5_000;
        assert_eq!(Network::thaw(bytes(&network).as_slice(), "key"), None);
        let mut network = sample();
        network.arcs.ties.pop();
        assert_eq!(Network::thaw(bytes(&network).as_slice(), "key"), None);
    }
}
