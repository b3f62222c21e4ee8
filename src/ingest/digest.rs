//! Digests of inputs that say nothing of protected sources.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::IngestError;
use super::bundle::{Input, Part, hex};
use super::columns::{Col, Set};
use super::layout::Layout;
use super::names;
use super::parts::{self, Event, Flow};
use super::row::RawRow;
use crate::model::{Id, Table};

/// Whether a row of `sources` is one that must stay hidden; a flag that cannot be read hides it too.
pub(super) fn is_protected(layout: &Layout, row: &RawRow) -> bool {
    let flag = layout.get(row, Col::Protected);
    !flag.is_empty() && names::word(Set::Flag, flag) != Some("false")
}

/// Replaces the digests of the inputs that name protected sources by digests of their rows, in
/// which `protected-1`, `protected-2` … stand for them in the order of their appearance, and `protected`
/// for one that is known from elsewhere.
pub(super) fn without_protected(
    parts: &[Part],
    inputs: &mut [Input],
    elsewhere: &BTreeSet<Id>,
) -> Result<(), IngestError> {
    let mut hidden = protected_names(parts)?;
    for id in elsewhere {
        hidden.entry(id.to_string()).or_insert_with(|| "protected".to_owned());
    }
    if hidden.is_empty() {
        return Ok(());
    }
    for (at, input) in inputs.iter_mut().enumerate() {
        let mut hash = Rows { hash: Sha256::new(), replaced: false };
        for part in parts.iter().filter(|part| part.input == at) {
            hash.add(part, &hidden)?;
        }
        if hash.replaced {
            input.sha256 = hex(&hash.hash.finalize());
        }
    }
    Ok(())
}

/// Ids and titles of protected sources, each with what stands for it.
fn protected_names(parts: &[Part]) -> Result<BTreeMap<String, String>, IngestError> {
    let mut hidden = BTreeMap::new();
    let mut number = 0;
    for part in parts.iter().filter(|part| part.table == Table::Sources) {
        parts::read(part, &mut |_| Ok(()), &mut |event| {
            if let Event::Row(layout, row) = event
                && is_protected(layout, row)
            {
                number += 1;
                for col in [Col::Id, Col::Title] {
                    let name = layout.get(row, col).to_owned();
                    hidden.entry(name).or_insert_with(|| format!("protected-{number}"));
                }
            }
            Ok(Flow::On)
        })?;
    }
    hidden.remove("");
    Ok(hidden)
}

struct Rows {
    hash: Sha256,
    replaced: bool,
}

impl Rows {
    fn add(&mut self, part: &Part, hidden: &BTreeMap<String, String>) -> Result<(), IngestError> {
        self.cell(part.table.code());
        parts::read(part, &mut |_| Ok(()), &mut |event| {
            match event {
                Event::Header(layout) => layout.headers.iter().for_each(|header| self.cell(header)),
                Event::Row(layout, row) => self.row(layout, row, hidden),
                Event::Refused(_, reasons) => reasons.iter().for_each(|reason| self.cell(reason.code())),
                Event::HeaderAgain(_) | Event::Merged(_) | Event::Empty => {}
            }
            self.hash.update(b"\n");
            Ok(Flow::On)
        })
    }

    fn row(&mut self, layout: &Layout, row: &RawRow, hidden: &BTreeMap<String, String>) {
        let protected = layout.table == Table::Sources && is_protected(layout, row);
        let id = hidden.get(layout.get(row, Col::Id)).or_else(|| hidden.get(layout.get(row, Col::Title)));
        for at in 0..row.len() {
            let is = |col: Col| layout.at(col) == Some(at);
            if protected && (is(Col::Id) || is(Col::Title) || is(Col::Locator)) {
                self.replaced = true;
                self.cell(id.map_or("protected", String::as_str));
            } else if layout.table != Table::Sources && is(Col::Source) {
                self.sources(row.cell(at), hidden);
            } else {
                self.cell(row.cell(at));
            }
        }
    }

    fn sources(&mut self, cell: &str, hidden: &BTreeMap<String, String>) {
        let names: Vec<&str> = super::check::list(cell)
            .map(|name| match hidden.get(name) {
                Some(stand_in) => {
                    self.replaced = true;
                    stand_in.as_str()
                }
                None => name,
            })
            .collect();
        self.cell(&names.join(";"));
    }

    fn cell(&mut self, text: &str) {
        self.hash.update((text.len() as u64).to_le_bytes());
        self.hash.update(text);
    }
}
