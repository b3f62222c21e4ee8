//! The columns of each table: which are required and what shape their cells have.
//!
//! One entry here and a column is read, checked and kept. Source: the data contract, `docs/DATA.md`.

use crate::model::tie_type::End;
use crate::model::words::words;
use crate::model::{Kind, Table};

words! {
    /// A column of the contract, in any table.
    Col {
        /// Who or what.
        Id = "id",
        /// How a source or a lead came.
        Channel = "channel",
        /// Of a source or a case.
        Title = "title",
        /// Of a source, an object, a step.
        Date = "date",
        /// Admiralty A to F.
        Reliability = "reliability",
        /// Of a source (text) or a lead (organisation).
        Unit = "unit",
        /// Who may handle a source.
        Handling = "handling",
        /// Who the source is must not leave the store.
        Protected = "protected",
        /// Where a source is kept.
        Locator = "locator",
        /// Of a person or organisation.
        Name = "name",
        /// Other names.
        Aliases = "aliases",
        /// Identity card number.
        IdNumber = "id_number",
        /// Where an official serves.
        Agency = "agency",
        /// An official's post.
        Post = "post",
        /// An official's rank.
        Rank = "rank",
        /// Since when.
        Start = "start",
        /// Until when.
        End = "end",
        /// For which place.
        Jurisdiction = "jurisdiction",
        /// Born.
        BirthDate = "birth_date",
        /// From where.
        Hometown = "hometown",
        /// Who says so.
        Source = "source",
        /// Of a member or a case.
        Gang = "gang",
        /// In a gang, or in a tie.
        Role = "role",
        /// What somebody does for a living.
        Occupation = "occupation",
        /// Of an organisation or object.
        Kind = "kind",
        /// Of a gang or a case.
        Class = "class",
        /// Of an agency.
        Sector = "sector",
        /// What an organisation belongs to.
        Parent = "parent",
        /// Company registration.
        CreditCode = "credit_code",
        /// Of a case.
        Suspects = "suspects",
        /// When a case was opened.
        Opened = "opened",
        /// When a case was closed.
        Closed = "closed",
        /// Where a case stands.
        Stage = "stage",
        /// How a case or a raid ended.
        Outcome = "outcome",
        /// What a case's review said.
        UmbrellaFinding = "umbrella_finding",
        /// Who signed a case off.
        SignedBy = "signed_by",
        /// The day of the sign-off.
        Signed = "signed",
        /// What an object is called.
        Label = "label",
        /// Account, phone, plate.
        Number = "number",
        /// When a lead came.
        Received = "received",
        /// What a lead says.
        Text = "text",
        /// Whom a lead is about.
        About = "about",
        /// Of a lead or a tie.
        Status = "status",
        /// By when.
        Due = "due",
        /// Of a tie.
        Type = "type",
        /// One end.
        From = "from",
        /// The other end.
        To = "to",
        /// How many.
        Count = "count",
        /// How much.
        Amount = "amount",
        /// Of which money.
        Currency = "currency",
        /// Percent.
        Share = "share",
        /// What was decided.
        Decision = "decision",
        /// Admiralty 1 to 6.
        Credibility = "credibility",
        /// The day we came to know.
        Recorded = "recorded",
        /// Free text.
        Note = "note",
        /// What a step happened to.
        Subject = "subject",
        /// What happened.
        Step = "step",
        /// To whom.
        Person = "person",
        /// The charge or class.
        Value = "value",
        /// Handed over by.
        FromUnit = "from_unit",
        /// Handed over to.
        ToUnit = "to_unit",
        /// Who did it.
        By = "by",
        /// Why.
        Reason = "reason",
    }
}

/// A closed or half-open set of words that cells are checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Set {
    /// Channels.
    Channel,
    /// Source grades.
    Reliability,
    /// Information grades.
    Credibility,
    /// Handling codes.
    Handling,
    /// Kinds of organisation.
    OrganisationKind,
    /// Kinds of object.
    ObjectKind,
    /// Classes of gangs and cases.
    GangClass,
    /// Roles in a gang.
    MemberRole,
    /// Kinship.
    FamilyRole,
    /// Acquaintance.
    AssociateRole,
    /// Parts played in a case.
    HandledRole,
    /// Stages of a case.
    CaseStage,
    /// What a review found.
    UmbrellaFinding,
    /// How a raid ended.
    RaidOutcome,
    /// Where a lead stands.
    LeadStatus,
    /// Whether a tie is so.
    Status,
    /// What was decided.
    Decision,
    /// Types of ties.
    TieType,
    /// Yes and no.
    Flag,
    /// Steps that the program knows (others are kept, with a notice).
    Step,
    /// Sectors that the program knows (others are kept).
    Sector,
    /// Currencies that have names (others are kept).
    Currency,
}

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The row's own id.
    Id,
    /// Any text.
    Text,
    /// Several texts with `;` between.
    List,
    /// A date, perhaps partial.
    Date,
    /// A date, or "still so".
    Until,
    /// A word of a closed set.
    Word(Set),
    /// A word of an open set: known words get their code, any other text is kept.
    Open(Set),
    /// An entity, by id or by a name that only one has.
    Ref(&'static [End]),
    /// Several entities.
    Refs(&'static [End]),
    /// An entity if it is one, else text that is kept, with a notice.
    Mention(&'static [End]),
    /// Sources, by id or by title.
    Sources,
    /// An identity card number.
    IdNumber,
    /// A sum of money.
    Amount,
    /// A currency.
    Currency,
    /// A number of things.
    Count,
    /// Percent.
    Share,
    /// Checked together with other cells of the row (a role with its type).
    Special,
}

/// One column of one table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Which.
    pub col: Col,
    /// A row without it is rejected, a file without it refused (but for `id`, which is derived).
    pub required: bool,
    /// What its cells hold.
    pub shape: Shape,
}

const fn must(col: Col, shape: Shape) -> Column {
    Column { col, required: true, shape }
}

const fn may(col: Col, shape: Shape) -> Column {
    Column { col, required: false, shape }
}

use Shape::{
    Amount, Currency, Date, IdNumber, List, Mention, Open, Ref, Refs, Sources, Special, Text, Until, Word,
};

const AGENCY: &[End] = &[End::Agency];
const GANG: &[End] = &[End::Gang];
const ORGANISATION: &[End] = &[End::Organisation];
const PERSON: &[End] = &[End::Person];
const WHOM: &[End] = &[End::Person, End::Organisation];
const MATTER: &[End] = &[End::Case, End::Lead];
const ANY: &[End] = &[End::Any];

const SOURCES: &[Column] = &[
    must(Col::Id, Shape::Id),
    must(Col::Channel, Word(Set::Channel)),
    may(Col::Title, Text),
    may(Col::Date, Date),
    may(Col::Reliability, Word(Set::Reliability)),
    may(Col::Unit, Text),
    may(Col::Handling, Word(Set::Handling)),
    may(Col::Protected, Word(Set::Flag)),
    may(Col::Locator, Text),
];

const OFFICIALS: &[Column] = &[
    must(Col::Id, Shape::Id),
    must(Col::Name, Text),
    may(Col::Aliases, List),
    may(Col::IdNumber, IdNumber),
    may(Col::Agency, Ref(AGENCY)),
    may(Col::Post, Text),
    may(Col::Rank, Text),
    may(Col::Start, Date),
    may(Col::End, Until),
    may(Col::Jurisdiction, Text),
    may(Col::BirthDate, Date),
    may(Col::Hometown, Text),
    may(Col::Source, Sources),
];

const GANG_MEMBERS: &[Column] = &[
    must(Col::Id, Shape::Id),
    must(Col::Name, Text),
    may(Col::Aliases, List),
    may(Col::IdNumber, IdNumber),
    may(Col::Gang, Ref(GANG)),
    may(Col::Role, Word(Set::MemberRole)),
    may(Col::Start, Date),
    may(Col::End, Until),
    may(Col::BirthDate, Date),
    may(Col::Hometown, Text),
    may(Col::Source, Sources),
];

const PEOPLE: &[Column] = &[
    must(Col::Id, Shape::Id),
    must(Col::Name, Text),
    may(Col::Aliases, List),
    may(Col::IdNumber, IdNumber),
    may(Col::BirthDate, Date),
    may(Col::Hometown, Text),
    may(Col::Occupation, Text),
    may(Col::Source, Sources),
];

const ORGANISATIONS: &[Column] = &[
    must(Col::Id, Shape::Id),
    must(Col::Name, Text),
    may(Col::Aliases, List),
    must(Col::Kind, Word(Set::OrganisationKind)),
    may(Col::Class, Word(Set::GangClass)),
    may(Col::Sector, Open(Set::Sector)),
    may(Col::Parent, Ref(ORGANISATION)),
    may(Col::Jurisdiction, Text),
    may(Col::CreditCode, Text),
    may(Col::Source, Sources),
];

const CASES: &[Column] = &[
    must(Col::Id, Shape::Id),
    must(Col::Title, Text),
    may(Col::Class, Word(Set::GangClass)),
    may(Col::Gang, Ref(GANG)),
    may(Col::Suspects, Refs(PERSON)),
    may(Col::Jurisdiction, Text),
    may(Col::Opened, Date),
    may(Col::Closed, Date),
    may(Col::Stage, Word(Set::CaseStage)),
    may(Col::Outcome, Text),
    may(Col::UmbrellaFinding, Word(Set::UmbrellaFinding)),
    may(Col::SignedBy, Ref(&[End::Official])),
    may(Col::Signed, Date),
    may(Col::Source, Sources),
];

const OBJECTS: &[Column] = &[
    must(Col::Id, Shape::Id),
    must(Col::Kind, Word(Set::ObjectKind)),
    may(Col::Label, Text),
    may(Col::Number, Text),
    may(Col::Date, Date),
    may(Col::Outcome, Word(Set::RaidOutcome)),
    may(Col::Source, Sources),
];

const LEADS: &[Column] = &[
    must(Col::Id, Shape::Id),
    must(Col::Received, Date),
    must(Col::Channel, Word(Set::Channel)),
    must(Col::Text, Text),
    may(Col::About, Refs(WHOM)),
    may(Col::Unit, Ref(ORGANISATION)),
    may(Col::Status, Word(Set::LeadStatus)),
    may(Col::Due, Date),
    may(Col::Source, Sources),
];

const RELATIONS: &[Column] = &[
    may(Col::Id, Shape::Id),
    must(Col::Type, Special),
    must(Col::From, Ref(ANY)),
    must(Col::To, Ref(ANY)),
    may(Col::Role, Special),
    may(Col::Start, Date),
    may(Col::End, Until),
    may(Col::Count, Shape::Count),
    may(Col::Amount, Amount),
    may(Col::Currency, Currency),
    may(Col::Share, Shape::Share),
    may(Col::Decision, Special),
    may(Col::Status, Word(Set::Status)),
    may(Col::Source, Sources),
    may(Col::Credibility, Word(Set::Credibility)),
    may(Col::Recorded, Date),
    may(Col::Note, Text),
];

const STEPS: &[Column] = &[
    must(Col::Id, Shape::Id),
    must(Col::Subject, Ref(MATTER)),
    must(Col::Step, Open(Set::Step)),
    must(Col::Date, Date),
    may(Col::Person, Ref(PERSON)),
    may(Col::Value, Open(Set::GangClass)),
    may(Col::Amount, Amount),
    may(Col::Currency, Currency),
    may(Col::FromUnit, Mention(ORGANISATION)),
    may(Col::ToUnit, Mention(ORGANISATION)),
    may(Col::By, Mention(WHOM)),
    may(Col::Due, Date),
    may(Col::Reason, Text),
    may(Col::Source, Sources),
    may(Col::Recorded, Date),
];

/// The columns of a table, in the contract's order.
pub fn columns(table: Table) -> &'static [Column] {
    match table {
        Table::Sources => SOURCES,
        Table::Officials => OFFICIALS,
        Table::GangMembers => GANG_MEMBERS,
        Table::People => PEOPLE,
        Table::Organisations => ORGANISATIONS,
        Table::Cases => CASES,
        Table::Objects => OBJECTS,
        Table::Leads => LEADS,
        Table::Relations => RELATIONS,
        Table::Steps => STEPS,
    }
}

/// The kind of whatever stands in a table, where the table alone says it.
pub fn kind_of(table: Table) -> Option<Kind> {
    match table {
        Table::Officials | Table::GangMembers | Table::People => Some(Kind::Person),
        Table::Cases => Some(Kind::Case),
        Table::Leads => Some(Kind::Lead),
        Table::Organisations | Table::Objects | Table::Sources | Table::Relations | Table::Steps => None,
    }
}

/// The tables of entities in the order in which their records are handed out.
pub const ENTITY_TABLES: [Table; 7] = [
    Table::Organisations,
    Table::People,
    Table::Officials,
    Table::GangMembers,
    Table::Objects,
    Table::Cases,
    Table::Leads,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_table_has_a_column_twice_and_all_but_relations_need_an_id() {
        for &table in Table::ALL {
            let mut cols: Vec<Col> = columns(table).iter().map(|column| column.col).collect();
            let all = cols.len();
            cols.sort();
            cols.dedup();
            assert_eq!(cols.len(), all, "{table}");
            let id = columns(table).iter().find(|column| column.col == Col::Id).unwrap();
            assert_eq!(id.required, table != Table::Relations, "{table}");
        }
    }
}
