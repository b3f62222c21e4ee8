//! The frozen network: what analyses look things up in.
//!
//! A [`Network`] is a snapshot of one view of a store: nodes in id order, ties in (from, to, type,
//! role, start, row) order, one array a column, both directions, parallel ties kept. It has no
//! `&mut` method, so any number of threads share it. It knows nothing of stores and files: a
//! [`Builder`] takes entities and ties from wherever they come. Kernels do not run on it but on a
//! [`Projection`] made from it in one pass.
//!
//! Memory: 9 bytes an arc and 4 a node for the structure, 40 bytes a tie for the columns; texts
//! and claims stand apart.

pub mod ball;
mod builder;
mod frontier;
mod frozen;
mod layers;
mod marks;
mod merged;
mod over;
mod partial;
mod period;
mod projection;
pub mod reach;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
mod texts;
mod tie;
mod told;
mod visit;

use std::ops::Range;

use crate::model::{Credibility, Date, Kind, Layer, Reliability, Status, TieType, Voice};
pub use builder::{BuildError, Builder, Places, TieColumns};
pub use frozen::{ByteSource, Near, OnDisk};
pub use layers::Layers;
pub use over::{Laid, Over};
pub use partial::{Extent, Wanted};
pub use period::Period;
pub use projection::{ArcsError, Hand, Projection, ProjectionOptions, Weight};
use texts::Texts;
use tie::sparse;
pub use tie::{ClaimRef, TieRef};
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
    /// What cases and leads are by their steps: it wins over the columns.
    told: Vec<(u32, &'static str, String)>,
    voices: Vec<Voice>,
    /// Who may be one person, where the network was told; else it is found by their cards.
    likely: Option<Vec<(u32, u32, f64)>>,
    /// Interned roles, currencies and other types; position 0 is "none".
    words: Words,
    /// Whether it is one of a part.
    part: partial::Part,
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

impl Nodes {
    /// The position of the node with this id: a binary search.
    fn find(&self, id: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.kinds.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.ids.at(middle).cmp(id) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }
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
    /// What walks ask of a tie first, so that they need not look at it.
    tags: Vec<Tag>,
}

/// A tie's type, and whether it is seen from its `from`, in a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tag(u8);

impl Tag {
    const OUTWARD: u8 = 0x80;

    const fn new(ty: TieType, outward: bool) -> Self {
        Self(ty as u8 | if outward { Self::OUTWARD } else { 0 })
    }

    fn ty(self) -> TieType {
        TieType::ALL.get(usize::from(self.0 & !Self::OUTWARD)).copied().unwrap_or(TieType::Other)
    }

    const fn is_outward(self) -> bool {
        self.0 & Self::OUTWARD != 0
    }

    /// Whether it is of one of these types.
    const fn is_of(self, types: reach::Types) -> bool {
        types.has_at(self.0 & !Self::OUTWARD)
    }

    const fn is_sound(self) -> bool {
        ((self.0 & !Self::OUTWARD) as usize) < TieType::ALL.len()
    }
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
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = NodeIx> + ExactSizeIterator + Clone + use<> {
        (0..self.node_count() as u32).map(NodeIx)
    }

    /// Every tie, in order.
    pub fn ties(&self) -> impl DoubleEndedIterator<Item = TieIx> + ExactSizeIterator + use<> {
        (0..self.tie_count() as u32).map(TieIx)
    }

    /// The node with this id. Cost: a binary search.
    pub fn node(&self, id: &str) -> Option<NodeIx> {
        let found = self.nodes.find(id).map(|at| NodeIx(at as u32));
        if found.is_none() {
            self.part.misses(id);
        }
        found
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
        self.part.asks_ties(node);
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

    /// The property of this name that was recorded last; what the steps of a case or a lead say for the
    /// day wins over its columns.
    pub fn prop(&self, node: NodeIx, name: &str) -> Option<&str> {
        if told::has_steps(self.kind(node))
            && let Ok(at) = self.told.binary_search_by(|(own, key, _)| (*own, *key).cmp(&(node.0, name)))
        {
            return self.told.get(at).map(|(_, _, value)| value.as_str());
        }
        let word = self.words.position(name)?;
        let range = span(&self.nodes.prop_starts, node.at());
        let keys = self.nodes.prop_keys.get(range.clone())?;
        let at = keys.binary_search(&word).ok()?;
        Some(self.nodes.prop_values.at(range.start + at))
    }

    /// The node's ties, both directions, as (neighbour, tie), in that order. Ties to oneself are
    /// left out.
    pub fn arcs(&self, node: NodeIx) -> impl ExactSizeIterator<Item = Arc> + '_ {
        self.part.asks_ties(node);
        span(&self.arcs.starts, node.at())
            .map(|at| Arc { neighbour: NodeIx(self.arcs.neighbours[at]), tie: TieIx(self.arcs.ties[at]) })
    }

    /// The node's ties as [`Network::arcs`] has them, each with its type and whether the node is its `from`.
    pub fn tagged_arcs(&self, node: NodeIx) -> impl Iterator<Item = (Arc, TieType, bool)> + '_ {
        let tags = self.arcs.tags.get(span(&self.arcs.starts, node.at())).unwrap_or_default();
        self.arcs(node).zip(tags).map(|(arc, tag)| (arc, tag.ty(), tag.is_outward()))
    }

    /// How many ties the node has, both directions, parallel ties counted each.
    pub fn arc_count(&self, node: NodeIx) -> usize {
        self.part.asks_ties(node);
        span(&self.arcs.starts, node.at()).len()
    }

    /// The ties between two nodes, both directions, in order. Cost: a binary search.
    pub fn between(&self, a: NodeIx, b: NodeIx) -> impl Iterator<Item = TieIx> + '_ {
        self.part.asks_between(a, b);
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

    /// Who may be one person and how likely, where the network was told so by who may see their cards.
    pub fn likely(&self) -> Option<impl Iterator<Item = (NodeIx, NodeIx, f64)> + '_> {
        let told = self.likely.as_ref()?;
        Some(told.iter().map(|&(a, b, probability)| (NodeIx(a), NodeIx(b), probability)))
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
