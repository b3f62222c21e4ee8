//! What goes into a store: records that have passed every check.
//!
//! Only `ingest` makes records from outside text; nobody downstream checks them again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::words::words;
use super::{
    Amount, Channel, Credibility, Date, Decision, Handling, Id, Kind, Nature, Reliability, Status, TieType,
};

/// Properties by column name, in name order. Values are the checked, normalised text
/// (ISO dates, plain decimals, English codes); an empty value is never stored.
pub type Props = BTreeMap<String, String>;

words! {
    /// The file or sheet a row belongs to.
    Table {
        /// Who told us.
        Sources = "sources",
        /// Officials, one row a post.
        Officials = "officials",
        /// Gang members, one row a membership.
        GangMembers = "gang_members",
        /// Everybody else.
        People = "people",
        /// Agencies, gangs, companies.
        Organisations = "organisations",
        /// Criminal cases.
        Cases = "cases",
        /// Accounts, phones, vehicles, events.
        Objects = "objects",
        /// Leads.
        Leads = "leads",
        /// Ties.
        Relations = "relations",
        /// What happened to cases and leads.
        Steps = "steps",
    }
}

/// One checked thing to be written.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// A source.
    Source(Source),
    /// What one row says of an entity.
    Statement(Statement),
    /// What one row says of a tie.
    Relation(Relation),
    /// One dated thing that happened to a case or a lead.
    Step(Step),
}

/// A row of `sources.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// The source's id. Of a protected source it is part of who he is.
    pub id: Id,
    /// The channel it came by.
    pub channel: Channel,
    /// What it is; of a protected source, who.
    pub title: Option<String>,
    /// When it spoke.
    pub date: Option<Date>,
    /// How reliable it is; `F` when nobody said.
    pub reliability: Reliability,
    /// The unit that holds it.
    pub unit: Option<String>,
    /// Who may handle it.
    pub handling: Handling,
    /// Who it is must never leave the store.
    pub protected: bool,
    /// Where it is kept.
    pub locator: Option<String>,
    /// Columns not in the contract.
    pub props: Props,
}

/// What of a source is kept from readers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fence {
    /// Who it is.
    pub protected: bool,
    /// All that it says.
    pub sealed: bool,
}

impl Fence {
    /// What one of the two keeps from readers is kept.
    pub fn or(self, other: Self) -> Self {
        Self { protected: self.protected || other.protected, sealed: self.sealed || other.sealed }
    }

    /// Whether anything is kept.
    pub fn is_any(self) -> bool {
        self.protected || self.sealed
    }
}

/// A name of a source of which something is kept from readers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fenced {
    /// Its id, or a title that it has or had.
    pub name: String,
    /// Its id.
    pub id: Id,
    /// What is kept of it.
    pub fence: Fence,
}

impl Source {
    /// What of it is kept from readers.
    pub fn fence(&self) -> Fence {
        Fence { protected: self.protected, sealed: self.handling == Handling::Sealed }
    }
}

/// What one row says of an entity: existence, name, and single facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The entity's id.
    pub id: Id,
    /// What it is.
    pub kind: Kind,
    /// The table the row stood in: `officials` makes a person an official, and so on.
    pub table: Table,
    /// Every column of the row but `id`, `kind` and `source` that is not empty: `name`
    /// (`title` of a case, `label` of an object, `text` of a lead), `aliases` (`;` between), …
    pub props: Props,
    /// Who says so; empty for nobody.
    pub sources: Vec<Id>,
    /// The day we came to know, where the row itself says it (a lead's `received`).
    pub recorded: Option<Date>,
}

/// What one row says of a tie.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// The row's id.
    pub row: Id,
    /// The type.
    pub ty: TieType,
    /// The type's own name, when it is not in the table.
    pub other_type: Option<String>,
    /// One end: who does it.
    pub from: Id,
    /// The other end.
    pub to: Id,
    /// What *from* is to *to*.
    pub role: Option<String>,
    /// Since when, or the day.
    pub start: Option<Date>,
    /// What else the row says.
    pub values: Values,
    /// Whether it is so.
    pub status: Status,
    /// How credible; `None` takes the source's grade.
    pub credibility: Option<Credibility>,
    /// Who says so; one claim each; empty is one claim by nobody.
    pub sources: Vec<Id>,
    /// The day we came to know of it, where the row says it.
    pub recorded: Option<Date>,
}

impl Relation {
    /// The ends and the role in canonical order: a `child` is turned into a `parent`, and the
    /// ends of an undirected tie stand in byte order, so that rows that say the same agree.
    pub fn ends(&self) -> (&Id, &Id, Option<&str>) {
        let role = self.role.as_deref();
        if self.ty == TieType::Family && role == Some("child") {
            (&self.to, &self.from, Some("parent"))
        } else if !self.ty.is_directed(role) && self.to < self.from {
            (&self.to, &self.from, role)
        } else {
            (&self.from, &self.to, role)
        }
    }

    /// The relation with its [`ends`](Self::ends) in canonical order.
    pub fn canonical(mut self) -> Self {
        let (from, to, role) = self.ends();
        (self.from, self.to, self.role) = (from.clone(), to.clone(), role.map(str::to_owned));
        self
    }

    /// Whether two rows are claims about one tie: states that agree in type, ends, role and
    /// start; events that share their row id as well. Both must be [`canonical`](Self::canonical).
    pub fn same_tie(&self, other: &Self) -> bool {
        let key =
            |r: &Self| (r.ty, r.other_type.clone(), r.from.clone(), r.to.clone(), r.role.clone(), r.start);
        key(self) == key(other) && (self.ty.nature() == Nature::State || self.row == other.row)
    }
}

/// What a relation row says beside its ends: these may change from claim to claim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Values {
    /// Until when; [`Date::ONGOING`] for "still so".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<Date>,
    /// How many (calls, meetings) the row stands for; unknown counts as one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// How much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// Of which currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Percent, 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<Amount>,
    /// What was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Columns not in the contract.
    #[serde(skip_serializing_if = "Props::is_empty")]
    pub props: Props,
}

/// A row of `steps.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The row's id.
    pub id: Id,
    /// The case or lead.
    pub subject: Id,
    /// What happened: a word of the contract or any other text.
    pub step: String,
    /// When.
    pub date: Date,
    /// Every other column that is not empty: `person`, `value`, `amount`, `by`, `due`, `reason` …
    pub props: Props,
    /// Who says so.
    pub sources: Vec<Id>,
    /// The day we came to know of it, where the row says it.
    pub recorded: Option<Date>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relation(ty: TieType, from: &str, to: &str, role: Option<&str>) -> Relation {
        Relation {
            row: Id::from("r1"),
            ty,
            other_type: None,
            from: from.into(),
            to: to.into(),
            role: role.map(str::to_owned),
            start: None,
            values: Values::default(),
            status: Status::Confirmed,
            credibility: None,
            sources: vec![],
            recorded: None,
        }
    }

    #[test]
    fn rows_that_say_the_same_agree_after_canonical() {
        let parent = relation(TieType::Family, "a", "b", Some("parent")).canonical();
        let mut child = relation(TieType::Family, "b", "a", Some("child")).canonical();
        child.row = "r2".into();
        assert!(parent.same_tie(&child));
        let spouse = relation(TieType::Family, "b", "a", Some("spouse")).canonical();
        assert_eq!(spouse.from.as_str(), "a");
    }

    #[test]
    fn events_merge_only_by_row_id() {
        let one = relation(TieType::Call, "a", "b", None);
        let mut two = one.clone();
        assert!(one.same_tie(&two));
        two.row = "r2".into();
        assert!(!one.same_tie(&two));
    }
}
