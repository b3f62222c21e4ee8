//! The frozen network: what analyses look things up in.
//!
//! A [`Network`] is a snapshot of one view of a store: nodes in id order, ties in (from, to, type,
//! role, start, row) order, one array a column, both directions, parallel ties kept. It has no
//! `&mut` method, so any number of threads share it. It knows nothing of stores and files: a
//! [`Builder`] takes entities and ties from wherever they come. Kernels do not run on it but on a
//! [`Projection`] made from it in one pass.
//!
//! Memory: 8 bytes an arc and 4 a node for the structure, 40 bytes a tie for the columns; texts
//! and claims stand apart.

pub mod ball;
mod builder;
mod layers;
mod projection;
pub mod reach;
#[cfg(test)]
pub(crate) mod samples;
mod texts;
mod visit;

use std::ops::Range;

use crate::model::strength::Graded;
use crate::model::{Credibility, Date, Decision, Kind, Layer, Reliability, Status, TieType, Voice};
pub use builder::{BuildError, Builder};
pub use layers::Layers;
pub use projection::{ArcsError, Hand, Projection, ProjectionOptions, Weight};
use texts::Texts;
pub use visit::{Directed, PairRef, Seen, Undirected};

/// The position of a node in *one* network. Never stored, shown or exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeIx(pub u32);

/// The position of a tie in *one* network. Never stored, shown or exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TieIx(pub u32);

impl NodeIx {
    /// The position as an index.
    pub const fn at(self) -> usize {
        self.0 as usize
    }
}

impl TieIx {
    /// The position as an index.
    pub const fn at(self) -> usize {
        self.0 as usize
    }
}

/// One tie as seen from one of its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arc {
    /// The node at the other end.
    pub neighbour: NodeIx,
    /// The tie.
    pub tie: TieIx,
}

/// The parts a person plays. One person may play several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts(u8);

impl Parts {
    /// Stands in `officials.csv`.
    pub const OFFICIAL: Self = Self(1);
    /// Stands in `gang_members.csv`.
    pub const MEMBER: Self = Self(2);
    /// A suspect of some case.
    pub const SUSPECT: Self = Self(4);
    /// Somebody a lead is about.
    pub const NAMED: Self = Self(8);

    /// Whether any of these parts is played.
    pub const fn any(self, of: Self) -> bool {
        self.0 & of.0 != 0
    }

    /// Both sets of parts.
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A snapshot of a view. See the module's documentation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Network {
    as_of: Option<Date>,
    nodes: Nodes,
    ties: Ties,
    claims: Claims,
    arcs: Arcs,
    steps: Vec<StepRow>,
    voices: Vec<Voice>,
    /// Interned roles, currencies and other types; position 0 is "none".
    words: Words,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Nodes {
    ids: Texts,
    names: Texts,
    kinds: Vec<Kind>,
    parts: Vec<Parts>,
    prop_starts: Vec<u32>,
    prop_keys: Vec<u16>,
    prop_values: Texts,
}

/// 40 bytes a tie.
#[derive(Clone, Debug, Default, PartialEq)]
struct Ties {
    from: Vec<u32>,
    to: Vec<u32>,
    types: Vec<TieType>,
    layers: Vec<Layer>,
    statuses: Vec<Status>,
    /// 0 is none, else 1 + the decision's place in `Decision::ALL`.
    decisions: Vec<u8>,
    roles: Vec<u16>,
    /// Hundredths of a percent; `u16::MAX` is unknown.
    shares: Vec<u16>,
    starts: Vec<Option<Date>>,
    ends: Vec<Option<Date>>,
    known: Vec<Option<Date>>,
    strengths: Vec<f32>,
    /// NaN is unknown.
    amounts: Vec<f32>,
    /// 0 is unknown.
    counts: Vec<u32>,
    /// Sparse: (tie, word) of ties with another currency than CNY, and of ties of other types.
    currencies: Vec<(u32, u16)>,
    other_types: Vec<(u32, u16)>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Claims {
    /// Where each tie's claims start; one more than there are ties.
    starts: Vec<u32>,
    rows: Texts,
    voices: Vec<u32>,
    reliabilities: Vec<Reliability>,
    credibilities: Vec<Credibility>,
    statuses: Vec<Status>,
    known: Vec<Option<Date>>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Arcs {
    /// Where each node's arcs start; one more than there are nodes.
    starts: Vec<u32>,
    neighbours: Vec<u32>,
    ties: Vec<u32>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Words(Vec<String>);

/// One dated thing that happened to a case or a lead.
#[derive(Clone, Debug, PartialEq)]
pub struct StepRow {
    /// The case or lead.
    pub subject: NodeIx,
    /// When.
    pub date: Date,
    /// The row's id.
    pub row: String,
    /// What happened.
    pub step: String,
    /// The other columns (`value`, `person`, `reason` …), in name order.
    pub props: Vec<(String, String)>,
    /// Who says so.
    pub voice: Voice,
    /// The day we came to know of it.
    pub known: Option<Date>,
}

impl Network {
    /// The day the network is as of; `None` is today's view.
    pub fn as_of(&self) -> Option<Date> {
        self.as_of
    }

    /// How many nodes there are.
    pub fn node_count(&self) -> usize {
        self.nodes.kinds.len()
    }

    /// How many ties there are, ties to oneself included.
    pub fn tie_count(&self) -> usize {
        self.ties.from.len()
    }

    /// Every node, in id order.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = NodeIx> + ExactSizeIterator + use<> {
        (0..self.node_count() as u32).map(NodeIx)
    }

    /// Every tie, in order.
    pub fn ties(&self) -> impl DoubleEndedIterator<Item = TieIx> + ExactSizeIterator + use<> {
        (0..self.tie_count() as u32).map(TieIx)
    }

    /// The node with this id. Cost: a binary search.
    pub fn node(&self, id: &str) -> Option<NodeIx> {
        let (mut low, mut high) = (0, self.node_count());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.nodes.ids.at(middle).cmp(id) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(NodeIx(middle as u32)),
            }
        }
        None
    }

    /// The node's id.
    pub fn id(&self, node: NodeIx) -> &str {
        self.nodes.ids.at(node.at())
    }

    /// The node's name, or its id where it has none.
    pub fn name(&self, node: NodeIx) -> &str {
        self.nodes.names.at(node.at())
    }

    /// What the node is.
    pub fn kind(&self, node: NodeIx) -> Kind {
        self.nodes.kinds[node.at()]
    }

    /// The parts the node plays.
    pub fn parts(&self, node: NodeIx) -> Parts {
        self.nodes.parts[node.at()]
    }

    /// Whether the node is an official.
    pub fn is_official(&self, node: NodeIx) -> bool {
        self.parts(node).any(Parts::OFFICIAL)
    }

    /// Whether the node is a subject: an official, a gang member, a suspect, or somebody a lead is
    /// about. Everybody else is contextual: part of paths and pictures, never of ranks.
    pub fn is_subject(&self, node: NodeIx) -> bool {
        self.parts(node) != Parts::default()
    }

    /// The property of this name that was recorded last.
    pub fn prop(&self, node: NodeIx, name: &str) -> Option<&str> {
        let word = self.words.position(name)?;
        let range = span(&self.nodes.prop_starts, node.at());
        let keys = self.nodes.prop_keys.get(range.clone())?;
        let at = keys.binary_search(&word).ok()?;
        Some(self.nodes.prop_values.at(range.start + at))
    }

    /// The node's ties, both directions, as (neighbour, tie), in that order. Ties to oneself are
    /// left out.
    pub fn arcs(&self, node: NodeIx) -> impl ExactSizeIterator<Item = Arc> + '_ {
        span(&self.arcs.starts, node.at())
            .map(|at| Arc { neighbour: NodeIx(self.arcs.neighbours[at]), tie: TieIx(self.arcs.ties[at]) })
    }

    /// How many ties the node has, both directions, parallel ties counted each.
    pub fn arc_count(&self, node: NodeIx) -> usize {
        span(&self.arcs.starts, node.at()).len()
    }

    /// The ties between two nodes, both directions, in order. Cost: a binary search.
    pub fn between(&self, a: NodeIx, b: NodeIx) -> impl Iterator<Item = TieIx> + '_ {
        let range = span(&self.arcs.starts, a.at());
        let neighbours = &self.arcs.neighbours[range.clone()];
        let first = range.start + neighbours.partition_point(|&n| n < b.0);
        let last = range.start + neighbours.partition_point(|&n| n <= b.0);
        self.arcs.ties[first..last].iter().map(|&tie| TieIx(tie))
    }

    /// A tie.
    pub fn tie(&self, tie: TieIx) -> TieRef<'_> {
        TieRef { network: self, ix: tie }
    }

    /// Every step, in (subject, date, row) order.
    pub fn steps(&self) -> &[StepRow] {
        &self.steps
    }

    /// What happened to a case or a lead, in date order.
    pub fn steps_of(&self, subject: NodeIx) -> &[StepRow] {
        let first = self.steps.partition_point(|step| step.subject < subject);
        let last = self.steps.partition_point(|step| step.subject <= subject);
        &self.steps[first..last]
    }
}

/// The part of a column that belongs to position `at`, given where each part starts.
fn span(starts: &[u32], at: usize) -> Range<usize> {
    match (starts.get(at), starts.get(at + 1)) {
        (Some(&start), Some(&end)) => start as usize..end as usize,
        _ => 0..0,
    }
}

impl Words {
    fn position(&self, word: &str) -> Option<u16> {
        self.0.iter().position(|w| w == word).map(|at| at as u16)
    }

    fn at(&self, position: u16) -> Option<&str> {
        (position > 0).then(|| self.0.get(usize::from(position)).map(String::as_str)).flatten()
    }
}

/// A tie of a network.
#[derive(Clone, Copy)]
pub struct TieRef<'n> {
    network: &'n Network,
    ix: TieIx,
}

impl<'n> TieRef<'n> {
    fn columns(self) -> &'n Ties {
        &self.network.ties
    }

    fn at(self) -> usize {
        self.ix.at()
    }

    /// Its position.
    pub fn ix(self) -> TieIx {
        self.ix
    }

    /// One end: who does it.
    pub fn from(self) -> NodeIx {
        NodeIx(self.columns().from[self.at()])
    }

    /// The other end.
    pub fn to(self) -> NodeIx {
        NodeIx(self.columns().to[self.at()])
    }

    /// The end that is not `node`.
    pub fn other_end(self, node: NodeIx) -> NodeIx {
        if self.from() == node { self.to() } else { self.from() }
    }

    /// The type.
    pub fn ty(self) -> TieType {
        self.columns().types[self.at()]
    }

    /// The type's name: its code, or the text of a type not in the table.
    pub fn type_name(self) -> &'n str {
        sparse(&self.columns().other_types, self.ix)
            .and_then(|word| self.network.words.at(word))
            .unwrap_or_else(|| self.ty().code())
    }

    /// The layer.
    pub fn layer(self) -> Layer {
        self.columns().layers[self.at()]
    }

    /// Whether it has a direction.
    pub fn is_directed(self) -> bool {
        self.ty().is_directed(self.role())
    }

    /// What *from* is to *to*.
    pub fn role(self) -> Option<&'n str> {
        self.network.words.at(self.columns().roles[self.at()])
    }

    /// Since when, or the day.
    pub fn start(self) -> Option<Date> {
        self.columns().starts[self.at()]
    }

    /// Until when; [`Date::ONGOING`] for "still so".
    pub fn end(self) -> Option<Date> {
        self.columns().ends[self.at()]
    }

    /// The day we first came to know of it.
    pub fn known(self) -> Option<Date> {
        self.columns().known[self.at()]
    }

    /// How the tie stands: `refuted` when a claim refutes it and the strength is under one half of
    /// what it would be otherwise, else the best of its claims.
    pub fn status(self) -> Status {
        self.columns().statuses[self.at()]
    }

    /// The probability that the tie is real and live, in (0, 1) (see `model::strength`).
    pub fn strength(self) -> f64 {
        f64::from(self.columns().strengths[self.at()])
    }

    /// How much money, to seven digits; exact amounts are in the store.
    pub fn amount(self) -> Option<f64> {
        Some(f64::from(self.columns().amounts[self.at()])).filter(|amount| !amount.is_nan())
    }

    /// The currency of the amount.
    pub fn currency(self) -> &'n str {
        sparse(&self.columns().currencies, self.ix)
            .and_then(|word| self.network.words.at(word))
            .unwrap_or("CNY")
    }

    /// How many calls or meetings the tie stands for; unknown counts as one.
    pub fn count(self) -> u32 {
        self.columns().counts[self.at()].max(1)
    }

    /// The share in percent, to two decimals.
    pub fn share(self) -> Option<f64> {
        let share = self.columns().shares[self.at()];
        (share != u16::MAX).then(|| f64::from(share) / 100.0)
    }

    /// What was decided.
    pub fn decision(self) -> Option<Decision> {
        let code = self.columns().decisions[self.at()];
        code.checked_sub(1).and_then(|at| Decision::ALL.get(usize::from(at))).copied()
    }

    /// What is said of the tie, earliest known first.
    pub fn claims(self) -> impl ExactSizeIterator<Item = ClaimRef<'n>> + Clone {
        let network = self.network;
        span(&network.claims.starts, self.at()).map(move |at| ClaimRef { network, at })
    }

    /// The ids of the rows behind the tie, sorted, each once: what evidence lists hold.
    pub fn rows(self) -> Vec<&'n str> {
        let mut rows: Vec<&str> = self.claims().map(ClaimRef::row).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// How many independent voices speak for the tie (refuting ones not counted).
    pub fn voices(self) -> usize {
        let mut voices: Vec<u32> = self
            .claims()
            .filter(|claim| claim.status() != Status::Refuted)
            .map(|claim| claim.network.claims.voices[claim.at])
            .collect();
        voices.sort_unstable();
        voices.dedup();
        voices.len()
    }
}

fn sparse(column: &[(u32, u16)], tie: TieIx) -> Option<u16> {
    column.binary_search_by_key(&tie.0, |&(at, _)| at).ok().map(|at| column[at].1)
}

/// A claim of a tie of a network.
#[derive(Clone, Copy)]
pub struct ClaimRef<'n> {
    network: &'n Network,
    at: usize,
}

impl<'n> ClaimRef<'n> {
    /// The row's id.
    pub fn row(self) -> &'n str {
        self.network.claims.rows.at(self.at)
    }

    /// Who says so.
    pub fn voice(self) -> &'n Voice {
        &self.network.voices[self.network.claims.voices[self.at] as usize]
    }

    /// How reliable the source is.
    pub fn reliability(self) -> Reliability {
        self.network.claims.reliabilities[self.at]
    }

    /// How credible the information is.
    pub fn credibility(self) -> Credibility {
        self.network.claims.credibilities[self.at]
    }

    /// Whether it is so.
    pub fn status(self) -> Status {
        self.network.claims.statuses[self.at]
    }

    /// The day we came to know.
    pub fn known(self) -> Option<Date> {
        self.network.claims.known[self.at]
    }

    /// The claim as strength needs it; voices compare by their order of appearance.
    pub fn graded(self) -> Graded<u32> {
        Graded {
            voice: self.network.claims.voices[self.at],
            reliability: self.reliability(),
            credibility: self.credibility(),
            status: self.status(),
        }
    }
}
