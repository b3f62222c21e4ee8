//! A part of a store as a network: everything that a walk opened, and what stands beside it.

use std::collections::{BTreeMap, BTreeSet};

use super::Source;
use super::kept::placed;
use super::statistics::Doubles;
use super::walk::Reader;
use crate::analysis::doubles;
use crate::analysis::umbrella;
use crate::model::{Entity, Id, Kind, TieType};
use crate::network::ball::Profiles;
use crate::network::reach::{Types, Walk, walk};
use crate::network::{Builder, Network, NodeIx};
use crate::store::{ClaimOf, Handle, Link, StoreError, View};
use crate::tasks::TaskError;

/// What a gang's walks opened of a store, and what is read beside it as the score asks for it: ties a layer,
/// whether somebody is an official and who he is on record as are known of whoever's ties were all read.
pub(super) struct Walked<'v, 's> {
    source: &'v Source<'s>,
    reader: Reader<'v, 's>,
    walk: Walk<Handle>,
}

/// A part of a store as a network, with what a ball needs beside it.
pub(super) struct Part {
    /// All ties of all nodes opened, and every entity that these name.
    pub network: Network,
    /// Who may be whom.
    pub twins: Vec<(NodeIx, NodeIx, f64)>,
    /// What was walked.
    pub walk: Walk<NodeIx>,
    /// The network's nodes in the store.
    handles: Vec<(NodeIx, Handle)>,
}

impl<'v, 's> Walked<'v, 's> {
    /// Walks what a gang's pairs rest on.
    pub fn of_gang(source: &'v Source<'s>, gang: &Id) -> Result<Self, TaskError> {
        let mut seeds = vec![gang.clone()];
        seeds.extend(source.view().cases_of(gang)?);
        let reader = Reader::new(source, &source.statistics()?.doubles);
        let seeds: Vec<Handle> =
            source.view().handles(&seeds)?.into_iter().map(|(_, handle)| handle).collect();
        let walk = walk(&reader, &seeds, umbrella::reaches());
        reader.sound()?;
        Ok(Self { source, reader, walk })
    }

    /// What was walked as a network.
    pub fn part(&self) -> Result<Part, TaskError> {
        let read = Read::of(&self.reader, &self.source.statistics()?.doubles, &self.walk);
        self.reader.sound()?;
        read.build(self.source, &self.walk)
    }

    /// What is known of the nodes of a part.
    pub fn profiles(&self, part: &Part) -> Profiles {
        let mut profiles = Profiles::of_part(part.network.node_count());
        let places: BTreeMap<Handle, NodeIx> =
            part.handles.iter().map(|(node, handle)| (*handle, *node)).collect();
        for (handle, ties, has_duty) in self.reader.known() {
            let Some(&node) = places.get(&handle) else { continue };
            let is_official = part.network.kind(node) == Kind::Person && has_duty;
            profiles.tell(node, ties, is_official);
        }
        profiles
    }

    /// Reads all ties of some nodes of a part.
    pub fn learn(&self, part: &Part, nodes: &BTreeSet<NodeIx>) -> Result<(), TaskError> {
        let asked = part.handles.iter().filter(|(node, _)| nodes.contains(node));
        self.reader.profiles(&asked.map(|(_, handle)| *handle).collect::<Vec<_>>());
        Ok(self.reader.sound()?)
    }
}

/// What was read of the nodes of a walk.
struct Read {
    /// Every node that the network needs: those reached, the other ends of ties, and likely doubles.
    nodes: BTreeSet<Handle>,
    /// The claims of all ties that were opened, and of those that say who is on record as whom, each once and with
    /// one end.
    claims: BTreeMap<ClaimOf, Handle>,
    doubles: Vec<(Handle, Handle, f64)>,
}

impl Read {
    fn of(reader: &Reader<'_, '_>, likely: &Doubles, walk: &Walk<Handle>) -> Self {
        let mut nodes: BTreeSet<Handle> = walk.reached.iter().copied().collect();
        let mut claims = BTreeMap::new();
        let mut take = |link: &Link| {
            nodes.insert(link.far);
            claims.insert(link.claim, link.near);
        };
        for (types, opened) in by_types(walk) {
            reader.links(&opened, types, &mut |_, link| take(link));
        }
        reader.links(&walk.reached, Types::of(&[TieType::Same]), &mut |_, link| take(link));
        let mut doubles = Vec::new();
        for &node in &walk.reached {
            for &(twin, probability) in likely.of(node) {
                nodes.insert(twin);
                doubles.push((node, twin, probability));
            }
        }
        Self { nodes, claims, doubles }
    }

    fn build(self, source: &Source<'_>, walk: &Walk<Handle>) -> Result<Part, TaskError> {
        let view = source.view();
        let nodes: Vec<Handle> = self.nodes.iter().copied().collect();
        let (mut entities, more) = source.in_halves(&nodes, |view, nodes| view.entities_at(nodes))?;
        entities.extend(more.into_iter().flatten());
        let ids: BTreeMap<Handle, Id> =
            entities.iter().map(|(handle, entity)| (*handle, entity.id.clone())).collect();
        let mut builder = Builder::new(source.access.as_of);
        let units = units(view, entities.iter().map(|(_, entity)| entity))?;
        let dated: Vec<Id> = entities
            .iter()
            .filter(|(_, entity)| matches!(entity.kind, Kind::Case | Kind::Lead))
            .map(|(_, entity)| entity.id.clone())
            .collect();
        entities.into_iter().map(|(_, entity)| entity).chain(units).for_each(|entity| builder.entity(entity));
        let claims: Vec<(ClaimOf, Handle)> = self.claims.iter().map(|(claim, end)| (*claim, *end)).collect();
        let of_ties: Vec<&[(ClaimOf, Handle)]> = claims.chunk_by(|(a, _), (b, _)| a.tie == b.tie).collect();
        let ties = |view: &dyn View, some: &[&[(ClaimOf, Handle)]]| view.ties_of_claims(&some.concat(), &ids);
        let (ties, more) = source.in_halves(&of_ties, ties)?;
        for tie in ties.iter().chain(more.iter().flatten()) {
            builder.tie(tie)?;
        }
        if !dated.is_empty() {
            for step in view.steps(&dated)? {
                builder.step(&step.id, &step.subject, &step.step, step.date, &step.fact)?;
            }
        }
        let network = builder.build();
        let places: BTreeMap<Handle, NodeIx> =
            ids.iter().filter_map(|(handle, id)| Some((*handle, network.node(id.as_str())?))).collect();
        let place = |node: Handle| places.get(&node).copied();
        let handles = places.iter().map(|(handle, node)| (*node, *handle)).collect();
        Ok(Part { twins: self.twins(&network, &place), walk: placed(walk, &place), handles, network })
    }

    fn twins(
        &self,
        network: &Network,
        place: &impl Fn(Handle) -> Option<NodeIx>,
    ) -> Vec<(NodeIx, NodeIx, f64)> {
        let placed = self.doubles.iter().filter_map(|&(a, b, p)| Some((place(a)?, place(b)?, p)));
        doubles::with_recorded(network, placed.collect())
    }
}

/// The nodes opened, by the types of their ties that were.
fn by_types(walk: &Walk<Handle>) -> BTreeMap<Types, Vec<Handle>> {
    let mut groups: BTreeMap<Types, Vec<Handle>> = BTreeMap::new();
    for (node, types) in &walk.opened {
        groups.entry(*types).or_default().push(*node);
    }
    groups
}

/// The agencies that these entities name, and their parents: an official's sector and jurisdiction.
fn units<'e>(
    view: &dyn View,
    entities: impl Iterator<Item = &'e Entity> + Clone,
) -> Result<Vec<Entity>, StoreError> {
    let known: BTreeSet<&str> = entities.clone().map(|entity| entity.id.as_str()).collect();
    let named = |entity: &Entity| {
        let units = ["agency", "parent"].map(|key| entity.prop(key).map(Id::from));
        units.into_iter().flatten().filter(|id| !known.contains(id.as_str())).collect::<Vec<Id>>()
    };
    let missing: BTreeSet<Id> = entities.flat_map(named).collect();
    let mut units = view.entities_of(&missing.into_iter().collect::<Vec<_>>())?;
    let have: BTreeSet<Id> = units.iter().map(|unit| unit.id.clone()).collect();
    let parents: BTreeSet<Id> = units.iter().flat_map(named).filter(|id| !have.contains(id)).collect();
    units.extend(view.entities_of(&parents.into_iter().collect::<Vec<_>>())?);
    Ok(units)
}
