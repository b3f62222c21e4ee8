//! `kin_front`: somebody of the official's circle has a share, a seat or a job in the gang's company.

use std::collections::BTreeMap;

use super::circle::Near;
use super::circles::Circles;
use super::found::{ByOfficial, Found, Scope, close, is_refuted, lift, trail, way_ties};
use super::shared::Shared;
use super::side::{Hold, worth};
use crate::model::{Arg, Kind, Message, TieType};
use crate::network::{NodeIx, TieIx, TieRef};

const ROLES: &[TieType] = &[TieType::Ownership, TieType::Directorship, TieType::Employment];

/// One role in one front.
struct Role<'a> {
    size: f64,
    tie: TieRef<'a>,
    near: &'a Near,
    hold: &'a Hold,
}

/// Looks from the fronts outward.
pub(super) fn find(scope: &Scope<'_>, circles: &Circles<'_>, found: &mut ByOfficial) {
    let mut held: Vec<(TieRef<'_>, NodeIx, &Hold)> = Vec::new();
    for (&front, hold) in &scope.side.fronts {
        let inward = scope.ball.facing(front, ROLES).filter(|(_, _, outward)| !outward);
        held.extend(inward.map(|(tie, holder, _)| (tie, holder, hold)));
    }
    circles.read_about(held.iter().map(|(_, holder, _)| *holder));
    let mut roles: BTreeMap<usize, Vec<Role<'_>>> = BTreeMap::new();
    for (tie, holder, hold) in held {
        for (at, near) in circles.near_asked(holder) {
            let official = circles.at(at).official;
            let size = quality(scope, official, tie) * near.weight * hold.likely;
            if is_refuted(tie) {
                found.entry(official).or_default().refuted.push(tie.ix());
            } else if size > 0.0 {
                roles.entry(at).or_default().push(Role { size, tie, near, hold });
            }
        }
    }
    let stakes = front_stakes(scope);
    for (at, roles) in roles {
        let circle = circles.at(at);
        let expected = expected(scope, circle.size(), stakes);
        let mut shared = Shared::of(circles, at);
        let part: f64 = roles.iter().map(|role| role.size * shared.part(role.tie.from())).sum();
        let findings = found.entry(circle.official).or_default();
        findings.trails.extend(roles.iter().map(|role| {
            let end = (scope.side.gang, role.hold.ties.last().copied());
            trail(circle.official, role.near, &[(role.tie.to(), Some(role.tie.ix())), end])
        }));
        findings.tails.extend(chance_of_any(expected, &roles));
        let factor = factor(scope, &roles, expected);
        let falls = size(scope, &roles, part, expected) - factor.size;
        findings.factors.push(factor);
        shared.tell(scope, falls, findings);
    }
}

/// How much a role says: a share or a seat much, a job little; more when it began after the post.
fn quality(scope: &Scope<'_>, official: NodeIx, tie: TieRef<'_>) -> f64 {
    let weights = scope.weights;
    let base = match tie.ty() {
        TieType::Ownership => {
            weights.quality_share * (0.7 + 0.3 * (tie.share().unwrap_or(20.0) / 30.0).min(1.0))
        }
        TieType::Directorship => weights.quality_seat,
        _ => return weights.quality_job * worth(tie),
    };
    let post = scope.ball.ties(official, &[TieType::Post]).filter_map(|post| post.start()).min();
    let after = match post.zip(tie.start()).and_then(|(post, role)| post.before(role)) {
        Some(true) => weights.after_post,
        Some(false) => weights.before_post,
        None => 1.0,
    };
    // A member's own share in the gang's company is the gang's, whoever his brother is.
    let own = scope.side.people.get(&tie.from()).map_or(1.0, |hold| if hold.inferred() { 0.4 } else { 0.0 });
    base * after * worth(tie) * own
}

/// How many shares and seats the gang's companies have, refuted ones counted.
fn front_stakes(scope: &Scope<'_>) -> f64 {
    let count = |front: &NodeIx| {
        scope
            .ball
            .ties(*front, &[TieType::Ownership, TieType::Directorship])
            .filter(|tie| tie.to() == *front)
            .count()
    };
    scope.side.fronts.keys().map(count).sum::<usize>() as f64
}

/// How many roles in the gang's companies chance brings a circle of this size.
fn expected(scope: &Scope<'_>, circle: f64, front_stakes: f64) -> f64 {
    let globals = scope.globals;
    let all = globals.ties_of(TieType::Ownership) + globals.ties_of(TieType::Directorship);
    let a_person = (all + 1.0) / globals.nodes_of(Kind::Person);
    let share = (front_stakes + 1.0) / (all + 10.0);
    (circle * a_person * share).max(0.004)
}

/// The log of the chance of at least one share or seat (jobs are not tested).
fn chance_of_any(expected: f64, roles: &[Role<'_>]) -> Option<f64> {
    let seats = roles.iter().filter(|role| role.tie.ty() != TieType::Employment && !role.near.inferred);
    let people: std::collections::BTreeSet<NodeIx> = seats.map(|role| role.tie.from()).collect();
    (!people.is_empty()).then(|| super::chance::poisson_tail(people.len() as u64, expected))
}

/// What so much of roles says where chance brings so much.
fn size(scope: &Scope<'_>, roles: &[Role<'_>], observed: f64, expected: f64) -> f64 {
    let only_jobs = roles.iter().all(|role| role.tie.ty() == TieType::Employment);
    let most = if only_jobs { scope.weights.most_job } else { scope.weights.most };
    lift(scope.weights, ("kin_front", most), observed, expected, scope.weights.mix_kin)
}

fn factor(scope: &Scope<'_>, roles: &[Role<'_>], expected: f64) -> Found {
    let observed: f64 = roles.iter().map(|role| role.size).sum();
    let size = size(scope, roles, observed, expected);
    let mut found = Found::new("kin_front", size, says(scope, roles));
    found.ties = roles.iter().map(|role| role.tie.ix()).collect();
    let around: Vec<TieIx> =
        roles.iter().flat_map(|role| way_ties(role.near).chain(role.hold.ties.iter().copied())).collect();
    found.ties.extend(around);
    found.inferred = roles.iter().all(|role| role.near.inferred || role.hold.inferred());
    found
}

fn says(scope: &Scope<'_>, roles: &[Role<'_>]) -> Message {
    let best = roles.iter().max_by(|a, b| a.size.total_cmp(&b.size).then(b.tie.ix().cmp(&a.tie.ix())));
    let Some(best) = best else { return Message::new("umbrella-kin-front") };
    let own = if best.near.own { "umbrella-kin-front-own" } else { "umbrella-kin-front" };
    let message = match best.tie.ty() {
        TieType::Ownership if best.near.own => Message::new("umbrella-kin-front-own-share"),
        TieType::Ownership => Message::new("umbrella-kin-front-share"),
        TieType::Directorship if best.near.own => Message::new("umbrella-kin-front-own-seat"),
        TieType::Directorship => Message::new("umbrella-kin-front-seat"),
        _ => Message::new(own),
    };
    let message = message
        .with("relative", Arg::List(vec![close(scope, best.tie.from(), best.near)]))
        .text("company", scope.name(best.tie.to()))
        .text("gang", scope.name(scope.side.gang))
        .count("roles", roles.len())
        .count("stated", usize::from(!best.hold.inferred()));
    match best.tie.share() {
        Some(share) => message.with("share", Arg::Number(share)),
        None => message.text("share", "?"),
    }
}
