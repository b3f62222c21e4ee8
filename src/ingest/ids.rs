//! Ids for rows and entities that come without one.

use sha2::{Digest, Sha256};

use super::bundle::hex;
use crate::model::{Relation, Table};

/// A hash over fields, each with its length before it so that no two lists look alike.
struct Fields(Sha256);

impl Fields {
    fn new() -> Self {
        Self(Sha256::new())
    }

    fn add(&mut self, field: &str) {
        self.0.update((field.len() as u32).to_le_bytes());
        self.0.update(field);
    }

    fn digits(self, count: usize) -> String {
        let mut hex = hex(&self.0.finalize());
        hex.truncate(count);
        hex
    }
}

/// The id of a relation row without one: `r-` and 24 hex digits of its type, ends, role, dates,
/// count, amount, currency, share and decision. Not of who said it, and not of its note.
pub(super) fn relation(relation: &Relation) -> String {
    let mut fields = Fields::new();
    let values = &relation.values;
    let number =
        |fields: &mut Fields, number: Option<u32>| fields.0.update(number.unwrap_or(0).to_le_bytes());
    fields.add(relation.other_type.as_deref().unwrap_or(relation.ty.code()));
    fields.add(relation.from.as_str());
    fields.add(relation.to.as_str());
    fields.add(relation.role.as_deref().unwrap_or_default());
    number(&mut fields, relation.start.map(|date| date.packed()));
    number(&mut fields, values.end.map(|date| date.packed()));
    fields.add(&values.count.map(|count| count.to_string()).unwrap_or_default());
    fields.add(&values.amount.map(|amount| amount.to_string()).unwrap_or_default());
    fields.add(values.currency.as_deref().unwrap_or_default());
    fields.add(&values.share.map(|share| share.to_string()).unwrap_or_default());
    fields.add(values.decision.map_or("", |decision| decision.code()));
    format!("r-{}", fields.digits(24))
}

/// The id of a row of a table without an `id` column: the table's name and 12 hex digits of what
/// tells its rows apart (for people: name, unit or gang, birth date).
pub(super) fn derived(table: Table, fields: &[&str]) -> String {
    let mut hash = Fields::new();
    hash.add(table.code());
    fields.iter().for_each(|field| hash.add(field));
    format!("{table}-{}", hash.digits(12))
}

/// The `k`th of several that would have the same id: the first has it bare, then `…-2`, `…-3`.
pub(super) fn numbered(id: &str, k: u32) -> String {
    if k < 2 { id.to_owned() } else { format!("{id}-{k}") }
}

/// A short hash for telling texts apart in little memory.
pub(super) fn short(text: &str) -> u64 {
    short_of(&[text])
}

/// A short hash of several texts.
pub(super) fn short_of(texts: &[&str]) -> u64 {
    use std::hash::Hasher;
    let mut hasher = siphasher::sip::SipHasher13::new();
    for text in texts {
        hasher.write(text.as_bytes());
        hasher.write_u8(0xFF);
    }
    hasher.finish()
}
