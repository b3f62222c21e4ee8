//! Many small texts in one block of memory.

use std::ops::Range;

/// Texts by position. Holds up to 4 GiB of text in all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Texts {
    block: String,
    ends: Vec<u32>,
}

impl Texts {
    /// Adds a text at the end and returns its position. Past 4 GiB texts are kept empty.
    pub(crate) fn push(&mut self, text: &str) -> u32 {
        let position = self.ends.len() as u32;
        let fits = u32::try_from(self.block.len() + text.len()).is_ok();
        self.block.push_str(if fits { text } else { "" });
        self.ends.push(self.block.len() as u32);
        position
    }

    /// Adds other texts at the end.
    pub(crate) fn append(&mut self, other: &Self) {
        let base = self.block.len();
        if u32::try_from(base + other.block.len()).is_err() {
            (0..other.ends.len()).for_each(|at| _ = self.push(other.at(at)));
            return;
        }
        self.block.push_str(&other.block);
        self.ends.extend(other.ends.iter().map(|end| base as u32 + end));
    }

    /// Adds the texts that a block is cut into by their lengths.
    pub(crate) fn push_cut(&mut self, block: &str, lengths: impl Iterator<Item = u32>) {
        let mut end = self.block.len();
        if u32::try_from(end + block.len()).is_ok() {
            self.block.push_str(block);
            self.ends.extend(lengths.map(|length| {
                end += length as usize;
                end as u32
            }));
            return;
        }
        let mut rest = block;
        for length in lengths {
            let (text, left) = rest.split_at_checked(length as usize).unwrap_or((rest, ""));
            self.push(text);
            rest = left;
        }
    }

    /// Makes room for so many texts of so many bytes in all.
    pub(crate) fn reserve_texts(&mut self, count: usize, bytes: usize) {
        self.block.reserve_exact(bytes);
        self.ends.reserve_exact(count);
    }

    /// Makes room for the texts of both.
    pub(crate) fn reserve(&mut self, a: &Self, b: &Self) {
        self.block.reserve_exact(a.block.len() + b.block.len());
        self.ends.reserve_exact(a.ends.len() + b.ends.len());
    }

    /// Adds some texts of others at the end.
    pub(crate) fn append_some(&mut self, other: &Self, some: Range<usize>) {
        let start = some.start.checked_sub(1).map_or(Some(0), |at| other.ends.get(at).copied());
        let ends = other.ends.get(some.clone());
        let block = start.zip(ends.and_then(|ends| ends.last().copied()).or(start));
        let Some((block, start, ends)) = block.zip(ends).and_then(|((start, end), ends)| {
            let fits = u32::try_from(self.block.len() + (end.checked_sub(start)? as usize)).is_ok();
            Some((other.block.get(start as usize..end as usize).filter(|_| fits)?, start, ends))
        }) else {
            some.for_each(|at| _ = self.push(other.at(at)));
            return;
        };
        let base = self.block.len() as u32;
        self.block.push_str(block);
        self.ends.extend(ends.iter().map(|end| end - start + base));
    }

    /// The block and where each text ends in it.
    pub(crate) fn parts(&self) -> (&String, &Vec<u32>) {
        (&self.block, &self.ends)
    }

    /// The text at a position; empty past the end.
    pub(crate) fn at(&self, position: usize) -> &str {
        let start = position.checked_sub(1).and_then(|p| self.ends.get(p)).copied().unwrap_or(0);
        let end = self.ends.get(position).copied().unwrap_or(start);
        self.block.get(start as usize..end as usize).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_out_of_a_block() {
        let mut texts = Texts::default();
        texts.push("a");
        texts.push_cut("港bcd", [3, 0, 1, 2].into_iter());
        let all: Vec<&str> = (0..6).map(|at| texts.at(at)).collect();
        assert_eq!(all, ["a", "港", "", "b", "cd", ""]);
    }

    #[test]
    fn texts_come_back_by_position() {
        let mut texts = Texts::default();
        assert_eq!((texts.push("港"), texts.push(""), texts.push("b")), (0, 1, 2));
        assert_eq!((texts.at(0), texts.at(1), texts.at(2), texts.at(3)), ("港", "", "b", ""));
        texts.append(&texts.clone());
        assert_eq!((texts.at(3), texts.at(4), texts.at(5), texts.at(6)), ("港", "", "b", ""));
        let mut some = Texts::default();
        for range in [2..5, 0..0, 3..3, 0..1] {
            some.append_some(&texts, range);
        }
        assert_eq!((some.at(0), some.at(1), some.at(2), some.at(3), some.at(4)), ("b", "港", "", "港", ""));
    }
}
