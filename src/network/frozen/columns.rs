//! Columns, texts and words as bytes, and back.

use std::io;

use super::bytes::{BLOCK, In, Out};
use crate::model::{Credibility, Date, Id, Kind, Layer, Reliability, Status, TieType, Voice};
use crate::network::texts::Texts;
use crate::network::{Arcs, Claims, NodeIx, Nodes, Parts, StepRow, Ties};

/// What can be put into bytes and taken out again.
pub(super) trait Frozen: Sized {
    fn put(&self, out: &mut Out<'_>) -> io::Result<()>;
    fn take(from: &mut In<'_>) -> Option<Self>;
}

/// A value of a fixed number of bytes, so that whole columns are read at the speed of memory.
pub(super) trait Cell: Copy {
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
pub(super) fn put_list<T: Frozen>(list: &[T], out: &mut Out<'_>) -> io::Result<()> {
    (list.len() as u64).put(out)?;
    list.iter().try_for_each(|item| item.put(out))
}

pub(super) fn take_list<T: Frozen>(from: &mut In<'_>) -> Option<Vec<T>> {
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
