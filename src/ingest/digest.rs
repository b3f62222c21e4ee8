//! Digests of inputs that say nothing of protected sources.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};
use toml::Value;

use super::IngestError;
use super::bundle::{GoOn, Input, Part, hex};
use super::check::{list, parts};
use super::columns::{Col, Set};
use super::entity::fence;
use super::layout::Layout;
use super::mapping::Mapping;
use super::names;
use super::parts::{self as tables, Event, Flow};
use super::row::RawRow;
use crate::model::Table;

/// Replaces the digests of the inputs that name protected sources by digests of their rows, in
/// which `protected-1`, `protected-2` … stand for them in the order of their appearance, and `protected`
/// for one that is known from elsewhere. A mapping is the first input, and is hashed as what it says.
pub(super) fn without_protected(
    parts: &[Part],
    inputs: &mut [Input],
    mapping: &Mapping,
    elsewhere: &BTreeSet<String>,
    go_on: GoOn<'_>,
) -> Result<(), IngestError> {
    let mut hidden = protected_names(parts, go_on)?;
    for name in elsewhere {
        hidden.entry(name.clone()).or_insert_with(|| "protected".to_owned());
    }
    if hidden.is_empty() {
        return Ok(());
    }
    let is_mapped = usize::from(!mapping.text.is_empty());
    if let Some(input) = inputs.first_mut().filter(|_| is_mapped > 0) {
        input.sha256 = of_mapping(mapping, &hidden).unwrap_or_else(|| input.sha256.clone());
    }
    for (at, input) in inputs.iter_mut().enumerate().skip(is_mapped) {
        let mut hash = Rows { hash: Sha256::new(), replaced: false };
        for part in parts.iter().filter(|part| part.input == at) {
            hash.add(part, &hidden, go_on)?;
        }
        if hash.replaced {
            input.sha256 = hex(&hash.hash.finalize());
        }
    }
    Ok(())
}

/// Ids and titles of protected sources, each with what stands for it.
fn protected_names(parts: &[Part], go_on: GoOn<'_>) -> Result<BTreeMap<String, String>, IngestError> {
    let mut hidden = BTreeMap::new();
    let mut number = 0;
    for part in parts.iter().filter(|part| part.table == Table::Sources) {
        tables::read(part, &mut |_| go_on(), &mut |event| {
            if let Event::Row(layout, row) = event
                && fence(layout, row).protected
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

/// The digest of what a mapping says, comments apart, with what stands for the sources that it names; nothing where
/// it names none.
fn of_mapping(mapping: &Mapping, hidden: &BTreeMap<String, String>) -> Option<String> {
    let file: toml::Table = toml::from_str(std::str::from_utf8(&mapping.text).ok()?).ok()?;
    let mut said = Said { hidden, replaced: false };
    let parts = file.iter().map(|(name, value)| match value {
        Value::Array(rows) if name == "sources" => {
            let rows: Vec<String> = rows.iter().map(|row| said.source(row)).collect();
            format!("{name}={}", rows.join(""))
        }
        value => format!("{name}={}", said.told(value, Place::Columns)),
    });
    let text: Vec<String> = parts.collect();
    said.replaced.then(|| hex(&Sha256::digest(text.join("\n"))))
}

/// What a value of a mapping stands under.
#[derive(Clone, Copy)]
enum Place {
    /// Names of columns stand in it.
    Columns,
    /// A column that may say who a source is.
    Of(Col),
    /// Neither.
    Other,
}

impl Place {
    /// What stands under a name of this place.
    fn under(self, name: &str) -> Self {
        let col = |table: &Table| names::header(*table, name).filter(|col| NAMING.contains(col));
        match self {
            // There are headers, not words.
            Self::Columns if name == "columns" => Self::Other,
            Self::Columns => Table::ALL.iter().find_map(col).map_or(Self::Columns, Self::Of),
            Self::Of(_) | Self::Other => self,
        }
    }
}

/// Columns that say who a source is.
const NAMING: [Col; 4] = [Col::Id, Col::Title, Col::Locator, Col::Source];

/// What a mapping says, in one order whoever the hidden sources are.
struct Said<'a> {
    hidden: &'a BTreeMap<String, String>,
    replaced: bool,
}

impl Said<'_> {
    /// A row of `[[sources]]`: where an open one stands is no secret.
    fn source(&mut self, row: &Value) -> String {
        let Value::Table(words) = row else { return String::new() };
        let is_flag = |name: &str| names::header(Table::Sources, name) == Some(Col::Protected);
        let flag = words.iter().find(|(name, _)| is_flag(name)).and_then(|(_, flag)| flag.as_str());
        let open = flag.is_none_or(|flag| flag.is_empty() || names::word(Set::Flag, flag) == Some("false"));
        let pairs = words.iter().map(|(name, value)| {
            let place = match Place::Columns.under(name) {
                Place::Of(Col::Locator) if open => Place::Other,
                place => place,
            };
            format!("{}{}", lengthy(name), self.told(value, place))
        });
        format!("{{{}}}", pairs.collect::<String>())
    }

    fn told(&mut self, value: &Value, place: Place) -> String {
        match value {
            Value::String(text) => lengthy(&self.text(text, place)),
            Value::Array(each) => {
                format!("[{}]", each.iter().map(|value| self.told(value, place)).collect::<String>())
            }
            Value::Table(words) => {
                let mut pairs: Vec<String> = words.iter().map(|word| self.pair(word, place)).collect();
                pairs.sort();
                format!("{{{}}}", pairs.concat())
            }
            other => lengthy(&format!("{other:?}")),
        }
    }

    /// A name with what it stands for. Their word for a hidden source is as telling as ours.
    fn pair(&mut self, (name, value): (&String, &Value), place: Place) -> String {
        let under = place.under(name);
        let told = self.told(value, under);
        let hides = match (place, value) {
            (Place::Of(col), Value::String(text)) => self.text(text, Place::Of(col)) != *text,
            _ => false,
        };
        let name = if hides { "protected" } else { name };
        format!("{}{told}", lengthy(name))
    }

    fn text(&mut self, text: &str, place: Place) -> String {
        let Place::Of(col) = place else { return text.to_owned() };
        let told = match col {
            Col::Locator => "protected".to_owned(),
            Col::Source => {
                let each =
                    super::check::list(text).map(|name| self.hidden.get(name).map_or(name, String::as_str));
                each.collect::<Vec<_>>().join(";")
            }
            _ => self.hidden.get(text).cloned().unwrap_or_else(|| text.to_owned()),
        };
        self.replaced |= told != text;
        told
    }
}

/// A text that cannot run into the next.
fn lengthy(text: &str) -> String {
    format!("{}:{text}", text.len())
}

struct Rows {
    hash: Sha256,
    replaced: bool,
}

impl Rows {
    fn add(
        &mut self,
        part: &Part,
        hidden: &BTreeMap<String, String>,
        go_on: GoOn<'_>,
    ) -> Result<(), IngestError> {
        self.cell(part.table.code());
        tables::read(part, &mut |_| go_on(), &mut |event| {
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
        let id = hidden.get(layout.get(row, Col::Id)).or_else(|| hidden.get(layout.get(row, Col::Title)));
        // One that is protected elsewhere stays so in a row that forgets to say it.
        let protected = layout.table == Table::Sources && (fence(layout, row).protected || id.is_some());
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
        let names: Vec<&str> = list(cell)
            .map(|name| match hidden.get(name) {
                Some(stand_in) => {
                    self.replaced = true;
                    stand_in.as_str()
                }
                None if parts(name).any(|part| hidden.contains_key(part)) => {
                    self.replaced = true;
                    "protected"
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
