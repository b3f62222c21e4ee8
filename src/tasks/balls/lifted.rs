//! What questions ask for, lifted out of the network that is kept beside a large store: the columns of whoever was
//! opened, at the positions that they have there, with what is laid over them.

use std::collections::{BTreeMap, BTreeSet};

use super::held::Part;
use crate::model::{Id, Kind, TieType};
use crate::network::reach::Types;
use crate::network::{ByteSource, Extent, Network, NodeIx, Over, TieIx};
use crate::tasks::TaskError;

/// Why something could not be read of what is kept.
#[derive(Debug)]
pub(super) enum Unread {
    /// It is not as it was written: the store has to be asked.
    Hurt,
    /// For another reason, which the store has as well.
    Other(TaskError),
}

impl From<TaskError> for Unread {
    fn from(why: TaskError) -> Self {
        Self::Other(why)
    }
}

/// What was read of a kept network so far.
pub(super) struct Lifted<'v, S> {
    over: Over<'v, S>,
    extent: Extent,
    /// Only ties of these types are read.
    types: Types,
    /// Whose ties were read.
    whole: BTreeSet<NodeIx>,
    nodes: BTreeSet<NodeIx>,
    ties: BTreeSet<TieIx>,
    /// Who was looked up, and who of them is not there.
    asked: BTreeSet<Id>,
    absent: BTreeSet<String>,
    /// It was asked who are likely one in the whole.
    tells_likely: bool,
    /// Where the nodes of the network that was given last stand in the whole one.
    places: Vec<NodeIx>,
}

impl<'v, S: ByteSource> Lifted<'v, S> {
    pub fn new(over: Over<'v, S>, extent: Extent) -> Self {
        let (whole, nodes, ties) = Default::default();
        let (asked, absent, places) = Default::default();
        let (types, tells_likely) = (Types::ALL, false);
        Self { over, extent, types, whole, nodes, ties, asked, absent, tells_likely, places }
    }

    /// The same, of ties of some types alone.
    pub fn of_types(self, types: &[TieType]) -> Self {
        Self { types: Types::of(types), ..self }
    }

    /// Where somebody stands. That there is nobody of this id is noted.
    fn place(&mut self, id: &Id) -> Option<NodeIx> {
        self.asked.insert(id.clone());
        let place = self.over.find(id.as_str());
        if place.is_none() {
            self.absent.insert(id.to_string());
        }
        place
    }

    /// Who of a network's nodes, which stand at these places in the whole one, are likely one there.
    fn likely_among(&self, network: &Network, places: &[NodeIx]) -> Vec<(NodeIx, NodeIx)> {
        let nodes: BTreeMap<NodeIx, NodeIx> = places.iter().copied().zip(network.nodes()).collect();
        let people = nodes.iter().filter(|(_, node)| network.kind(**node) == Kind::Person);
        let twins = people.flat_map(|(&place, &node)| {
            self.over.twins(place).filter_map(|(twin, _)| nodes.get(&twin)).map(move |&twin| (node, twin))
        });
        twins.filter(|(node, twin)| node < twin).collect()
    }

    /// Whether all ties of somebody were read; those of new ones are all there.
    fn is_open(&self, place: NodeIx) -> bool {
        self.whole.contains(&place) || self.over.is_new(place)
    }

    fn open_places(&mut self, places: impl Iterator<Item = NodeIx>) -> bool {
        let opened = self.whole.len();
        for node in places.filter(|&node| self.whole.insert(node)) {
            self.nodes.insert(node);
            for near in self.over.kept(node).filter(|near| self.types.has(near.ty)) {
                self.nodes.insert(near.far);
                self.ties.insert(near.tie);
            }
        }
        self.whole.len() > opened
    }
}

impl<S: ByteSource> Part for Lifted<'_, S> {
    type Why = Unread;

    fn open(&mut self, ids: &[Id]) -> Result<bool, Unread> {
        let places: Vec<NodeIx> = ids.iter().filter_map(|id| self.place(id)).collect();
        Ok(self.open_places(places.into_iter()))
    }

    fn open_nodes(&mut self, _: &Network, nodes: &BTreeSet<NodeIx>) -> Result<bool, Unread> {
        let places: Vec<NodeIx> =
            nodes.iter().filter_map(|node| self.places.get(node.at()).copied()).collect();
        Ok(self.open_places(places.into_iter()))
    }

    fn look_up(&mut self, ids: &[Id]) -> Result<bool, Unread> {
        let known = self.asked.len();
        for id in ids.iter().filter(|id| !self.asked.contains(*id)).collect::<Vec<_>>() {
            let place = self.place(id);
            self.nodes.extend(place);
        }
        Ok(self.asked.len() > known)
    }

    fn learn_likely(&mut self) -> Result<bool, Unread> {
        Ok(!std::mem::replace(&mut self.tells_likely, true))
    }

    fn network(&mut self) -> Result<Network, Unread> {
        let part = self.over.part(self.nodes.clone(), &self.ties, &[]).filter(|_| self.over.is_sound());
        let (network, places) = part.ok_or(Unread::Hurt)?;
        let whole = places.iter().map(|&place| self.is_open(place)).collect();
        let told = self.tells_likely.then(|| self.likely_among(&network, &places));
        if !self.over.is_sound() {
            return Err(Unread::Hurt);
        }
        self.places = places;
        let part = network.part_of(self.extent, whole, self.absent.clone());
        Ok(match told {
            Some(told) => part.told_likely(told),
            None => part,
        })
    }

    fn is_whole(&self, _: &Network, node: NodeIx) -> bool {
        self.places.get(node.at()).is_some_and(|&place| self.is_open(place))
    }

    fn opened(&self) -> usize {
        self.whole.len()
    }
}
