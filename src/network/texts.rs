//! Many small texts in one block of memory.

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

    /// The block and where each text ends in it.
    pub(crate) fn parts(&self) -> (&String, &Vec<u32>) {
        (&self.block, &self.ends)
    }

    /// Texts of a block and their ends; ends that do not fit give empty texts.
    pub(crate) fn from_parts(block: String, ends: Vec<u32>) -> Self {
        Self { block, ends }
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
    fn texts_come_back_by_position() {
        let mut texts = Texts::default();
        assert_eq!((texts.push("港"), texts.push(""), texts.push("b")), (0, 1, 2));
        assert_eq!((texts.at(0), texts.at(1), texts.at(2), texts.at(3)), ("港", "", "b", ""));
        texts.append(&texts.clone());
        assert_eq!((texts.at(3), texts.at(4), texts.at(5), texts.at(6)), ("港", "", "b", ""));
    }
}
