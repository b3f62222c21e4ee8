//! `broker`: contacts with the gang's people beyond what everybody's number of contacts explains.
//! Against it: `popular` (he has so many contacts), `duty_contact` (his work brings them).

use std::collections::{BTreeMap, BTreeSet};

use super::circle::{Circle, Circles};
use super::contacts::ToGang;
use super::found::{ByOfficial, Found, Scope, Trail, lift};
use super::side::worth;
use crate::model::{Arg, Layer, Message, TieType};
use crate::network::{NodeIx, TieIx, TieRef};

/// Guests of an event past which being there together says nothing.
const MOST_GUESTS: usize = 30;
/// No more than this from contacts alone (stated judgement: most umbrellas never meet the gang).
const MOST: f64 = 1.6;

/// Who of the gang a guest met at small events: (member, ties, weight).
type Dinners = BTreeMap<NodeIx, Vec<(NodeIx, Vec<TieIx>, f64)>>;

/// One member of the gang that he was in contact with.
struct Touch {
    member: NodeIx,
    weight: f64,
    ties: Vec<TieIx>,
}

/// Looks at every official with a contact among the gang's people.
pub(super) fn find(
    scope: &Scope<'_>,
    circles: &Circles,
    to_gang: &BTreeMap<NodeIx, Vec<ToGang>>,
    found: &mut ByOfficial,
) {
    let dinners = dinners(scope);
    for circle in &circles.all {
        let touches = touches(scope, circle, to_gang, &dinners);
        if !touches.is_empty() {
            judge(scope, circle, &touches, found);
        }
    }
}

/// Who of the gang was at which small event: guest → (member, ties).
fn dinners(scope: &Scope<'_>) -> Dinners {
    let mut met = Dinners::new();
    for (&member, hold) in &scope.side.people {
        for own in scope.ball.ties(member, &[TieType::Attended]).filter(|tie| tie.from() == member) {
            let guests: Vec<TieRef<'_>> = scope.ball.ties(own.to(), &[TieType::Attended]).collect();
            if guests.len() > MOST_GUESTS {
                continue;
            }
            // A dinner for two says more than one for twenty.
            let each = 2.0 / guests.len().max(2) as f64;
            for guest in guests.iter().filter(|guest| guest.from() != member) {
                let weight = each * worth(own) * worth(*guest) * hold.likely;
                met.entry(guest.from()).or_default().push((member, vec![guest.ix(), own.ix()], weight));
            }
        }
    }
    met
}

fn touches(
    scope: &Scope<'_>,
    circle: &Circle,
    to_gang: &BTreeMap<NodeIx, Vec<ToGang>>,
    dinners: &Dinners,
) -> Vec<Touch> {
    let mut by_member: BTreeMap<NodeIx, Touch> = BTreeMap::new();
    let mut add = |member: NodeIx, weight: f64, ties: &[TieIx]| {
        let touch = by_member.entry(member).or_insert(Touch { member, weight: 0.0, ties: vec![] });
        touch.weight = touch.weight.max(weight);
        touch.ties.extend(ties);
    };
    for one in to_gang.get(&circle.official).into_iter().flatten() {
        add(one.member, one.likely * one.contact.worth, &[one.contact.tie]);
    }
    for (member, ties, weight) in dinners.get(&circle.official).into_iter().flatten() {
        add(*member, *weight, ties);
    }
    for tie in scope.ball.ties(circle.official, &[TieType::Associate]) {
        let origin =
            matches!(tie.role(), Some("same_hometown" | "comrade" | "former_colleague" | "classmate"));
        let likely = scope.side.people.get(&tie.other_end(circle.official)).map_or(0.0, |hold| hold.likely);
        if likely > 0.0 {
            add(
                tie.other_end(circle.official),
                likely * worth(tie) * if origin { 0.3 } else { 1.0 },
                &[tie.ix()],
            );
        }
    }
    by_member.into_values().filter(|touch| touch.weight > 0.0).collect()
}

/// Ends of contact that a node has.
fn reach(scope: &Scope<'_>, node: NodeIx) -> f64 {
    f64::from(scope.ball.degree(node, Layer::Communication) + scope.ball.degree(node, Layer::Social))
}

fn judge(scope: &Scope<'_>, circle: &Circle, touches: &[Touch], found: &mut ByOfficial) {
    let globals = scope.globals;
    let ends = globals.ends_of(Layer::Communication) + globals.ends_of(Layer::Social);
    let share = scope.side.people.keys().map(|&member| reach(scope, member)).sum::<f64>() / ends;
    let average = ends / globals.nodes_of(crate::model::Kind::Person);
    let own = reach(scope, circle.official);
    // Twice what the margins bring, since people know those of their own district.
    let expected = (2.0 * own * share).max(0.15);
    let plain = (2.0 * average * share).max(0.15).min(expected);
    let observed: f64 = touches.iter().map(|touch| touch.weight).sum();
    let mix = scope.weights.mix_broker;
    let (naive, fair) = (lift(observed, plain, mix, MOST), lift(observed, expected, mix, MOST));
    let counted: BTreeSet<TieIx> = found
        .get(&circle.official)
        .iter()
        .flat_map(|f| f.factors.iter().flat_map(|x| x.ties.iter().copied()))
        .collect();
    let ties: Vec<TieIx> = touches
        .iter()
        .flat_map(|touch| touch.ties.iter().copied())
        .filter(|tie| !counted.contains(tie))
        .collect();
    let findings = found.entry(circle.official).or_default();
    findings.trails.extend(touches.iter().filter_map(|touch| trail(scope, circle.official, touch)));
    findings.tails.push(super::chance::poisson_tail(touches.len() as u64, expected));
    if ties.is_empty() {
        return;
    }
    let says = Message::new("umbrella-broker")
        .count("contacts", touches.len())
        .with("expected", Arg::Number(expected))
        .text("gang", scope.name(scope.side.gang));
    let mut broker = Found::new("broker", naive, says);
    broker.ties = ties;
    findings.factors.push(broker);
    if naive - fair > 1e-9 {
        let says = Message::new("umbrella-popular").count("ties", own as usize);
        let mut popular = Found::new("popular", fair - naive, says);
        popular.ties = others(scope, circle.official, touches);
        findings.factors.push(popular);
    }
    duty(scope, circle.official, fair, findings);
}

/// Contacts of his that have nothing to do with the gang.
fn others(scope: &Scope<'_>, official: NodeIx, touches: &[Touch]) -> Vec<TieIx> {
    let ours: BTreeSet<TieIx> = touches.iter().flat_map(|touch| touch.ties.iter().copied()).collect();
    let types = [TieType::Call, TieType::Meeting, TieType::Associate, TieType::Holder, TieType::Attended];
    scope.ball.ties(official, &types).map(|tie| tie.ix()).filter(|tie| !ours.contains(tie)).take(6).collect()
}

/// Work on the gang's cases, companies or raids explains contact.
fn duty(scope: &Scope<'_>, official: NodeIx, size: f64, findings: &mut super::found::Findings) {
    let at_work = ["case_favour", "strict_decisions", "licence_favour", "strict_permits", "handler"];
    let works = findings.factors.iter().any(|factor| at_work.contains(&factor.factor));
    let posts: Vec<TieIx> = scope.ball.ties(official, &[TieType::Post]).map(|tie| tie.ix()).collect();
    if works && !posts.is_empty() && size > 0.0 {
        let says = Message::new("umbrella-duty-contact").text("gang", scope.name(scope.side.gang));
        let mut duty = Found::new("duty_contact", -0.7 * size, says);
        duty.ties = posts;
        findings.factors.push(duty);
    }
}

fn trail(scope: &Scope<'_>, official: NodeIx, touch: &Touch) -> Option<Trail> {
    let tie = touch.ties.iter().copied().find(|tie| {
        let tie = scope.tie(*tie);
        tie.from() == official || tie.to() == official
    })?;
    let hold = scope.side.hold(touch.member)?;
    let nodes = vec![official, touch.member, scope.side.gang];
    Some(Trail { nodes, ties: vec![Some(tie), hold.ties.last().copied()] })
}
