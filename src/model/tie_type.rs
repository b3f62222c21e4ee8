//! The table of relation types: layer, nature, direction, ends, roles, decisions.
//!
//! Everything that depends on what a relation *is* asks this table, so that a new type is one
//! entry here. Source: the data contract, `docs/DATA.md`.

use super::words::{Decision, Kind, Layer, words};

words! {
    /// The type of a tie. `Other` stands for any type not in the table; its text is kept beside it.
    TieType {
        /// Kin.
        Family = "family",
        /// Friends, classmates, comrades, sworn siblings.
        Associate = "associate",
        /// People who met.
        Meeting = "meeting",
        /// Who was at an event.
        Attended = "attended",
        /// Calls between people or phones.
        Call = "call",
        /// Money from one to another.
        Payment = "payment",
        /// Shares in a company.
        Ownership = "ownership",
        /// A seat on a company's board.
        Directorship = "directorship",
        /// A job.
        Employment = "employment",
        /// A gift.
        Gift = "gift",
        /// Who holds an account, a phone, a car, a flat.
        Holder = "holder",
        /// An official's post at an agency.
        Post = "post",
        /// Who is over whom.
        Supervises = "supervises",
        /// Who worked a case, and what he decided.
        Handled = "handled",
        /// Who inspected a company.
        Inspected = "inspected",
        /// Who dealt with a company's permit.
        Licensed = "licensed",
        /// Who checked a lead or signed off a case.
        Reviewed = "reviewed",
        /// Who knew of an event beforehand.
        Briefed = "briefed",
        /// What a raid was for.
        Targets = "targets",
        /// Membership of a gang.
        Member = "member",
        /// Suspect in a case.
        Suspect = "suspect",
        /// A gang's company.
        Controls = "controls",
        /// Whom a lead is about.
        About = "about",
        /// An umbrella tie on record.
        Protects = "protects",
        /// Likely the same person (computed, never read from a file).
        Same = "same",
        /// Any other type.
        Other = "other",
    }
}

/// Whether rows that say the same thing are one tie or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// Something that holds for a time: rows that agree in type, ends, role and start are one tie.
    State,
    /// Something that happened: rows are one tie only when they share an id.
    Event,
}

/// What may stand at an end of a tie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// A person.
    Person,
    /// A person in his capacity as an official. Any person will do, with a notice.
    Official,
    /// An agency.
    Agency,
    /// A gang.
    Gang,
    /// A company.
    Company,
    /// Any organisation.
    Organisation,
    /// A case.
    Case,
    /// A lead.
    Lead,
    /// An account.
    Account,
    /// A phone.
    Phone,
    /// An event.
    Event,
    /// Anything of `objects.csv`.
    Object,
    /// Anything at all.
    Any,
}

impl End {
    /// Whether something of this kind may stand here.
    pub fn takes(self, kind: Kind) -> bool {
        match self {
            Self::Person | Self::Official => kind == Kind::Person,
            Self::Agency => kind == Kind::Agency,
            Self::Gang => kind == Kind::Gang,
            Self::Company => kind == Kind::Company,
            Self::Organisation => kind.is_organisation(),
            Self::Case => kind == Kind::Case,
            Self::Lead => kind == Kind::Lead,
            Self::Account => kind == Kind::Account,
            Self::Phone => kind == Kind::Phone,
            Self::Event => kind == Kind::Event,
            Self::Object => kind.is_object(),
            Self::Any => true,
        }
    }
}

use Decision as D;

const FAMILY: &[&str] = &["spouse", "parent", "child", "sibling", "in_law", "other"];
const ASSOCIATE: &[&str] =
    &["friend", "classmate", "comrade", "same_hometown", "former_colleague", "sworn_sibling", "other"];
const MEMBER: &[&str] = &["leader", "core", "member", "associate"];
const HANDLED: &[&str] = &["investigator", "approver", "prosecutor", "judge", "reviewer", "lead_supervisor"];

impl TieType {
    /// State or event. Types outside the table are events: never merged by mistake.
    pub const fn nature(self) -> Nature {
        match self {
            Self::Call
            | Self::Payment
            | Self::Gift
            | Self::Meeting
            | Self::Attended
            | Self::Handled
            | Self::Inspected
            | Self::Licensed
            | Self::Reviewed
            | Self::Briefed
            | Self::Other => Nature::Event,
            Self::Family
            | Self::Associate
            | Self::Ownership
            | Self::Directorship
            | Self::Employment
            | Self::Holder
            | Self::Post
            | Self::Supervises
            | Self::Targets
            | Self::Member
            | Self::Suspect
            | Self::Controls
            | Self::About
            | Self::Protects
            | Self::Same => Nature::State,
        }
    }

    /// The layer, given what the tie leads to (a `holder` takes the layer of its object).
    pub const fn layer(self, to: Kind) -> Layer {
        match self {
            Self::Family => Layer::Kinship,
            Self::Associate | Self::Meeting | Self::Attended => Layer::Social,
            Self::Call => Layer::Communication,
            Self::Payment | Self::Ownership | Self::Directorship | Self::Employment | Self::Gift => {
                Layer::Money
            }
            Self::Holder => match to {
                Kind::Account => Layer::Money,
                Kind::Phone => Layer::Communication,
                _ => Layer::Social,
            },
            Self::Post
            | Self::Supervises
            | Self::Handled
            | Self::Inspected
            | Self::Licensed
            | Self::Reviewed
            | Self::Briefed
            | Self::Targets => Layer::Duty,
            Self::Member | Self::Suspect | Self::Controls => Layer::Crime,
            Self::About => Layer::Report,
            Self::Protects => Layer::Finding,
            Self::Other => Layer::Other,
            Self::Same => Layer::Identity,
        }
    }

    /// Whether the tie has a direction. A `parent` is directed, every other kinship is not.
    pub fn is_directed(self, role: Option<&str>) -> bool {
        match self {
            Self::Family => matches!(role, Some("parent" | "child")),
            Self::Associate | Self::Meeting | Self::Same => false,
            _ => true,
        }
    }

    /// What may stand at the two ends; an end of another kind is a notice, not a rejection.
    pub const fn ends(self) -> (&'static [End], &'static [End]) {
        use End as E;
        match self {
            Self::Family | Self::Meeting | Self::Gift => (&[E::Person], &[E::Person]),
            Self::Associate => (&[E::Person, E::Organisation], &[E::Person, E::Organisation]),
            Self::Attended => (&[E::Person], &[E::Event]),
            Self::Call => (&[E::Person, E::Phone], &[E::Person, E::Phone]),
            Self::Payment => {
                (&[E::Person, E::Organisation, E::Account], &[E::Person, E::Organisation, E::Account])
            }
            Self::Ownership => (&[E::Person, E::Organisation], &[E::Company]),
            Self::Directorship => (&[E::Person], &[E::Company]),
            Self::Employment => (&[E::Person], &[E::Organisation]),
            Self::Holder => (&[E::Person, E::Organisation], &[E::Object]),
            Self::Post => (&[E::Official], &[E::Agency]),
            Self::Supervises => (&[E::Official], &[E::Official]),
            Self::Handled => (&[E::Official], &[E::Case]),
            Self::Inspected | Self::Licensed => (&[E::Official], &[E::Company]),
            Self::Reviewed => (&[E::Official], &[E::Lead, E::Case]),
            Self::Briefed => (&[E::Official], &[E::Event]),
            Self::Targets => (&[E::Event], &[E::Gang, E::Organisation, E::Person]),
            Self::Member => (&[E::Person], &[E::Gang]),
            Self::Suspect => (&[E::Person], &[E::Case]),
            Self::Controls => (&[E::Gang], &[E::Company]),
            Self::About => (&[E::Lead], &[E::Person, E::Organisation]),
            Self::Protects => (&[E::Official], &[E::Gang]),
            Self::Same => (&[E::Person], &[E::Person]),
            Self::Other => (&[E::Any], &[E::Any]),
        }
    }

    /// The roles the type knows, or `None` where any text will do.
    pub const fn roles(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Family => Some(FAMILY),
            Self::Associate => Some(ASSOCIATE),
            Self::Member => Some(MEMBER),
            Self::Handled => Some(HANDLED),
            _ => None,
        }
    }

    /// Whether a person who stands at its `from` is taken as an official: it is an official's post or
    /// duty.
    pub const fn makes_official(self) -> bool {
        use TieType as T;
        matches!(self, T::Post | T::Handled | T::Inspected | T::Licensed | T::Reviewed | T::Briefed)
    }

    /// The decisions the type knows; empty where it has none.
    pub const fn decisions(self) -> &'static [Decision] {
        match self {
            Self::Handled => &[
                D::Charged,
                D::Downgraded,
                D::Dropped,
                D::NotProsecuted,
                D::Bail,
                D::SuspendedSentence,
                D::Commuted,
                D::Paroled,
                D::AssetsReturned,
                D::None,
            ],
            Self::Inspected => &[D::Fined, D::Warned, D::Passed, D::Waived, D::Closed],
            Self::Licensed => &[D::Granted, D::Refused],
            Self::Reviewed => &[D::Verified, D::Unfounded, D::NoUmbrella],
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_ends_and_decisions_only_on_duty() {
        for &tie in TieType::ALL {
            assert!(!tie.ends().0.is_empty() && !tie.ends().1.is_empty(), "{tie}");
            if !tie.decisions().is_empty() {
                assert_eq!(tie.layer(Kind::Case), Layer::Duty, "{tie}");
            }
        }
    }

    #[test]
    fn a_holder_takes_the_layer_of_its_object() {
        assert_eq!(TieType::Holder.layer(Kind::Account), Layer::Money);
        assert_eq!(TieType::Holder.layer(Kind::Phone), Layer::Communication);
        assert_eq!(TieType::Holder.layer(Kind::Vehicle), Layer::Social);
    }
}
