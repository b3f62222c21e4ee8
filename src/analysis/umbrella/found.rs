//! What a mechanism found for one official, before it becomes a factor.

use std::collections::{BTreeMap, BTreeSet};

use super::basis::Basis;
use super::circle::Near;
use super::globals::Globals;
use super::paces::Paces;
use super::side::Side;
use super::weights::Weights;
use crate::model::{Arg, Layer, Message, Status, TieType};
use crate::network::ball::Ball;
use crate::network::{Network, NodeIx, TieIx, TieRef};

/// A factor in the making.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub factor: &'static str,
    pub size: f64,
    pub says: Message,
    /// Ties that count here.
    pub ties: Vec<TieIx>,
    /// Ties shown beside it.
    pub context: Vec<TieIx>,
    /// Rows that are no ties (steps).
    pub rows: Vec<String>,
    pub inferred: bool,
}

impl Found {
    pub fn new(factor: &'static str, size: f64, says: Message) -> Self {
        Self { factor, size, says, ties: vec![], context: vec![], rows: vec![], inferred: false }
    }
}

/// A way from an official to the gang: nodes, and the tie before each but the first.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Trail {
    pub nodes: Vec<NodeIx>,
    pub ties: Vec<Option<TieIx>>,
}

/// Everything found of one official.
#[derive(Clone, Debug, Default)]
pub(super) struct Findings {
    pub factors: Vec<Found>,
    pub trails: Vec<Trail>,
    /// Ties that would have counted if they were not refuted.
    pub refuted: Vec<TieIx>,
    /// The logs of the chance of what ties and reports there are, a test each.
    pub tails: Vec<f64>,
    /// The same of his decisions on the gang's matters, a kind of matter each.
    pub decisions: Vec<f64>,
    /// Ties by which he is of the gang's kin, nothing more.
    pub kin: Vec<TieIx>,
}

/// What every mechanism needs.
pub(super) struct Scope<'a> {
    pub ball: &'a Ball<'a>,
    pub basis: &'a Basis,
    /// The side of the basis, which all mechanisms ask.
    pub side: &'a Side,
    pub globals: &'a Globals,
    pub weights: &'a Weights,
    /// How long permits took.
    pub paces: Paces,
    /// How much of each kind of record the file holds, by place and time.
    pub records: &'a super::coverage::Records<'a>,
}

impl<'a> Scope<'a> {
    pub fn network(&self) -> &'a Network {
        self.ball.network()
    }

    pub fn tie(&self, tie: TieIx) -> TieRef<'a> {
        self.ball.network().tie(tie)
    }

    pub fn name(&self, node: NodeIx) -> String {
        self.network().name(node).to_owned()
    }
}

/// The ties that count in some factor so far.
pub(super) fn counted(findings: &Findings) -> BTreeSet<TieIx> {
    let counting = findings.factors.iter().filter(|factor| factor.size != 0.0);
    counting.flat_map(|factor| factor.ties.iter().copied()).collect()
}

/// By official.
pub(super) type ByOfficial = BTreeMap<NodeIx, Findings>;

/// Adds what later mechanisms found to what earlier ones did.
pub(super) fn join(found: &mut ByOfficial, later: ByOfficial) {
    for (official, mut more) in later {
        let findings = found.entry(official).or_default();
        findings.factors.append(&mut more.factors);
        findings.trails.append(&mut more.trails);
        findings.refuted.append(&mut more.refuted);
        findings.tails.append(&mut more.tails);
        findings.decisions.append(&mut more.decisions);
        findings.kin.append(&mut more.kin);
    }
}

/// The log-likelihood ratio of so much where chance brings so much, when a share `mix` of true
/// pairs shows the mechanism at all: `ln(1 + mix · observed / expected)`.
pub(super) fn lift(weights: &Weights, limit: Limit, observed: f64, expected: f64, mix: f64) -> f64 {
    soft(weights, limit, libm::log(1.0 + mix * observed.max(0.0) / expected.max(1e-9)))
}

/// The same for a log-likelihood ratio: of a mechanism that a share `mix` of true pairs shows.
pub(super) fn mixed(weights: &Weights, limit: Limit, ratio: f64, mix: f64) -> f64 {
    soft(weights, limit, libm::log(1.0 - mix + mix * libm::exp(ratio.min(30.0))))
}

/// What a mechanism may say: which it is, and how much at most.
pub(super) type Limit = (&'static str, f64);

/// A size with diminishing returns past the knee, its mechanism's gain, and a limit: one mechanism alone
/// brings a usual prior to about even, two or three carry it. Nothing proves anything alone. What readings
/// leave of a size goes through the same, so that no limit cuts one and not the other.
pub(super) fn soft(weights: &Weights, (factor, most): Limit, size: f64) -> f64 {
    let (knee, slope) = (weights.knee, weights.slope);
    let told = if size <= knee { size } else { knee + slope * libm::log(1.0 + (size - knee) / slope) };
    weights.counted(factor, told, most)
}

/// The trail from an official over somebody of his circle and then these nodes.
pub(super) fn trail(official: NodeIx, near: &Near, then: &[(NodeIx, Option<TieIx>)]) -> Trail {
    let mut nodes = vec![official];
    let mut ties = Vec::new();
    for (node, tie) in near.way.iter().chain(then) {
        nodes.push(*node);
        ties.push(*tie);
    }
    Trail { nodes, ties }
}

/// How a way ends that came to somebody or something of the gang's: over the tie that says so; from somebody told by
/// his contacts over a member whom he is in contact with.
pub(super) fn to_gang(scope: &Scope<'_>, node: NodeIx) -> Vec<(NodeIx, Option<TieIx>)> {
    let last = |node: NodeIx| scope.side.hold(node).and_then(|hold| hold.ties.last().copied());
    let (gang, tie) = (scope.side.gang, last(node));
    let by_contact = tie.map(|tie| scope.tie(tie)).filter(|tie| {
        matches!(tie.ty().layer(scope.network().kind(tie.to())), Layer::Communication | Layer::Social)
            && (tie.from() == node || tie.to() == node)
    });
    match by_contact.map(|tie| (tie.other_end(node), tie.ix())) {
        Some((member, tie)) if scope.side.people.contains_key(&member) => {
            vec![(member, Some(tie)), (gang, last(member))]
        }
        _ => vec![(gang, tie)],
    }
}

/// The ties of a circle's way.
pub(super) fn way_ties(near: &Near) -> impl Iterator<Item = TieIx> + '_ {
    near.way.iter().filter_map(|(_, tie)| *tie)
}

/// Somebody of the circle in words: his name, and what he is to the official.
pub(super) fn close(scope: &Scope<'_>, node: NodeIx, near: &Near) -> Message {
    let key = if near.way.is_empty() { "umbrella-close-own" } else { "umbrella-close" };
    Message::new(key)
        .text("name", scope.name(node))
        .with("how", Arg::List(how(scope, near).into_iter().collect()))
}

/// What somebody is to the official, step by step, those between by name: "spouse A's sibling".
fn how(scope: &Scope<'_>, near: &Near) -> Option<Message> {
    let word = |at: usize| {
        near.way.get(at).map(|(node, tie)| tie.map_or("same", |tie| relation(scope.tie(tie), *node)))
    };
    let mut said = Message::new("umbrella-close-hop").with("word", Arg::Word(word(0)?));
    for (at, (between, _)) in (1..near.way.len()).zip(near.way.iter()) {
        let word = word(at)?;
        let key = if word == "same" { "umbrella-close-same" } else { "umbrella-close-next" };
        said = Message::new(key)
            .with("before", Arg::List(vec![said]))
            .text("name", scope.name(*between))
            .with("word", Arg::Word(word));
    }
    Some(said)
}

/// What a node is by a tie to the other end, as a word.
fn relation(tie: TieRef<'_>, node: NodeIx) -> &'static str {
    let roles = tie.ty().roles().filter(|_| matches!(tie.ty(), TieType::Family | TieType::Associate));
    let role = roles.and_then(|roles| roles.iter().find(|role| Some(**role) == tie.role())).copied();
    match role {
        Some("parent") if tie.from() != node => "child",
        Some("other") | None => tie.ty().code(),
        Some(role) => role,
    }
}

/// Whether a tie is refuted.
pub(super) fn is_refuted(tie: TieRef<'_>) -> bool {
    tie.status() == Status::Refuted
}

/// Who holds an account or a phone, or the node itself: (actor, worth, tie).
pub(super) fn actors(ball: &Ball<'_>, node: NodeIx) -> Vec<(NodeIx, f64, Option<TieIx>)> {
    use crate::model::Kind;
    let kind = ball.network().kind(node);
    if !matches!(kind, Kind::Account | Kind::Phone) {
        return vec![(node, 1.0, None)];
    }
    let holders: Vec<_> = ball
        .facing(node, &[TieType::Holder])
        .filter(|(_, _, outward)| !outward)
        .map(|(tie, holder, _)| (holder, super::side::worth(tie), Some(tie.ix())))
        .collect();
    if holders.is_empty() { vec![(node, 1.0, None)] } else { holders }
}

/// The accounts (or phones) that an actor holds: (object, worth, tie).
pub(super) fn holdings(
    ball: &Ball<'_>,
    actor: NodeIx,
    kind: crate::model::Kind,
) -> Vec<(NodeIx, f64, TieIx)> {
    held(ball, actor, kind).map(|(object, tie)| (object, super::side::worth(tie), tie.ix())).collect()
}

/// The same, each with its tie, for whoever does not ask what that is worth.
pub(super) fn held<'b>(
    ball: &'b Ball<'_>,
    actor: NodeIx,
    kind: crate::model::Kind,
) -> impl Iterator<Item = (NodeIx, TieRef<'b>)> {
    let is_held = move |object: NodeIx| ball.network().kind(object) == kind;
    ball.facing(actor, &[TieType::Holder])
        .filter(move |(_, object, outward)| *outward && is_held(*object))
        .map(|(tie, object, _)| (object, tie))
}
