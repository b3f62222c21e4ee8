//! Columns, texts and words as bytes, and back.

use std::ops::Range;

use super::bytes::In;
use super::picked::{Lengths, cell, column};
use crate::model::{Credibility, Date, Id, Kind, Layer, Reliability, Status, TieType, Voice};
use crate::network::texts::Texts;
use crate::network::{Arcs, Claims, NodeIx, Nodes, Parts, StepRow, Tag, Ties, span};

/// Bytes of a node beside its texts and properties: kind, parts, how long its id and its name are, how many
/// properties it has; and how many arcs, which stand apart.
pub(super) const OF_A_NODE: usize = 1 + 1 + 4 + 4 + 4 + 4;
/// Bytes of a property beside its text.
pub(super) const OF_A_PROP: usize = 2 + 4;
/// Bytes of a tie's columns, and of how many claims it has.
pub(super) const OF_A_TIE: usize = 40 + 4;
/// Bytes of a claim beside its row's text.
pub(super) const OF_A_CLAIM: usize = 4 + 4 + 3 + 4;
/// Bytes of an arc; the day of an outward one apart.
pub(super) const OF_AN_ARC: usize = 4 + 4 + 1;
/// Bytes that a step has at least: subject, day, the lengths of its texts and lists, its voice, the day it was known.
pub(super) const OF_A_STEP: usize = 8 + 4 + 8 + 8 + 8 + 8 + 4;

/// A value of a fixed number of bytes, so that whole columns are read at the speed of memory.
pub(super) trait Cell: Copy {
    const SIZE: usize;
    /// What stands for a cell that cannot be read, until all of them are thrown away.
    const EMPTY: Self;
    fn write(self, block: &mut Vec<u8>);
    fn read(bytes: &[u8]) -> Option<Self>;
}

macro_rules! number_cells {
    ($($number:ty)*) => {$(
        impl Cell for $number {
            const SIZE: usize = size_of::<$number>();
            const EMPTY: Self = 0 as $number;

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
            const EMPTY: Self = $word::ALL[0];

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
    const EMPTY: Self = Self(0);

    fn write(self, block: &mut Vec<u8>) {
        block.push(self.0);
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        bytes.first().copied().map(Self)
    }
}

impl Cell for Tag {
    const SIZE: usize = 1;
    const EMPTY: Self = Self(0);

    fn write(self, block: &mut Vec<u8>) {
        block.push(self.0);
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        bytes.first().copied().map(Self).filter(|tag| tag.is_sound())
    }
}

impl Cell for Option<Date> {
    const SIZE: usize = 4;
    const EMPTY: Self = None;

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
    const EMPTY: Self = (0, 0, 0.0);

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
    const EMPTY: Self = (0, 0);

    fn write(self, block: &mut Vec<u8>) {
        self.0.write(block);
        self.1.write(block);
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (tie, word) = bytes.split_at_checked(4)?;
        Some((u32::read(tie)?, u16::read(word)?))
    }
}

/// Some cells of a column, one behind the other.
fn put_cells<C: Cell>(cells: Option<&[C]>, out: &mut Vec<u8>) {
    cells.unwrap_or_default().iter().for_each(|cell| cell.write(out));
}

/// Adds so many cells to a column.
fn take_cells<C: Cell>(onto: &mut Vec<C>, count: usize, from: &mut In<'_>) -> Option<()> {
    let bytes = from.bytes(count.checked_mul(C::SIZE)?)?;
    // Checked at the end, so that room is made once and the copy is one loop without a way out.
    let mut sound = true;
    onto.extend(bytes.chunks_exact(C::SIZE).map(|cell| {
        let read = C::read(cell);
        sound &= read.is_some();
        read.unwrap_or(C::EMPTY)
    }));
    sound.then_some(())
}

/// How long each of some parts of a column is, which their starts tell.
fn put_lengths(starts: &[u32], some: Range<usize>, out: &mut Vec<u8>) {
    for at in some {
        let part = span(starts, at);
        (part.end.saturating_sub(part.start) as u32).write(out);
    }
}

/// Adds the starts of so many parts of a column that has `length` by now; gives how much longer it gets.
fn take_lengths(onto: &mut Vec<u32>, count: usize, length: usize, from: &mut In<'_>) -> Option<usize> {
    let mut end = length;
    onto.reserve(count + 1);
    for cell in from.bytes(count.checked_mul(4)?)?.chunks_exact(4) {
        onto.push(u32::try_from(end).ok()?);
        end = end.checked_add(u32::read(cell)? as usize)?;
    }
    Some(end - length)
}

fn put_texts(texts: &Texts, some: Range<usize>, out: &mut Vec<u8>) {
    some.clone().for_each(|at| (texts.at(at).len() as u32).write(out));
    some.for_each(|at| out.extend_from_slice(texts.at(at).as_bytes()));
}

fn take_texts(onto: &mut Texts, count: usize, from: &mut In<'_>) -> Option<()> {
    let lengths = Lengths::take(count, from)?;
    let text = from.bytes(lengths.all()?)?;
    onto.push_cut(std::str::from_utf8(text).ok()?, lengths.some(0..count));
    Some(())
}

impl Nodes {
    pub(super) fn put(&self, some: Range<usize>, out: &mut Vec<u8>) {
        put_cells(self.kinds.get(some.clone()), out);
        put_cells(self.parts.get(some.clone()), out);
        put_texts(&self.ids, some.clone(), out);
        put_texts(&self.names, some.clone(), out);
        put_lengths(&self.prop_starts, some.clone(), out);
        let props = whole_span(&self.prop_starts, some);
        put_cells(self.prop_keys.get(props.clone()), out);
        put_texts(&self.prop_values, props, out);
    }

    /// Adds so many nodes. Where the last one's properties end is not added.
    pub(super) fn take(&mut self, count: usize, from: &mut In<'_>) -> Option<()> {
        take_cells(&mut self.kinds, count, from)?;
        take_cells(&mut self.parts, count, from)?;
        take_texts(&mut self.ids, count, from)?;
        take_texts(&mut self.names, count, from)?;
        let props = take_lengths(&mut self.prop_starts, count, self.prop_keys.len(), from)?;
        take_cells(&mut self.prop_keys, props, from)?;
        take_texts(&mut self.prop_values, props, from)
    }
}

/// The columns that have a cell for each tie, the same way there and back.
macro_rules! tie_columns {
    ($($field:ident)*) => {
        impl Ties {
            pub(super) fn put(&self, some: Range<usize>, out: &mut Vec<u8>) {
                $(put_cells(self.$field.get(some.clone()), out);)*
            }

            /// Adds so many ties, without what is sparse.
            pub(super) fn take(&mut self, count: usize, from: &mut In<'_>) -> Option<()> {
                $(take_cells(&mut self.$field, count, from)?;)*
                Some(())
            }

            /// Adds a tie of a block, without what is sparse.
            pub(super) fn pick(&mut self, block: &TiesIn<'_>, at: usize) -> Option<()> {
                $(self.$field.push(cell(block.$field, at)?);)*
                Some(())
            }

            pub(super) fn append(&mut self, other: Self) {
                $(self.$field.extend(other.$field);)*
            }

            pub(super) fn reserve(&mut self, count: usize) {
                $(self.$field.reserve_exact(count);)*
            }
        }

        /// A block of ties, by columns.
        pub(super) struct TiesIn<'b> {
            $($field: &'b [u8],)*
        }

        impl<'b> TiesIn<'b> {
            /// The columns of so many ties.
            pub(super) fn take(count: usize, from: &mut In<'b>) -> Option<Self> {
                let like = Ties::default();
                Some(Self { $($field: column(&like.$field, count, from)?,)* })
            }
        }
    };
}
tie_columns! {
    from to types layers statuses decisions roles shares starts ends known strengths amounts counts
}

impl Claims {
    /// The claims of some ties.
    pub(super) fn put(&self, some: Range<usize>, out: &mut Vec<u8>) {
        put_lengths(&self.starts, some.clone(), out);
        let claims = whole_span(&self.starts, some);
        put_texts(&self.rows, claims.clone(), out);
        put_cells(self.voices.get(claims.clone()), out);
        put_cells(self.reliabilities.get(claims.clone()), out);
        put_cells(self.credibilities.get(claims.clone()), out);
        put_cells(self.statuses.get(claims.clone()), out);
        put_cells(self.known.get(claims), out);
    }

    /// Adds the claims of so many ties. Where the last one's end is not added.
    pub(super) fn take(&mut self, ties: usize, from: &mut In<'_>) -> Option<()> {
        let claims = take_lengths(&mut self.starts, ties, self.voices.len(), from)?;
        take_texts(&mut self.rows, claims, from)?;
        take_cells(&mut self.voices, claims, from)?;
        take_cells(&mut self.reliabilities, claims, from)?;
        take_cells(&mut self.credibilities, claims, from)?;
        take_cells(&mut self.statuses, claims, from)?;
        take_cells(&mut self.known, claims, from)
    }

    pub(super) fn append(&mut self, other: Self) {
        let base = self.voices.len() as u32;
        self.starts.extend(other.starts.into_iter().map(|start| base + start));
        self.rows.append(&other.rows);
        self.voices.extend(other.voices);
        self.reliabilities.extend(other.reliabilities);
        self.credibilities.extend(other.credibilities);
        self.statuses.extend(other.statuses);
        self.known.extend(other.known);
    }

    pub(super) fn reserve(&mut self, ties: usize, claims: usize, text: usize) {
        self.starts.reserve_exact(ties + 1);
        self.rows.reserve_texts(claims, text);
        self.voices.reserve_exact(claims);
        self.reliabilities.reserve_exact(claims);
        self.credibilities.reserve_exact(claims);
        self.statuses.reserve_exact(claims);
        self.known.reserve_exact(claims);
    }
}

/// Which part of a column belongs to some positions, given where each part starts.
pub(super) fn whole_span(starts: &[u32], some: Range<usize>) -> Range<usize> {
    let start = |at: usize| starts.get(at).map_or(0, |&start| start as usize);
    start(some.start)..start(some.end)
}

impl Arcs {
    /// The arcs of some nodes; `days` tells since when a tie is.
    pub(super) fn put(&self, some: Range<usize>, days: &[Option<Date>], out: &mut Vec<u8>) {
        put_lengths(&self.starts, some.clone(), out);
        let arcs = whole_span(&self.starts, some);
        put_cells(self.neighbours.get(arcs.clone()), out);
        put_cells(self.ties.get(arcs.clone()), out);
        let tags = self.tags.get(arcs.clone()).unwrap_or_default();
        put_cells(Some(tags), out);
        for (tie, _) in
            self.ties.get(arcs).unwrap_or_default().iter().zip(tags).filter(|(_, tag)| tag.is_outward())
        {
            days.get(*tie as usize).copied().flatten().write(out);
        }
    }

    /// Adds the arcs of so many nodes; gives since when each outward one is. Where the last one's end is not added.
    pub(super) fn take(&mut self, nodes: usize, from: &mut In<'_>) -> Option<Vec<Option<Date>>> {
        let first = self.tags.len();
        let arcs = take_lengths(&mut self.starts, nodes, first, from)?;
        take_cells(&mut self.neighbours, arcs, from)?;
        take_cells(&mut self.ties, arcs, from)?;
        take_cells(&mut self.tags, arcs, from)?;
        let outward = self.tags.get(first..)?.iter().filter(|tag| tag.is_outward()).count();
        let mut days = Vec::new();
        take_cells(&mut days, outward, from)?;
        Some(days)
    }

    pub(super) fn reserve(&mut self, nodes: usize, arcs: usize) {
        self.starts.reserve_exact(nodes + 1);
        self.neighbours.reserve_exact(arcs);
        self.ties.reserve_exact(arcs);
        self.tags.reserve_exact(arcs);
    }
}

/// What can be put into bytes and taken out again.
pub(super) trait Frozen: Sized {
    fn put(&self, out: &mut Vec<u8>);
    fn take(from: &mut In<'_>) -> Option<Self>;
}

impl Frozen for u64 {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }

    fn take(from: &mut In<'_>) -> Option<Self> {
        from.bytes(8)?.try_into().ok().map(Self::from_le_bytes)
    }
}

impl<C: Cell> Frozen for Vec<C> {
    fn put(&self, out: &mut Vec<u8>) {
        (self.len() as u64).put(out);
        put_cells(Some(self), out);
    }

    fn take(from: &mut In<'_>) -> Option<Self> {
        let count = usize::try_from(u64::take(from)?).ok()?;
        let mut cells = Self::new();
        take_cells(&mut cells, count, from)?;
        Some(cells)
    }
}

impl Frozen for String {
    fn put(&self, out: &mut Vec<u8>) {
        (self.len() as u64).put(out);
        out.extend_from_slice(self.as_bytes());
    }

    fn take(from: &mut In<'_>) -> Option<Self> {
        let count = usize::try_from(u64::take(from)?).ok()?;
        std::str::from_utf8(from.bytes(count)?).ok().map(str::to_owned)
    }
}

/// Lists of what has no fixed size.
pub(super) fn put_list<T: Frozen>(list: &[T], out: &mut Vec<u8>) {
    (list.len() as u64).put(out);
    list.iter().for_each(|item| item.put(out));
}

pub(super) fn take_list<T: Frozen>(from: &mut In<'_>) -> Option<Vec<T>> {
    (0..u64::take(from)?).map(|_| T::take(from)).collect()
}

impl Frozen for Option<Date> {
    fn put(&self, out: &mut Vec<u8>) {
        self.write(out);
    }

    fn take(from: &mut In<'_>) -> Option<Self> {
        Cell::read(from.bytes(4)?)
    }
}

impl Frozen for Voice {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Nobody => 0_u64.put(out),
            Self::Source(id) => {
                1_u64.put(out);
                id.to_string().put(out);
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
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
    }

    fn take(from: &mut In<'_>) -> Option<Self> {
        Some((String::take(from)?, String::take(from)?))
    }
}

impl Frozen for StepRow {
    fn put(&self, out: &mut Vec<u8>) {
        let Self { subject, date, row, step, props, voice, known } = self;
        u64::from(subject.0).put(out);
        Some(*date).put(out);
        row.put(out);
        step.put(out);
        put_list(props, out);
        voice.put(out);
        known.put(out);
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
