//! Which word is the latest: of one row and one source, by known day, then by change.

use crate::model::{Date, Day};

/// One word that a row said by one source, as the writer needs it.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub n: i64,
    pub source: Option<i64>,
    pub known: Option<Date>,
    pub change: u64,
    pub beaten: Option<i64>,
    pub hash: u128,
}

/// Beaten by a word without a day: no as-of view shows either.
const BY_UNDATED: i64 = i64::MAX;

/// Whether a word known since `known` would say nothing new after these words of the same row and
/// source. `same` tells whether a stored word says the same.
///
/// A dated word is new unless the last change at or before its day said the same; an undated
/// one, which no as-of view shows, also when the latest word of all says the same.
pub(super) fn is_said(words: &[&Word], known: Option<Date>, same: impl Fn(&Word) -> bool) -> bool {
    let rank = |word: &&Word| (word.known, word.change);
    let said_at = |top: Option<(Option<Date>, u64)>| {
        words.iter().any(|word| Some((word.known, word.change)) == top && same(word))
    };
    let comparable = |word: &&&Word| word.known <= known && word.known.is_some() == known.is_some();
    let before = words.iter().filter(comparable).map(rank).max();
    said_at(before) || (known.is_none() && said_at(words.iter().map(rank).max()))
}

/// For each word of one row and one source, the first day by which a later word was known;
/// `None` for the latest. Sorts the words, earliest first.
pub(super) fn beaten(words: &mut [Word]) -> Vec<Option<i64>> {
    words.sort_by_key(|word| (word.known, word.change, word.n));
    let mut first_later = None;
    let mut result: Vec<Option<i64>> = words
        .iter()
        .rev()
        .map(|word| {
            let mine = first_later;
            let day = word.known.map_or(BY_UNDATED, |known| i64::from(known.last().0));
            first_later = Some(mine.map_or(day, |later: i64| later.min(day)));
            mine
        })
        .collect();
    result.reverse();
    result
}

/// Whether a word with this known day, beaten since that day, is the current one on the day.
pub(super) fn is_current(known: Option<Date>, beaten: Option<i64>, as_of: Option<Day>) -> bool {
    match as_of {
        None => beaten.is_none(),
        Some(day) => is_known(known, as_of) && beaten.is_none_or(|since| since > i64::from(day.0)),
    }
}

/// Whether something with this known day is known on the day.
pub(super) fn is_known(known: Option<Date>, as_of: Option<Day>) -> bool {
    as_of.is_none_or(|day| known.is_some_and(|known| known.last() <= day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(n: i64, known: &str, change: u64, says: u128) -> Word {
        Word { n, source: None, known: known.parse().ok(), change, beaten: None, hash: says }
    }

    fn said(words: &[Word], known: &str, says: u128) -> bool {
        is_said(&words.iter().collect::<Vec<_>>(), known.parse().ok(), |word| word.hash == says)
    }

    #[test]
    fn only_the_word_before_counts() {
        let words = [word(1, "2019", 1, 7), word(2, "2021", 2, 8)];
        assert!(said(&words, "2020", 7) && !said(&words, "2020", 8));
        assert!(said(&words, "2022", 8) && !said(&words, "2022", 7));
        assert!(!said(&words, "2018", 7), "an earlier day is news");
        assert!(said(&words, "", 8) && !said(&words, "", 7), "undated: as the latest");
    }

    #[test]
    fn a_word_is_current_until_a_later_one_is_known() {
        let mut words = [word(2, "2019-08-01", 2, 8), word(1, "2019", 1, 7)];
        let beaten = beaten(&mut words);
        let current = |day: &str| -> Vec<i64> {
            let day = day.parse::<Date>().ok().map(Date::last);
            let all = words.iter().zip(&beaten);
            all.filter(|(word, beaten)| is_current(word.known, **beaten, day)).map(|(w, _)| w.n).collect()
        };
        assert_eq!(current(""), [2]);
        assert_eq!(current("2019-09"), [2]);
        assert_eq!(current("2019-07"), [0i64; 0]);
        assert_eq!(current("2020"), [2]);
    }
}
