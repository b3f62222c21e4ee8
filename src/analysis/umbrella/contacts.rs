//! Who was in contact with whom, phones put down to their holders.

use std::collections::BTreeMap;

use super::found::{actors, holdings};
use super::side::{Side, worth};
use crate::model::{Kind, TieType};
use crate::network::ball::Ball;
use crate::network::{NodeIx, TieIx, TieRef};

/// One contact of somebody with somebody.
#[derive(Clone, Debug)]
pub(super) struct Contact {
    pub with: NodeIx,
    /// The day, where it was one day.
    pub day: Option<i32>,
    /// What the tie and the phones' holders are worth.
    pub worth: f64,
    pub tie: TieIx,
    pub holders: Vec<TieIx>,
}

/// A contact that spans more days than this says nothing of a day.
const ONE_DAY: i32 = 1;

/// Somebody's calls and meetings, refuted ones included with worth 0, in tie order.
pub(super) fn contacts(ball: &Ball<'_>, person: NodeIx) -> Vec<Contact> {
    let mut found = Vec::new();
    let mut speakers = vec![(person, 1.0, None)];
    speakers.extend(holdings(ball, person, Kind::Phone).into_iter().map(|(p, w, tie)| (p, w, Some(tie))));
    speakers.extend(ball.twins(person).iter().map(|twin| (twin.node, twin.probability, None)));
    for (speaker, held, holder) in speakers {
        for tie in ball.ties(speaker, &[TieType::Call, TieType::Meeting]) {
            for (with, other, other_holder) in actors(ball, tie.other_end(speaker)) {
                if with != person {
                    let holders = holder.into_iter().chain(other_holder).collect();
                    let worth = worth(tie) * held * other;
                    found.push(Contact { with, day: day(tie), worth, tie: tie.ix(), holders });
                }
            }
        }
    }
    found.sort_by_key(|contact| (contact.tie, contact.with));
    found
}

const HELD: &[TieType] = &[TieType::Holder];

/// Among whose contacts somebody may be, by the steps of [`contacts`] walked from their end: no fewer than those among
/// whose contacts he is. Who speaks for a likely double is left out, that double is told.
pub(super) fn in_contact(ball: &Ball<'_>, person: NodeIx) -> Vec<NodeIx> {
    let mut found = Vec::new();
    let mut ends = vec![person];
    ends.extend(ball.facing(person, HELD).filter(|(_, _, outward)| *outward).map(|(_, held, _)| held));
    for end in ends {
        for (_, speaker, _) in ball.facing(end, &[TieType::Call, TieType::Meeting]) {
            found.push(speaker);
            let holders = ball.facing(speaker, HELD).filter(|(_, _, outward)| !*outward);
            found.extend(holders.map(|(_, holder, _)| holder));
        }
    }
    found
}

/// The day of a contact, where it is known to the day.
fn day(tie: TieRef<'_>) -> Option<i32> {
    let start = tie.start()?;
    let last = tie.end().unwrap_or(start).last();
    (last.0 - start.first().0 <= ONE_DAY).then_some(start.first().0)
}

/// One contact of somebody with the gang's side.
#[derive(Clone, Debug)]
pub(super) struct ToGang {
    pub member: NodeIx,
    pub likely: f64,
    pub contact: Contact,
}

/// Contacts with the gang's people, by who had them.
pub(super) fn with_gang(ball: &Ball<'_>, side: &Side) -> BTreeMap<NodeIx, Vec<ToGang>> {
    let mut all: BTreeMap<NodeIx, Vec<ToGang>> = BTreeMap::new();
    for (&member, hold) in &side.people {
        for contact in contacts(ball, member) {
            let mut who = vec![(contact.with, 1.0)];
            who.extend(ball.twins(contact.with).iter().map(|twin| (twin.node, twin.probability)));
            for (who, likely) in who {
                let contact = Contact { with: member, worth: contact.worth * likely, ..contact.clone() };
                all.entry(who).or_default().push(ToGang { member, likely: hold.likely, contact });
            }
        }
    }
    all
}

/// Guests of an event past which being there together says nothing.
const MOST_GUESTS: usize = 30;

/// Who of the gang a guest met at small events: (member, both attendances, weight).
pub(super) type Dinners = BTreeMap<NodeIx, Vec<(NodeIx, [TieIx; 2], f64)>>;

/// Who of the gang was at which small event.
pub(super) fn dinners(ball: &Ball<'_>, side: &Side) -> Dinners {
    let mut met = Dinners::new();
    for (&member, hold) in &side.people {
        for own in ball.ties(member, &[TieType::Attended]).filter(|tie| tie.from() == member) {
            let guests: Vec<TieRef<'_>> = ball.ties(own.to(), &[TieType::Attended]).collect();
            if guests.len() > MOST_GUESTS {
                continue;
            }
            // A dinner for two says more than one for twenty.
            let each = 2.0 / guests.len().max(2) as f64;
            for guest in guests.iter().filter(|guest| guest.from() != member) {
                let weight = each * worth(own) * worth(*guest) * hold.likely;
                met.entry(guest.from()).or_default().push((member, [guest.ix(), own.ix()], weight));
            }
        }
    }
    met
}
