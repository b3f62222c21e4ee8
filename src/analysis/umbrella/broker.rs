//! `broker`: contacts with the gang's people beyond what everybody's number of contacts explains.
//! Against it: `popular` (he has so many contacts), `duty_contact` (his work brings them).

use std::collections::{BTreeMap, BTreeSet};

use super::circle::{Circle, Circles, Near};
use super::contacts::ToGang;
use super::found::{ByOfficial, Found, Scope, Trail, mixed};
use super::side::worth;
use crate::model::{Arg, Kind, Layer, Message, TieType};
use crate::network::{NodeIx, TieIx, TieRef};

/// Guests of an event past which being there together says nothing.
const MOST_GUESTS: usize = 30;
/// No more than this from contacts alone (stated judgement: most umbrellas never meet the gang).
const MOST: f64 = 2.2;
/// How much more contact a go-between has than chance brings, and what is left of its weight, since
/// contacts flock by district (stated judgement).
const RATE: f64 = 6.0;
const TRUST: f64 = 0.6;

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
        let near = circle.near.keys().any(|node| to_gang.contains_key(node));
        if !touches.is_empty() || near {
            judge(scope, circle, &touches, to_gang, found);
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
        if scope.side.belongs(tie.other_end(circle.official)) {
            add(
                tie.other_end(circle.official),
                likely * worth(tie) * if origin { 0.3 } else { 1.0 },
                &[tie.ix()],
            );
        }
    }
    by_member.into_values().collect()
}

/// Ends of contact that a node has.
fn reach(scope: &Scope<'_>, node: NodeIx) -> f64 {
    f64::from(scope.ball.degree(node, Layer::Communication) + scope.ball.degree(node, Layer::Social))
}

/// What so many members say where chance brings so many: a log-likelihood ratio of a rate
/// [`RATE`] times as high, shrunk since contacts flock.
fn speaks(scope: &Scope<'_>, observed: f64, expected: f64, mix: f64) -> f64 {
    let ratio = observed * libm::log(RATE) - expected * (RATE - 1.0);
    mixed(TRUST * ratio, mix * scope.weights.mix_broker, MOST)
}

/// The share of all ends of contact that the gang's people have, and how many one person has.
fn margins(scope: &Scope<'_>) -> (f64, f64) {
    let globals = scope.globals;
    let ends = globals.ends_of(Layer::Communication) + globals.ends_of(Layer::Social);
    let gang = scope.side.people.keys().map(|&member| reach(scope, member)).sum::<f64>();
    (gang / ends, ends / globals.nodes_of(Kind::Person))
}

fn judge(
    scope: &Scope<'_>,
    circle: &Circle,
    touches: &[Touch],
    to_gang: &BTreeMap<NodeIx, Vec<ToGang>>,
    found: &mut ByOfficial,
) {
    let (share, average) = margins(scope);
    let own = reach(scope, circle.official);
    // Twice what the margins bring, since people know those of their own district.
    let expected = (2.0 * own * share).max(0.15);
    let plain = (2.0 * average * share).max(0.15).min(expected);
    let observed: f64 = touches.iter().map(|touch| touch.weight).sum();
    let by_kin = by_kin(scope, circle, to_gang, share);
    let (naive, fair) = (speaks(scope, observed, plain, 1.0), speaks(scope, observed, expected, 1.0));
    let findings = found.entry(circle.official).or_default();
    let counted: BTreeSet<TieIx> = findings.factors.iter().flat_map(|f| f.ties.iter().copied()).collect();
    let direct = !touches.is_empty();
    findings.trails.extend(touches.iter().filter_map(|touch| trail(scope, circle.official, touch)));
    let through = by_kin.filter(|kin| kin.size > naive.max(0.0));
    let mut broker = match (&through, direct) {
        (Some(kin), _) => kin_factor(scope, kin),
        (None, true) => own_factor(scope, touches, expected, naive),
        (None, false) => return,
    };
    broker.ties.retain(|tie| !counted.contains(tie));
    if broker.ties.is_empty() {
        return;
    }
    findings.factors.push(broker);
    if through.is_some() {
        return;
    }
    let works = duty(scope, circle.official, fair.max(0.0), findings);
    if !works {
        findings.tails.push(super::chance::poisson_tail(touches.len() as u64, expected));
    }
    if naive - fair > 1e-9 {
        let says = Message::new("umbrella-popular").count("ties", own as usize);
        let mut popular = Found::new("popular", fair - naive, says);
        popular.ties = others(scope, circle.official, touches);
        findings.factors.push(popular);
    }
}

fn own_factor(scope: &Scope<'_>, touches: &[Touch], expected: f64, size: f64) -> Found {
    let says = Message::new("umbrella-broker")
        .count("contacts", touches.len())
        .with("expected", Arg::Number(expected))
        .text("gang", scope.name(scope.side.gang));
    let mut broker = Found::new("broker", size, says);
    broker.ties = touches.iter().flat_map(|touch| touch.ties.iter().copied()).collect();
    broker
}

/// Somebody close to the official who is in contact with the gang beyond chance.
struct Between {
    person: NodeIx,
    size: f64,
    members: usize,
    ties: Vec<TieIx>,
    way: Vec<TieIx>,
}

/// Who of the circle is most of a go-between. A large circle has more who may be one by chance, so
/// each is expected to be one the less often.
fn by_kin(
    scope: &Scope<'_>,
    circle: &Circle,
    to_gang: &BTreeMap<NodeIx, Vec<ToGang>>,
    share: f64,
) -> Option<Between> {
    let size = circle.size().max(2.0);
    let one = |(&person, near): (&NodeIx, &Near)| {
        let contacts = to_gang.get(&person)?;
        let mut members: BTreeMap<NodeIx, f64> = BTreeMap::new();
        for contact in contacts {
            let weight = members.entry(contact.member).or_default();
            *weight = weight.max(contact.likely * contact.contact.worth);
        }
        let observed = members.values().sum::<f64>() * near.weight;
        let expected = (2.0 * reach(scope, person) * share).max(0.15);
        Some(Between {
            person,
            size: speaks(scope, observed, expected, 2.0 / size),
            members: members.values().filter(|weight| **weight > 0.0).count(),
            ties: contacts.iter().map(|contact| contact.contact.tie).collect(),
            way: super::found::way_ties(near).collect(),
        })
    };
    let close = circle.near.iter().filter(|(node, near)| {
        !near.own
            && near.nominal >= 0.4
            && !scope.side.belongs(**node)
            && !scope.network().is_official(**node)
    });
    let found = close.filter_map(one).filter(|kin| kin.members > 1);
    found.max_by(|a, b| a.size.total_cmp(&b.size).then(b.person.cmp(&a.person)))
}

fn kin_factor(scope: &Scope<'_>, kin: &Between) -> Found {
    let says = Message::new("umbrella-broker-kin")
        .text("relative", scope.name(kin.person))
        .count("contacts", kin.members)
        .text("gang", scope.name(scope.side.gang));
    let mut broker = Found::new("broker", kin.size, says);
    broker.ties.clone_from(&kin.ties);
    broker.context.clone_from(&kin.way);
    broker
}

/// Contacts of his that have nothing to do with the gang.
fn others(scope: &Scope<'_>, official: NodeIx, touches: &[Touch]) -> Vec<TieIx> {
    let ours: BTreeSet<TieIx> = touches.iter().flat_map(|touch| touch.ties.iter().copied()).collect();
    let types = [TieType::Call, TieType::Meeting, TieType::Associate, TieType::Holder, TieType::Attended];
    scope.ball.ties(official, &types).map(|tie| tie.ix()).filter(|tie| !ours.contains(tie)).take(6).collect()
}

/// Work on the gang's cases, companies or raids explains contact: whether he has such work.
fn duty(scope: &Scope<'_>, official: NodeIx, size: f64, findings: &mut super::found::Findings) -> bool {
    let at_work =
        ["case_favour", "strict_decisions", "licence_favour", "strict_permits", "handler", "duty_contact"];
    let works = findings.factors.iter().any(|factor| at_work.contains(&factor.factor));
    let posts: Vec<TieIx> = scope.ball.ties(official, &[TieType::Post]).map(|tie| tie.ix()).collect();
    if works && !posts.is_empty() && size > 0.0 {
        let says = Message::new("umbrella-duty-contact").text("gang", scope.name(scope.side.gang));
        let mut duty = Found::new("duty_contact", -0.7 * size, says);
        duty.ties = posts;
        findings.factors.push(duty);
    }
    works
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
