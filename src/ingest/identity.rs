//! Whether an id still stands for the person it stood for: two cases that number their people alike
//! must not melt into one without a word.

use std::collections::HashMap;

use super::check::list;
use super::ids;
use super::names;
use super::value;
use crate::model::{Date, Kind, Props, Statement};

/// What tells people apart, in few bytes: hashes of names and card numbers, never their letters.
#[derive(Clone)]
struct Said {
    names: Box<[u64]>,
    born: Option<Date>,
    card: Option<u64>,
}

impl Said {
    fn of(props: &Props) -> Self {
        let name = props.get("name").map(String::as_str).into_iter();
        let aliases = props.get("aliases").into_iter().flat_map(|names| list(names));
        let card = props.get("id_number").map(|card| value::card_key(&value::card(card).0));
        Self {
            names: name.chain(aliases).map(|name| ids::short(&names::folded(name))).collect(),
            born: props.get("birth_date").and_then(|date| date.parse().ok()),
            card: card.map(|card| ids::short(&card)),
        }
    }

    /// Another name, and another birth date or card number: what is missing contradicts nothing.
    fn contradicts(&self, other: &Self) -> bool {
        let named = !self.names.is_empty() && !other.names.is_empty();
        let renamed = named && !self.names.iter().any(|name| other.names.contains(name));
        let carded = matches!((self.card, other.card), (Some(a), Some(b)) if a != b);
        let born = matches!((self.born, other.born), (Some(a), Some(b)) if are_apart(a, b));
        renamed && (carded || born)
    }
}

/// Two dates that cannot be the same day: 1970 and 1970-05 can.
fn are_apart(a: Date, b: Date) -> bool {
    let (a, b) = (a.to_string(), b.to_string());
    !a.starts_with(&b) && !b.starts_with(&a)
}

/// The people of a bundle so far, by hashes of their ids.
#[derive(Default)]
pub(super) struct Identities(HashMap<u64, Said>);

impl Identities {
    /// Whether a statement is about somebody else than what was said before by this id, in the
    /// bundle or in the store (`before`, asked once an id). Somebody on one row only (`comes_again`
    /// is false) need not be remembered.
    pub fn changes(
        &mut self,
        statement: &Statement,
        comes_again: bool,
        before: impl FnOnce() -> Vec<Props>,
    ) -> bool {
        if statement.kind != Kind::Person {
            return false;
        }
        let said = Said::of(&statement.props);
        let id = ids::short(statement.id.as_str());
        if let Some(earlier) = self.0.get(&id) {
            return said.contradicts(earlier);
        }
        let changed = before().iter().any(|earlier| said.contradicts(&Said::of(earlier)));
        if comes_again {
            self.0.insert(id, said);
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str, aliases: &str, born: &str, card: &str) -> Said {
        let all = [("name", name), ("aliases", aliases), ("birth_date", born), ("id_number", card)];
        let there = all.into_iter().filter(|(_, value)| !value.is_empty());
        Said::of(&there.map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
    }

    #[test]
    fn somebody_else_has_another_name_and_another_birth_date_or_card() {
        let first = said("罗铁生", "", "1970-05", "1");
        for (other, expected) in [
            (said("顾明远", "", "1961", ""), true),
            (said("顾明远", "", "", "2"), true),
            (said("顾明远", "罗铁生", "1961", "2"), false),
            (said("罗铁生", "", "1961", "2"), false),
            (said("顾明远", "", "1970", "1"), false),
            (said("顾明远", "", "", ""), false),
            (said("", "", "1961", "2"), false),
        ] {
            assert_eq!(first.contradicts(&other), expected);
            assert_eq!(other.contradicts(&first), expected);
        }
    }
}
