//! Properties of rows in words: `agency=a01` as "agency District Bureau [a01]".

use std::collections::BTreeMap;

use parasol::messages::Catalogue;
use parasol::model::{Entity, Id, Message};
use parasol::report::document;

/// Columns whose cells are words of closed sets.
const WORDS: [&str; 13] = [
    "channel",
    "class",
    "handling",
    "kind",
    "outcome",
    "protected",
    "reason",
    "role",
    "sector",
    "stage",
    "status",
    "umbrella_finding",
    "value",
];

/// Properties as `label value; …`, those in `but` left out. Entities that they name are looked up
/// among `others`, which are sorted by id.
pub(crate) fn listed(
    words: &Catalogue,
    props: &BTreeMap<String, String>,
    others: &[Entity],
    but: &[&str],
) -> String {
    let shown = props.iter().filter(|(key, _)| !but.contains(&key.as_str()));
    let each = shown.map(|(key, text)| format!("{} {}", label(words, key), value(words, key, text, others)));
    each.collect::<Vec<_>>().join("; ")
}

/// What a column is called; a column outside the contract keeps its name.
pub(crate) fn label(words: &Catalogue, key: &str) -> String {
    let known = |code: &str| {
        let key = format!("col-{}", code.replace('_', "-"));
        words.has(&key).then(|| words.text(&key))
    };
    let as_written = |code: &str| {
        known(code).map(|column| words.say(&Message::new("col-as-written").text("column", column)))
    };
    known(key).or_else(|| as_written(key.strip_suffix("_text")?)).unwrap_or_else(|| key.to_owned())
}

fn value(words: &Catalogue, key: &str, text: &str, others: &[Entity]) -> String {
    if WORDS.contains(&key) {
        return word(words, key, text);
    }
    let part = |id: &str| match document::among(others, &Id::from(id)) {
        Some(entity) => format!("{} [{id}]", short(entity.name())),
        None => id.to_owned(),
    };
    text.split(';').map(part).collect::<Vec<_>>().join(", ")
}

/// A word of a closed set; some mean other things in other places (`closed` of a shop and of a case).
pub(crate) fn word(words: &Catalogue, place: &str, code: &str) -> String {
    let own = format!("{place}_{code}");
    let key = format!("word-{}", own.replace('_', "-"));
    words.word(if words.has(&key) { &own } else { code })
}

/// A name that fits into a line: a lead's name is its whole text.
pub(crate) fn short(name: &str) -> String {
    const LONGEST: usize = 24;
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or(name)),
        None => name.to_owned(),
    }
}
