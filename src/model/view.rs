//! What comes out of a store: entities with their facts, ties with their claims.
//!
//! A view is already cut to what its reader may see and to what was known on his day; nothing
//! downstream filters again.

use super::{
    Channel, Credibility, Date, Handling, Id, Kind, Props, Reliability, Status, Table, TieType, Values,
};

/// Who says something, as far as a reader may know.
///
/// Two claims with equal voices are one voice. The number of a protected source depends only on
/// the order in which sources came in, never on who they are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Voice {
    /// No source was named: all such claims are one voice together.
    Nobody,
    /// An open source, by its id.
    Source(Id),
    /// A protected source, by a number that says nothing of who it is.
    Protected(u32),
}

/// What one row said of an entity, as a reader sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// The table the row stood in.
    pub table: Table,
    /// The row's columns (see [`super::Statement::props`]).
    pub props: Props,
    /// Who says so.
    pub voice: Voice,
    /// The day we came to know, if any.
    pub known: Option<Date>,
    /// The number of the change that wrote it.
    pub change: u64,
}

/// An entity with everything that is said of it, earliest known first.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// Its id.
    pub id: Id,
    /// What it is.
    pub kind: Kind,
    /// What is said of it, sorted by (known, change, table, props); never empty.
    pub facts: Vec<Fact>,
}

impl Entity {
    /// The value of a property that was recorded last.
    pub fn prop(&self, name: &str) -> Option<&str> {
        self.facts.iter().rev().find_map(|fact| fact.props.get(name)).map(String::as_str)
    }

    /// Its name: `name`, or a case's `title`, an object's `label` or `number`, a lead's `text`; else its id.
    pub fn name(&self) -> &str {
        let key = match self.kind {
            Kind::Case => "title",
            Kind::Lead => "text",
            kind if kind.is_object() => "label",
            _ => "name",
        };
        self.prop(key).or_else(|| self.prop("number")).unwrap_or(self.id.as_str())
    }

    /// Its other names, in the order they came, each once.
    pub fn aliases(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        let own = self.name();
        let all = self.facts.iter().flat_map(|fact| {
            let aliases = fact.props.get("aliases").map_or("", String::as_str).split(';');
            aliases.chain(fact.props.get("name").map(String::as_str))
        });
        for name in all.map(str::trim).filter(|name| !name.is_empty() && *name != own) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Whether some row of this table speaks of it: `Table::Officials` for an official.
    pub fn stands_in(&self, table: Table) -> bool {
        self.facts.iter().any(|fact| fact.table == table)
    }
}

/// What one row says of a tie by one voice.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The row's id: what `relations` and `evidence` lists hold.
    pub row: Id,
    /// Who says so.
    pub voice: Voice,
    /// How reliable the source is; `F` for nobody.
    pub reliability: Reliability,
    /// How credible the information is.
    pub credibility: Credibility,
    /// Whether it is so.
    pub status: Status,
    /// The day we came to know, if any.
    pub known: Option<Date>,
    /// What else the row says.
    pub values: Values,
    /// The number of the change that wrote it.
    pub change: u64,
}

/// A tie with its claims, earliest known first.
///
/// Of one row and one voice only the latest word (by known, then change) is among the claims;
/// what it said before is history. A tie without a claim is not in a view.
#[derive(Clone, Debug, PartialEq)]
pub struct Tie {
    /// The type.
    pub ty: TieType,
    /// The type's own name, when it is not in the table.
    pub other_type: Option<String>,
    /// One end.
    pub from: Id,
    /// The other end.
    pub to: Id,
    /// What *from* is to *to*.
    pub role: Option<String>,
    /// Since when, or the day.
    pub start: Option<Date>,
    /// What is said, sorted by (known, change, row, voice); never empty.
    pub claims: Vec<Claim>,
}

impl Tie {
    /// The ids of the rows behind the tie, sorted, each once.
    pub fn rows(&self) -> Vec<&Id> {
        let mut rows: Vec<&Id> = self.claims.iter().map(|claim| &claim.row).collect();
        rows.sort();
        rows.dedup();
        rows
    }

    /// What the tie's latest claim says, but for a refuting one: what is denied says nothing of how much
    /// it would have been.
    pub fn said(&self) -> Option<&Values> {
        let said = self.claims.iter().rev().find(|claim| claim.status != Status::Refuted);
        said.or(self.claims.last()).map(|claim| &claim.values)
    }

    /// What was recorded last of the tie's values.
    pub fn values(&self) -> Option<&Values> {
        self.claims.last().map(|claim| &claim.values)
    }
}

/// What a reader may know of a source.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceCard {
    /// How claims name it.
    pub voice: Voice,
    /// The channel.
    pub channel: Channel,
    /// What it is; `None` for a protected source.
    pub title: Option<String>,
    /// When it spoke.
    pub date: Option<Date>,
    /// How reliable it is.
    pub reliability: Reliability,
    /// The unit that holds it.
    pub unit: Option<String>,
    /// Who may handle it.
    pub handling: Handling,
    /// Where it is kept; `None` for a protected source.
    pub locator: Option<String>,
}
