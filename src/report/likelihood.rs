//! Words of estimative probability: the seven bands of ICD 203 (2015, §6.e.2.a), but for the words of the outer two.
//!
//! "Almost certain" and "almost no chance" would be taken for certainty, which no score gives: it ends at 0.976
//! (`ceiling`), and a pair without a trace may still be one. So the highest says that it is the most a file can say, and
//! the lowest that it is remote. The bands word a score; they never mix with how firm the file is, which has a line of its own.

use crate::messages::Catalogue;
use crate::model::{Arg, Message};

/// The bands, each with its lower bound and the key of its words. Never 0 or 100%.
const BANDS: [(f64, &str); 7] = [
    (0.95, "likelihood-most"),
    (0.80, "likelihood-very-likely"),
    (0.55, "likelihood-likely"),
    (0.45, "likelihood-even"),
    (0.20, "likelihood-unlikely"),
    (0.05, "likelihood-very-unlikely"),
    (0.0, "likelihood-remote"),
];

/// The key of the words for a probability.
pub fn key(probability: f64) -> &'static str {
    let band = BANDS.iter().find(|(from, _)| probability >= *from);
    band.map_or("likelihood-remote", |(_, key)| key)
}

/// A score, or a lead's priority, as people read it, to two decimals: never 0.00 or 1.00, since nothing is certain.
pub fn score(probability: f64) -> String {
    match probability {
        p if p >= 0.995 => ">0.99".to_owned(),
        p if p < 0.005 => "<0.01".to_owned(),
        p => format!("{p:.2}"),
    }
}

/// A p or q as people read it: three decimals, and a small one without losing that it is small.
pub fn chance(probability: f64) -> String {
    match probability {
        p if p > 0.999 && p < 1.0 => ">0.999".to_owned(),
        p if p >= 0.001 || p <= 0.0 => format!("{p:.3}"),
        p => format!("{p:.1e}"),
    }
}

/// What is to be said of scores for which somebody said how many umbrellas to expect of a gang.
pub fn expected(words: &Catalogue, expected: Option<f64>) -> Option<String> {
    Some(words.say(&Message::new("expected-told").with("expected", Arg::Number(expected?))))
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_chance_reads_as_none_or_as_certain() {
        let cases = [
            (2.1e-5, "2.1e-5"),
            (0.0009996, "1.0e-3"),
            (0.0214, "0.021"),
            (0.99961, ">0.999"),
            (1.0, "1.000"),
        ];
        for (p, text) in cases {
            assert_eq!(super::chance(p), text);
        }
    }

    #[test]
    fn bands_meet_without_gaps() {
        let cases = [
            (0.99, "most"),
            (0.95, "most"),
            (0.8, "very-likely"),
            (0.5, "even"),
            (0.2, "unlikely"),
            (0.01, "remote"),
        ];
        for (p, word) in cases {
            assert_eq!(super::key(p), format!("likelihood-{word}"));
        }
    }

    #[test]
    fn no_score_reads_as_certain() {
        let cases = [(0.9997, ">0.99"), (0.004, "<0.01"), (0.5, "0.50"), (0.994, "0.99")];
        for (p, text) in cases {
            assert_eq!(super::score(p), text);
        }
    }
}
