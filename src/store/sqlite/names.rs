//! Names as they are searched: folded, and read aloud in pinyin.

use unicode_normalization::UnicodeNormalization;

use crate::model::{Kind, Props};

/// The names a row gives: its own and its aliases.
pub(super) fn names_of(kind: Kind, props: &Props) -> impl Iterator<Item = &str> {
    let own = match kind {
        Kind::Case => "title",
        Kind::Lead => "",
        kind if kind.is_object() => "label",
        _ => "name",
    };
    let own = props.get(own).map(String::as_str);
    let aliases = props.get("aliases").map_or("", String::as_str).split(';');
    own.into_iter().chain(aliases).map(str::trim).filter(|name| !name.is_empty())
}

/// A name as names are compared: NFKC, case folded, blanks at the ends cut.
pub(super) fn folded(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).nfkc().collect::<String>().trim().to_owned()
}

/// How a folded name may be read, or `None` if there is nothing Chinese in it.
pub(super) fn readings(_key: &str) -> Option<String> {
    None
}
