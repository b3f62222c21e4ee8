//! The ranked list as CSV, for spreadsheets.

use crate::analysis::umbrella::Pair;
use crate::messages::{Catalogue, tame};

/// A cell that no spreadsheet takes for a formula: a text that starts with `=`, `+`, `-`, `@` (or
/// their full-width twins), a tab or a line break gets `'` before it (OWASP ASVS 5.0, 1.2.10).
/// Numbers are written by us and go in as they are.
pub fn safe(text: &str) -> String {
    let risky = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let text = text.replace('\0', "");
    if text.trim_start_matches(' ').starts_with(risky) { format!("'{text}") } else { text }
}

const HEADS: [&str; 15] = [
    "rank",
    "official",
    "official_name",
    "gang",
    "gang_name",
    "score",
    "log_odds",
    "over_line",
    "p_value",
    "q_value",
    "known",
    "factors",
    "evidence",
    "innocent",
    "check",
];

/// The pairs as CSV in UTF-8 with a byte order mark, which spreadsheets need to read Chinese.
pub fn pairs(words: &Catalogue, pairs: &[Pair]) -> Vec<u8> {
    let mut writer = ::csv::Writer::from_writer(vec![0xEF, 0xBB, 0xBF]);
    // Writing into memory cannot fail.
    let _ = writer.write_record(HEADS);
    for pair in pairs {
        let _ = writer.write_record(row(words, pair));
    }
    writer.into_inner().unwrap_or_default()
}

fn row(words: &Catalogue, pair: &Pair) -> [String; 15] {
    let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    let factors: Vec<String> =
        pair.factors.iter().map(|factor| format!("{} {:.3}", factor.factor, factor.log_odds)).collect();
    let evidence: Vec<&str> =
        pair.factors.iter().flat_map(|factor| &factor.evidence).map(crate::model::Id::as_str).collect();
    let innocent: Vec<String> = pair.innocent.iter().map(|one| words.say(&one.says)).collect();
    [
        pair.rank.map_or(String::new(), |rank| rank.to_string()),
        safe(pair.official.id.as_str()),
        safe(&tame(&pair.official.name)),
        safe(pair.gang.id.as_str()),
        safe(&tame(&pair.gang.name)),
        pair.score.to_string(),
        pair.log_odds.to_string(),
        pair.over_line.to_string(),
        number(pair.p_value),
        number(pair.q_value),
        pair.known.map_or(String::new(), |status| status.code().to_owned()),
        factors.join("; "),
        safe(&evidence.join("; ")),
        safe(&tame(&innocent.join(" "))),
        safe(&tame(&words.say(&pair.check))),
    ]
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn no_text_is_a_formula() {
        for bad in ["=cmd|'/C calc'!A0", "+1", "-1", "@x", "\tx", " =1", "＝1"] {
            assert!(safe(bad).starts_with('\''), "{bad}");
        }
        assert_eq!(safe("王伟"), "王伟");
        assert_eq!(safe("a\0b"), "ab");
    }
}
