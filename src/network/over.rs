//! A kept network with a small change laid over it, read only where it is asked.
//!
//! The same network as [`Network::changed`] makes of the whole, of which no more is made than somebody asks for. What
//! the change touches is told by the change, and by the ties of the kept network that it leaves as they are; of
//! everybody else the kept network tells. New nodes stand behind all others.

use std::collections::{BTreeMap, BTreeSet};

use super::builder::parts_by;
use super::frozen::{ByteSource, Near, OnDisk, profile};
use super::marks::in_order;
use super::reach::{Seen, Ties, Types};
use super::{Network, NodeIx, Parts, TieIx};
use crate::model::{Date, Id, Kind, Layer, TieType};

/// The position of a tie that the kept network does not have.
const NEW: TieIx = TieIx(u32::MAX);

/// A small change, worked out for one kept network.
#[derive(Debug)]
pub struct Laid {
    change: Network,
    pairs: Vec<(Id, Id)>,
    /// Where the nodes of the change stand.
    places: Vec<NodeIx>,
    touched: BTreeMap<NodeIx, Touched>,
    /// What every part holds, so that whoever is touched is in it as he is in the whole.
    nodes: BTreeSet<NodeIx>,
    ties: BTreeSet<TieIx>,
    /// Who may be whom, of whoever this is another matter for after the change.
    twins: BTreeMap<NodeIx, Vec<(NodeIx, f64)>>,
}

/// Somebody or something that the change says anything of.
#[derive(Debug)]
struct Touched {
    kind: Kind,
    official: bool,
    /// Ties of the kept network that stay, and those of the change. The position of the latter is nothing's.
    kept: Vec<Near>,
    new: Vec<Near>,
}

impl Laid {
    /// Lays a change, as [`Network::changed`] takes it, over a kept network. `None` where whoever it touches plays a
    /// part that the ties to others do not tell of: then the whole network has to be changed.
    pub fn over<S: ByteSource>(disk: &OnDisk<S>, change: Network, pairs: Vec<(Id, Id)>) -> Option<Self> {
        let known = disk.node_count() as u32;
        let place = |node: NodeIx| disk.find(change.id(node)).unwrap_or(NodeIx(known + node.0));
        let places: Vec<NodeIx> = change.nodes().map(place).collect();
        let at = |id: &Id| change.node(id.as_str()).and_then(|node| places.get(node.at())).copied();
        let mut replaced: BTreeSet<(NodeIx, NodeIx)> =
            pairs.iter().filter_map(|(from, to)| Some((at(from)?, at(to)?))).collect();
        let ends = |tie| [change.tie(tie).from(), change.tie(tie).to()].map(|end| places[end.at()]);
        replaced.extend(change.ties().map(ends).map(|[from, to]| (from, to)));
        let mut laid = Self {
            touched: BTreeMap::new(),
            nodes: places.iter().copied().filter(|place| place.0 < known).collect(),
            ties: BTreeSet::new(),
            twins: BTreeMap::new(),
            change,
            pairs,
            places,
        };
        for node in laid.change.nodes() {
            let touched = laid.touched(disk, node, &replaced)?;
            if touched.kind == Kind::Person {
                laid.nodes.extend(touched.kept.iter().map(|near| near.far));
                laid.ties.extend(touched.kept.iter().map(|near| near.tie));
            }
            for key in ["agency", "parent", "gang"] {
                laid.nodes.extend(laid.change.prop(node, key).and_then(|id| disk.find(id)));
            }
            laid.touched.insert(laid.places[node.at()], touched);
        }
        Some(laid)
    }

    fn touched<S: ByteSource>(
        &self,
        disk: &OnDisk<S>,
        node: NodeIx,
        replaced: &BTreeSet<(NodeIx, NodeIx)>,
    ) -> Option<Touched> {
        let place = self.places[node.at()];
        let part = |near: &Near| parts_by(near.ty)[usize::from(!near.outward)];
        let (mut kept, mut told) = (Vec::new(), self.change.parts(node));
        let mut now = told;
        let was = disk.near(place).filter(|_| place.0 < disk.node_count() as u32);
        for near in was {
            let ends = if near.outward { (place, near.far) } else { (near.far, place) };
            told = told.with(part(&near));
            if !replaced.contains(&ends) {
                now = now.with(part(&near));
                kept.push(near);
            }
        }
        let kind = self.change.kind(node);
        if kind == Kind::Person && told.with(disk.parts(place)) != told {
            return None;
        }
        let new = self.change.tagged_arcs(node).map(|(arc, ty, outward)| Near {
            far: self.places[arc.neighbour.at()],
            tie: NEW,
            ty,
            outward,
            start: self.change.tie(arc.tie).start(),
        });
        let official = kind == Kind::Person && now.any(Parts::OFFICIAL);
        Some(Touched { kind, official, kept, new: new.collect() })
    }

    /// Tells how likely two of the kept network are one after the change, where that is another matter than before;
    /// nothing where they are hardly one.
    pub fn tell_twins<S: ByteSource>(&mut self, disk: &OnDisk<S>, pairs: &[(NodeIx, NodeIx, Option<f64>)]) {
        for &(a, b, likely) in pairs {
            for (one, other) in [(a, b), (b, a)] {
                let own = self.twins.entry(one).or_insert_with(|| disk.twins(one).collect());
                own.retain(|(twin, _)| *twin != other);
                own.extend(likely.map(|likely| (other, likely)));
                own.sort_unstable_by_key(|(twin, _)| *twin);
            }
        }
    }

    /// Where those stand that the change says anything of, in the order of its nodes.
    pub fn places(&self) -> &[NodeIx] {
        &self.places
    }
}

/// A kept network, with what is laid over it.
#[derive(Debug)]
pub struct Over<'a, S> {
    disk: &'a OnDisk<S>,
    laid: Option<&'a Laid>,
}

impl<S> Clone for Over<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Over<'_, S> {}

impl<'a, S: ByteSource> Over<'a, S> {
    /// A kept network as it is.
    pub fn plain(disk: &'a OnDisk<S>) -> Self {
        Self { disk, laid: None }
    }

    /// The same with a change that was laid over this very one.
    pub fn with(disk: &'a OnDisk<S>, laid: &'a Laid) -> Self {
        Self { disk, laid: Some(laid) }
    }

    fn touched(&self, node: NodeIx) -> Option<&'a Touched> {
        self.laid.and_then(|laid| laid.touched.get(&node))
    }

    /// Whether all that was read so far was as it was written.
    pub fn is_sound(&self) -> bool {
        self.disk.is_sound()
    }

    /// Whether a node is one that the change brought.
    pub fn is_new(&self, node: NodeIx) -> bool {
        node.at() >= self.disk.node_count()
    }

    /// The node with this id.
    pub fn find(&self, id: &str) -> Option<NodeIx> {
        let told = self.laid.and_then(|laid| laid.places.get(laid.change.node(id)?.at()).copied());
        told.or_else(|| self.disk.find(id))
    }

    /// What a node is.
    pub fn kind(&self, node: NodeIx) -> Kind {
        self.touched(node).map_or_else(|| self.disk.kind(node), |touched| touched.kind)
    }

    /// Who somebody may be as well, and how likely, as scores take it.
    pub fn twins(&self, node: NodeIx) -> impl Iterator<Item = (NodeIx, f64)> + use<'a, S> {
        let told = self.laid.and_then(|laid| laid.twins.get(&node));
        let disk = told.is_none().then(|| self.disk.twins(node));
        told.into_iter().flatten().copied().chain(disk.into_iter().flatten())
    }

    /// The ties of a node; those to oneself are left out.
    pub fn near(&self, node: NodeIx) -> impl Iterator<Item = Near> + use<'a, S> {
        let touched = self.touched(node);
        let new = touched.into_iter().flat_map(|touched| touched.new.iter().copied());
        self.kept(node).chain(new)
    }

    /// Those of them that are the kept network's, with their positions there.
    pub fn kept(&self, node: NodeIx) -> impl Iterator<Item = Near> + use<'a, S> {
        let touched = self.touched(node);
        let disk = touched.is_none().then(|| self.disk.near(node));
        touched.into_iter().flat_map(|touched| touched.kept.iter().copied()).chain(disk.into_iter().flatten())
    }

    /// How many ties a node has in each layer, in the order of [`Layer::ALL`].
    pub fn profile(&self, node: NodeIx) -> [u32; Layer::ALL.len()] {
        if self.touched(node).is_none() {
            return self.disk.profile(node);
        }
        profile(node, self.near(node), |node| self.kind(node))
    }

    /// These nodes and ties of the kept network, with what is laid over them, as a network, and where its nodes stand.
    /// The ends of the ties must be among the nodes; for the properties `named` see [`OnDisk::part`]. `None` if
    /// something is not as it was written.
    pub fn part(
        &self,
        mut nodes: BTreeSet<NodeIx>,
        ties: &BTreeSet<TieIx>,
        named: &[&str],
    ) -> Option<(Network, Vec<NodeIx>)> {
        let Some(laid) = self.laid else { return self.disk.part(nodes, ties, named) };
        nodes.retain(|&node| !self.is_new(node));
        nodes.extend(&laid.nodes);
        let ties: BTreeSet<TieIx> = ties.union(&laid.ties).copied().collect();
        let (kept, places) = self.disk.part(nodes, &ties, named)?;
        let network = kept.changed(&laid.change, &laid.pairs);
        let mut new: Vec<(&str, NodeIx)> = laid
            .change
            .nodes()
            .map(|node| (laid.change.id(node), laid.places[node.at()]))
            .filter(|(_, place)| self.is_new(*place))
            .collect();
        new.reverse();
        let mut old = places.into_iter();
        let place = |node: NodeIx| match new.last() {
            Some((id, place)) if *id == network.id(node) => {
                let place = *place;
                new.pop();
                Some(place)
            }
            _ => old.next(),
        };
        let places: Option<Vec<NodeIx>> = network.nodes().map(place).collect();
        Some((network, places?))
    }
}

impl<S: ByteSource> Over<'_, S> {
    /// The ties of a frontier, with the days that `start` tells of each.
    fn seen(
        &self,
        frontier: &[NodeIx],
        types: &[TieType],
        start: impl Fn(NodeIx, Near) -> Option<Date>,
        each: &mut dyn FnMut(Seen<NodeIx>),
    ) {
        let wanted = Types::of(types);
        for (at, &node) in frontier.iter().enumerate() {
            for near in self.near(node).filter(|near| wanted.has(near.ty)) {
                let Near { far, ty, outward, .. } = near;
                each(Seen {
                    near: at,
                    far,
                    ty,
                    kind: Some(self.kind(far)),
                    outward,
                    start: start(node, near),
                });
            }
            if wanted.has(TieType::Same) {
                for (far, _) in self.twins(node) {
                    let (ty, kind) = (TieType::Same, Some(self.kind(far)));
                    each(Seen { near: at, far, ty, kind, outward: true, start: None });
                }
            }
        }
    }
}

impl<S: ByteSource> Ties for Over<'_, S> {
    type Node = NodeIx;

    fn kinds_of(&self, nodes: &[NodeIx]) -> Vec<Kind> {
        nodes.iter().map(|&node| self.kind(node)).collect()
    }

    fn officials_of(&self, nodes: &[NodeIx]) -> Vec<bool> {
        let is_official = |node: NodeIx| {
            let told = self.touched(node).map(|touched| touched.official);
            told.unwrap_or_else(|| self.disk.parts(node).any(Parts::OFFICIAL))
        };
        nodes.iter().map(|&node| is_official(node)).collect()
    }

    fn counts_of(&self, nodes: &[NodeIx]) -> Vec<u32> {
        let count = |node: NodeIx| match self.touched(node) {
            Some(touched) => (touched.kept.len() + touched.new.len()) as u32,
            None => self.disk.arc_count(node),
        };
        nodes.iter().map(|&node| count(node)).collect()
    }

    fn in_order(&self, nodes: Vec<NodeIx>) -> Vec<NodeIx> {
        let brought = self.laid.map_or(0, |laid| laid.places.len());
        in_order(nodes, self.disk.node_count() + brought)
    }

    fn ties_of(&self, frontier: &[NodeIx], types: &[TieType], each: &mut dyn FnMut(Seen<NodeIx>)) {
        self.seen(frontier, types, |_, near| near.start, each);
    }

    fn dated_ties_of(&self, frontier: &[NodeIx], types: &[TieType], each: &mut dyn FnMut(Seen<NodeIx>)) {
        let start = |node, Near { far, tie, outward, start, .. }: Near| {
            let is_told = outward || tie == NEW;
            if is_told { start } else { self.disk.start_of(far, node, tie) }
        };
        self.seen(frontier, types, start, each);
    }
}
