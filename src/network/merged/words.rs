//! The words of a network and of a change as one list.

use crate::network::Network;

/// The words of both, and what those of the change are among them.
pub(super) struct WordsOfBoth {
    pub(super) all: Vec<String>,
    change: Vec<u16>,
}

impl WordsOfBoth {
    pub(super) fn of(base: &Network, change: &Network) -> Self {
        let mut all = base.words.0.clone();
        let place = |word: &String| {
            let known = all.iter().position(|own| own == word);
            let place = known.unwrap_or_else(|| {
                all.push(word.clone());
                all.len() - 1
            });
            // Past the last position words are "none", as in a builder.
            u16::try_from(place).unwrap_or(0)
        };
        let change = change.words.0.iter().map(place).collect();
        Self { all, change }
    }

    pub(super) fn at(&self, word: u16) -> u16 {
        self.change.get(usize::from(word)).copied().unwrap_or(0)
    }
}
