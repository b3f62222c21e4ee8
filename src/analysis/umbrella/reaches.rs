//! How far each mechanism reads, as tables (see [`crate::network::reach`]).
//!
//! All start from the gang and its cases. The work, the companies and the reports around the gang
//! are read first ([`SIDE`]), then the mechanism's own way outward, then the kin of whoever was
//! met, and last the circle and the own work of every official that was met, whatever his cap.

use crate::model::Kind::{
    self, Account, Address, Case, Company, Event, Gang, Lead, Organisation, Person, Phone,
};
use crate::model::TieType::{
    About, Associate, Attended, Briefed, Call, Controls, Directorship, Employment, Family, Gift, Handled,
    Holder, Inspected, Licensed, Meeting, Member, Ownership, Payment, Post, Protects, Reviewed, Same,
    Suspect, Targets,
};
use crate::network::reach::{Reach, Rule, Stage, Way};

/// Ties that a go-between may have before he is a hub whose ways say nothing.
const HUB: u32 = 400;

const PAYERS: &[Kind] = &[Person, Company, Organisation, Gang, Account];

const fn rule(
    from: &'static [Kind],
    types: &'static [crate::model::TieType],
    way: Way,
    to: &'static [Kind],
) -> Rule {
    Rule { from, types, way, to }
}

/// The gang's own ties, and its cases'.
const SIDE: Stage = Stage {
    hops: 1,
    cap: None,
    officials_only: false,
    rules: &[
        rule(&[Gang], &[Member, Targets, About, Protects], Way::In, &[]),
        rule(&[Gang], &[Controls, Payment, Gift, Ownership, Holder], Way::Out, &[]),
        rule(&[Case], &[Suspect, Handled, Reviewed], Way::In, &[]),
    ],
};

/// The ties of its people and companies, of raids and reports.
const AROUND: Stage = Stage {
    hops: 1,
    cap: None,
    officials_only: false,
    rules: &[
        rule(&[Person], &[Suspect, Holder, Ownership, Directorship, Member, Same], Way::Out, &[]),
        rule(&[Person], &[Targets, About], Way::In, &[]),
        rule(
            &[Company],
            &[Ownership, Directorship, Employment, Targets, About, Inspected, Licensed, Controls],
            Way::In,
            &[],
        ),
        rule(&[Company], &[Holder], Way::Out, &[Account, Phone]),
        rule(&[Event], &[Briefed, Attended], Way::In, &[]),
        rule(&[Lead], &[Reviewed], Way::In, &[]),
        rule(&[Lead], &[About], Way::Out, &[]),
    ],
};

/// What stands around companies, raids and reports that were met around.
const FURTHER: Stage = Stage {
    hops: 1,
    cap: Some(HUB),
    officials_only: false,
    rules: &[
        rule(&[Company], &[Ownership, Directorship, Controls], Way::In, &[]),
        rule(&[Event], &[Briefed, Attended], Way::In, &[]),
        rule(&[Lead], &[Reviewed], Way::In, &[]),
        rule(&[Lead], &[About], Way::Out, &[]),
    ],
};

/// Money onward: up to four payments, each over an account at both ends.
const MONEY: Stage = Stage {
    hops: 9,
    cap: Some(HUB),
    officials_only: false,
    rules: &[rule(PAYERS, &[Payment, Gift], Way::Out, PAYERS), rule(PAYERS, &[Holder], Way::Both, PAYERS)],
};

/// Contacts: one person on, over phones, meetings and dinners.
const CONTACT: Stage = Stage {
    hops: 3,
    cap: Some(HUB),
    officials_only: false,
    rules: &[
        rule(&[Person], &[Call, Meeting, Associate], Way::Both, &[Person, Phone]),
        rule(&[Person], &[Holder], Way::Out, &[Phone]),
        rule(&[Phone], &[Call, Holder], Way::Both, &[Person, Phone]),
    ],
};

/// The kin of whoever was met, and who controls the companies that received.
const KIN: Stage = Stage {
    hops: 3,
    cap: Some(HUB),
    officials_only: false,
    rules: &[
        rule(&[Person], &[Family, Same], Way::Both, &[Person]),
        rule(&[Company], &[Ownership, Directorship], Way::In, &[Person]),
    ],
};

/// Friends of whoever was met.
const FRIENDS: Stage = Stage {
    hops: 1,
    cap: Some(HUB),
    officials_only: false,
    rules: &[rule(&[Person], &[Associate, Same], Way::Both, &[Person])],
};

/// The officials' own ties, read whole.
const OFFICIAL: Stage = Stage {
    hops: 1,
    cap: None,
    officials_only: true,
    rules: &[
        rule(&[Person], &[Family, Associate, Same], Way::Both, &[Person]),
        rule(
            &[Person],
            &[Post, Handled, Inspected, Licensed, Reviewed, Briefed, Ownership, Directorship],
            Way::Out,
            &[],
        ),
        rule(&[Person], &[Holder], Way::Out, &[Account, Phone, Address]),
        rule(&[Person], &[About], Way::In, &[Lead]),
    ],
};

/// The circles of the officials, and whom else the leads name that name them.
const CIRCLE: Stage = Stage {
    hops: 2,
    cap: Some(HUB),
    officials_only: false,
    rules: &[
        rule(&[Person], &[Family], Way::Both, &[Person]),
        rule(&[Person], &[Ownership, Directorship], Way::Out, &[Company]),
        rule(&[Person], &[Holder], Way::Out, &[Account, Phone]),
        rule(&[Address], &[Holder], Way::In, &[Person]),
        rule(&[Lead], &[About], Way::Out, &[Gang]),
    ],
};

/// Handling, permits, reports, raids and roles in companies, and money over go-betweens.
pub(super) const WORK_AND_MONEY: Reach =
    Reach { name: "work_and_money", stages: &[SIDE, AROUND, FURTHER, MONEY, KIN, FRIENDS, OFFICIAL, CIRCLE] };
/// Calls and meetings.
pub(super) const CONTACTS: Reach =
    Reach { name: "contacts", stages: &[SIDE, AROUND, CONTACT, KIN, OFFICIAL, CIRCLE] };

/// Every reach of the analysis.
pub(super) const ALL: &[Reach] = &[WORK_AND_MONEY, CONTACTS];
