//! A frozen network that is read only where it is asked.
//!
//! A walk needs what nodes are, which is small and read at once, and the arcs of the nodes it opens: a block each.
//! What it opened is then gathered as a network of its own, whose columns are those of the whole one at these
//! positions. Each block is checked as it is read; if one is not as it was written, nothing that was answered counts
//! ([`OnDisk::is_sound`]), and whoever asked has to read the store.

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::bytes::{ByteSource, In, Section, Table};
use super::columns::{TiesIn, take_list};
use super::picked::{ArcsIn, ClaimsIn, NodesIn};
use super::{NODES, Rest, TIES, block};
use crate::model::{Date, Kind, Layer, TieType, Voice};
use crate::network::{Claims, Network, NodeIx, Nodes, Parts, StepRow, TieIx, Ties, span, sparse};

/// Nodes or ties that one thread gathers at once.
const AT_ONCE: usize = 4_096;

/// A frozen network that lies in a file, or wherever its bytes are.
#[derive(Debug)]
pub struct OnDisk<S> {
    source: S,
    table: Table,
    rest: Rest,
    arcs: Vec<OnceLock<ArcsIn>>,
    hurt: AtomicBool,
}

/// One tie seen from one of its ends, as a walk sees it.
#[derive(Clone, Copy, Debug)]
pub struct Near {
    /// The other end.
    pub far: NodeIx,
    /// The tie.
    pub tie: TieIx,
    /// Its type.
    pub ty: TieType,
    /// Whether it is seen from its `from`.
    pub outward: bool,
    /// Since when an outward one is.
    pub start: Option<Date>,
}

/// How many of a node's ties are in each layer, in the order of [`Layer::ALL`].
pub(in crate::network) fn profile(
    node: NodeIx,
    ties: impl Iterator<Item = Near>,
    kind: impl Fn(NodeIx) -> Kind,
) -> [u32; Layer::ALL.len()] {
    let mut profile = [0; Layer::ALL.len()];
    for near in ties {
        let to = if near.outward { near.far } else { node };
        let layer = near.ty.layer(kind(to)) as usize;
        profile.get_mut(layer).into_iter().for_each(|ties| *ties += 1);
    }
    profile
}

impl<S: ByteSource> OnDisk<S> {
    /// The network in bytes that [`Network::freeze`] wrote under this key; `None` for all else. Cost: some bytes a
    /// node, and a table of a byte or two a tie.
    pub fn open(source: S, key: &str) -> Option<Self> {
        let table = Table::of(&source, &Network::frozen_head(key))?;
        let rest = Rest::of(&source, &table)?;
        let arcs = std::iter::repeat_with(OnceLock::new).take(table.count(Section::Arcs)).collect();
        Some(Self { source, table, rest, arcs, hurt: AtomicBool::new(false) })
    }

    /// Where its bytes are.
    pub fn source(&self) -> &S {
        &self.source
    }

    /// Whether all that was read so far was as it was written.
    pub fn is_sound(&self) -> bool {
        !self.hurt.load(Ordering::Relaxed)
    }

    /// What was read, or nothing, which is noted.
    fn sound<T>(&self, read: Option<T>) -> Option<T> {
        if read.is_none() {
            self.hurt.store(true, Ordering::Relaxed);
        }
        read
    }

    /// What a node is.
    pub fn kind(&self, node: NodeIx) -> Kind {
        self.rest.kinds.get(node.at()).copied().unwrap_or(Kind::Organisation)
    }

    /// How many nodes there are.
    pub fn node_count(&self) -> usize {
        self.rest.sizes.nodes
    }

    /// The parts that a node plays.
    pub fn parts(&self, node: NodeIx) -> Parts {
        self.rest.parts.get(node.at()).copied().unwrap_or_default()
    }

    /// Who somebody may be as well, and how likely, as scores take it.
    pub fn twins(&self, node: NodeIx) -> impl Iterator<Item = (NodeIx, f64)> + '_ {
        let all = &self.rest.twins;
        let first = all.partition_point(|(one, ..)| *one < node.0);
        all.iter().skip(first).take_while(move |(one, ..)| *one == node.0).map(|&(_, b, p)| (NodeIx(b), p))
    }

    /// The node with this id. Cost: a block for each step of a binary search.
    pub fn find(&self, id: &str) -> Option<NodeIx> {
        let (mut low, mut high) = (0, self.table.count(Section::Nodes));
        let mut buffer = Vec::new();
        while low < high {
            let middle = low + (high - low) / 2;
            let nodes = self.sound(self.nodes_of(middle, &mut buffer))?;
            let own = block(middle, NODES, self.rest.sizes.nodes);
            if self.sound(nodes.id(0))? > id {
                high = middle;
            } else if self.sound(nodes.id(own.len().saturating_sub(1)))? < id {
                low = middle + 1;
            } else {
                return own
                    .clone()
                    .find(|at| nodes.id(at - own.start) == Some(id))
                    .map(|at| NodeIx(at as u32));
            }
        }
        None
    }

    /// A block of nodes.
    fn nodes_of<'b>(&self, at: usize, buffer: &'b mut Vec<u8>) -> Option<NodesIn<'b>> {
        let from = In(self.table.block(&self.source, Section::Nodes, at, buffer)?);
        NodesIn::take(block(at, NODES, self.rest.sizes.nodes).len(), from)
    }

    /// The block that a node's arcs stand in.
    fn around(&self, node: NodeIx) -> Option<&ArcsIn> {
        let at = node.at() / NODES;
        let read = || self.sound(self.read_around(at)).unwrap_or_default();
        self.arcs.get(at).map(|around| around.get_or_init(read))
    }

    fn read_around(&self, at: usize) -> Option<ArcsIn> {
        let mut bytes = Vec::new();
        self.table.block(&self.source, Section::Arcs, at, &mut bytes)?;
        ArcsIn::of(bytes, block(at, NODES, self.rest.sizes.nodes).len())
    }

    /// The ties of a node, in order; those to oneself are left out.
    pub fn near(&self, node: NodeIx) -> impl Iterator<Item = Near> + '_ {
        self.around(node).into_iter().flat_map(move |around| around.of_node(node.at() % NODES))
    }

    /// How many ties a node has; those to oneself are left out.
    pub fn arc_count(&self, node: NodeIx) -> u32 {
        self.around(node).map_or(0, |around| around.span(node.at() % NODES).len() as u32)
    }

    /// How many ties a node has in each layer, in the order of [`Layer::ALL`].
    pub fn profile(&self, node: NodeIx) -> [u32; Layer::ALL.len()] {
        profile(node, self.near(node), |node| self.kind(node))
    }

    /// Since when a tie is that leads from one node to another.
    pub fn start_of(&self, from: NodeIx, to: NodeIx, tie: TieIx) -> Option<Date> {
        self.around(from)?.start_of(from.at() % NODES, to, tie)
    }

    /// These nodes and ties as a network, with the positions that the nodes have in the whole one. The ends of the
    /// ties must be among the nodes. Whomever a node names by one of the properties `named` is in it as well, and whom
    /// he names. `None` if something is not as it was written.
    pub fn part(
        &self,
        nodes: BTreeSet<NodeIx>,
        ties: &BTreeSet<TieIx>,
        named: &[&str],
    ) -> Option<(Network, Vec<NodeIx>)> {
        let named: Vec<u16> = named.iter().filter_map(|key| self.rest.words.position(key)).collect();
        let ties: Vec<TieIx> = ties.iter().copied().collect();
        let (rows, tied) = rayon::join(|| self.rows(nodes, &named), || self.tied(&ties));
        let (places, nodes) = self.sound(rows)?;
        let (mut tied, mut claims) = self.sound(tied)?;
        let place = |node: u32| places.binary_search(&NodeIx(node)).ok().map(|at| at as u32);
        for end in tied.from.iter_mut().chain(&mut tied.to) {
            *end = self.sound(place(*end))?;
        }
        for (at, tie) in (0..).zip(&ties) {
            tied.currencies.extend(sparse(&self.rest.currencies, *tie).map(|word| (at, word)));
            tied.other_types.extend(sparse(&self.rest.other_types, *tie).map(|word| (at, word)));
        }
        let likely = self.rest.likely.as_ref().map(|all| {
            all.iter().filter_map(|&(a, b, likely)| Some((place(a)?, place(b)?, likely))).collect()
        });
        let steps = self.sound(self.steps(&places))?;
        let voices = self.sound(self.voices(&mut claims))?;
        let mut network = Network {
            as_of: self.rest.as_of,
            nodes,
            ties: tied,
            claims,
            steps,
            voices,
            likely,
            words: super::Words(self.rest.words.0.clone()),
            ..Network::default()
        };
        network.arcs = crate::network::builder::arcs(&network);
        Some((self.sound(network.thawed())?, places))
    }

    /// Those who speak in some claims, in the order of all: a city's sources are many more. The claims name them by
    /// their places among these.
    fn voices(&self, claims: &mut Claims) -> Option<Vec<Voice>> {
        let mut places = vec![None; self.rest.voices.len()];
        for voice in &claims.voices {
            *places.get_mut(*voice as usize)? = Some(0);
        }
        let mut voices = Vec::new();
        for (place, voice) in places.iter_mut().zip(&self.rest.voices).filter(|(place, _)| place.is_some()) {
            *place = Some(voices.len() as u32);
            voices.push(voice.clone());
        }
        for voice in &mut claims.voices {
            *voice = places.get(*voice as usize).copied().flatten()?;
        }
        Some(voices)
    }

    /// The columns of some nodes, and of whoever they name by these properties, twice over.
    fn rows(&self, nodes: BTreeSet<NodeIx>, named: &[u16]) -> Option<(Vec<NodeIx>, Nodes)> {
        let mut places: Vec<NodeIx> = nodes.into_iter().collect();
        let mut rows = self.gathered(&places)?;
        for _ in 0..2 {
            let ids: BTreeSet<&str> = rows.values_of(named).filter(|id| rows.find(id).is_none()).collect();
            let more: BTreeSet<NodeIx> = ids.into_iter().filter_map(|id| self.find(id)).collect();
            if more.is_empty() || !self.is_sound() {
                break;
            }
            let more: Vec<NodeIx> = more.into_iter().collect();
            (places, rows) = merged((&places, &rows), (&more, &self.gathered(&more)?))?;
        }
        Some((places, rows))
    }

    /// The columns of some nodes, which are in order.
    fn gathered(&self, places: &[NodeIx]) -> Option<Nodes> {
        let parts: Option<Vec<Nodes>> =
            places.par_chunks(AT_ONCE).map(|some| self.some_gathered(some)).collect();
        let mut rows = Nodes::default();
        parts?.into_iter().for_each(|some| rows.append(some));
        rows.prop_starts.push(rows.prop_keys.len() as u32);
        Some(rows)
    }

    fn some_gathered(&self, places: &[NodeIx]) -> Option<Nodes> {
        let mut rows = Nodes::default();
        let (blocks, mut each) = by_block(places, |node| node.at() / NODES);
        self.table.some_blocks(&self.source, Section::Nodes, &blocks, |at, from| {
            let nodes = NodesIn::take(block(at, NODES, self.rest.sizes.nodes).len(), from)?;
            each.next()?.iter().try_for_each(|node| rows.pick(&nodes, node.at() % NODES))
        })?;
        Some(rows)
    }

    /// The columns of some ties, which are in order, with their claims.
    fn tied(&self, ties: &[TieIx]) -> Option<(Ties, Claims)> {
        let parts: Option<Vec<(Ties, Claims)>> =
            ties.par_chunks(AT_ONCE).map(|some| self.some_tied(some)).collect();
        let (mut ties, mut claims) = (Ties::default(), Claims::default());
        for (some, said) in parts? {
            ties.append(some);
            claims.append(said);
        }
        claims.starts.push(claims.voices.len() as u32);
        Some((ties, claims))
    }

    fn some_tied(&self, places: &[TieIx]) -> Option<(Ties, Claims)> {
        let (mut all, mut said) = (Ties::default(), Claims::default());
        let (blocks, mut each) = by_block(places, |tie| tie.at() / TIES);
        self.table.some_blocks(&self.source, Section::Ties, &blocks, |at, mut from| {
            let count = block(at, TIES, self.rest.sizes.ties).len();
            let (ties, claims) = (TiesIn::take(count, &mut from)?, ClaimsIn::take(count, &mut from)?);
            from.end()?;
            each.next()?.iter().try_for_each(|tie| {
                all.pick(&ties, tie.at() % TIES)?;
                said.pick(&claims, tie.at() % TIES)
            })
        })?;
        Some((all, said))
    }

    /// What happened to the cases and leads among these nodes.
    fn steps(&self, places: &[NodeIx]) -> Option<Vec<StepRow>> {
        let subjects = &self.rest.subjects;
        let mut wanted: BTreeSet<usize> = BTreeSet::new();
        for node in places.iter().filter(|node| matches!(self.kind(**node), Kind::Case | Kind::Lead)) {
            let first = subjects.partition_point(|subject| *subject < node.0).saturating_sub(1);
            let end = subjects.partition_point(|subject| *subject <= node.0);
            wanted.extend(first..end);
        }
        let (mut steps, mut buffer) = (Vec::new(), Vec::new());
        for at in wanted {
            let mut from = In(self.table.block(&self.source, Section::Steps, at, &mut buffer)?);
            let all: Vec<StepRow> = take_list(&mut from)?;
            from.end()?;
            for step in all {
                let place = places.binary_search(&step.subject);
                steps.extend(place.ok().map(|at| StepRow { subject: NodeIx(at as u32), ..step }));
            }
        }
        Some(steps)
    }
}

/// The blocks that some nodes or ties stand in, which are in order, and those of each.
fn by_block<T>(places: &[T], block: impl Fn(&T) -> usize) -> (Vec<usize>, impl Iterator<Item = &[T]>) {
    let mut blocks: Vec<usize> = places.iter().map(&block).collect();
    blocks.dedup();
    (blocks, places.chunk_by(move |a, b| block(a) == block(b)))
}

impl Nodes {
    /// Adds others, none of which says where its last one's properties end.
    fn append(&mut self, other: Self) {
        let base = self.prop_keys.len() as u32;
        self.ids.append(&other.ids);
        self.names.append(&other.names);
        self.kinds.extend(other.kinds);
        self.parts.extend(other.parts);
        self.prop_starts.extend(other.prop_starts.into_iter().map(|start| base + start));
        self.prop_keys.extend(other.prop_keys);
        self.prop_values.append(&other.prop_values);
    }

    /// Adds a node of others.
    fn push_of(&mut self, other: &Self, at: usize) -> Option<()> {
        self.kinds.push(*other.kinds.get(at)?);
        self.parts.push(*other.parts.get(at)?);
        self.ids.push(other.ids.at(at));
        self.names.push(other.names.at(at));
        self.prop_starts.push(self.prop_keys.len() as u32);
        for prop in span(&other.prop_starts, at) {
            self.prop_keys.push(*other.prop_keys.get(prop)?);
            self.prop_values.push(other.prop_values.at(prop));
        }
        Some(())
    }

    /// The values of these properties.
    fn values_of(&self, keys: &[u16]) -> impl Iterator<Item = &str> {
        let wanted = self.prop_keys.iter().enumerate().filter(|(_, key)| keys.contains(key));
        wanted.map(|(at, _)| self.prop_values.at(at))
    }
}

/// Nodes of both, in order.
fn merged(
    (a, rows_of_a): (&[NodeIx], &Nodes),
    (b, rows_of_b): (&[NodeIx], &Nodes),
) -> Option<(Vec<NodeIx>, Nodes)> {
    let of = |places: &[NodeIx], second: bool| -> Vec<(NodeIx, bool, usize)> {
        places.iter().enumerate().map(|(at, node)| (*node, second, at)).collect()
    };
    let mut all = [of(a, false), of(b, true)].concat();
    all.sort_unstable();
    let (mut places, mut rows) = (Vec::with_capacity(all.len()), Nodes::default());
    for (node, second, at) in all {
        places.push(node);
        rows.push_of(if second { rows_of_b } else { rows_of_a }, at)?;
    }
    rows.prop_starts.push(rows.prop_keys.len() as u32);
    Some((places, rows))
}
