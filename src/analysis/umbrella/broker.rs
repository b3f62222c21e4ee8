//! `broker`: somebody close to the official stands between him and the gang, in contact with its
//! people beyond what that one's number of contacts explains.

use std::collections::{BTreeMap, BTreeSet};

use super::circle::{Circle, Near};
use super::contact::{expected, reach, speaks};
use super::contacts::ToGang;
use super::found::{Found, Scope, close, way_ties};
use super::officials;
use super::side::Hold;
use crate::model::{Arg, Message};
use crate::network::{NodeIx, TieIx};

/// Who is at least so near may stand in for the official.
const NEAR: f64 = 0.4;

/// Who of the circle is most of a go-between, what counts elsewhere left out. A large circle has
/// more who may be one by chance, so each is expected to be one the less often.
pub(super) fn between(scope: &Scope<'_>, circle: &Circle, told: &BTreeSet<TieIx>) -> Option<Found> {
    let mix = scope.weights.mix_broker * 2.0 / circle.size().max(2.0);
    // Of a circle hardly anybody is in contact with the gang: what else they are is asked of those who are.
    let close = circle.near.iter().filter(|(_, near)| !near.own && near.nominal >= NEAR);
    let outside = |node: NodeIx| !scope.side.belongs(node) && officials::likely(scope.ball, node) < 0.5;
    let all = close.filter_map(|(&person, near)| {
        let contacts = scope.basis.to_gang.get(&person).filter(|_| outside(person))?;
        let contacts = contacts.iter().filter(|one| !told.contains(&one.contact.tie));
        one(scope, person, near, &contacts.collect::<Vec<_>>(), mix).map(|found| (person, found))
    });
    all.max_by(|(a, one), (b, other)| one.size.total_cmp(&other.size).then(b.cmp(a))).map(|(_, found)| found)
}

fn one(scope: &Scope<'_>, person: NodeIx, near: &Near, contacts: &[&ToGang], mix: f64) -> Option<Found> {
    let mut members: BTreeMap<NodeIx, f64> = BTreeMap::new();
    for one in contacts {
        let weight = members.entry(one.member).or_default();
        *weight = weight.max(one.likely * one.contact.worth);
    }
    let met = members.values().filter(|weight| **weight > 0.0).count();
    let observed = members.values().sum::<f64>() * near.weight;
    let size = speaks(scope, observed, expected(scope, reach(scope.ball, person)), mix);
    let says = Message::new("umbrella-broker-kin")
        .with("relative", Arg::List(vec![close(scope, person, near)]))
        .count("contacts", met)
        .text("gang", scope.name(scope.side.gang));
    let mut broker = Found::new("broker", size, says);
    broker.ties = contacts.iter().map(|one| one.contact.tie).collect();
    broker.context = way_ties(near).collect();
    let is_inferred = |member: &NodeIx| scope.side.hold(*member).is_some_and(Hold::inferred);
    broker.inferred = near.inferred || members.keys().all(is_inferred);
    // One contact is no go-between.
    (members.len() > 1 && size > 0.0).then_some(broker)
}
