//! A part of a store as a network: everything that a walk opened, and what stands beside it.

use std::collections::{BTreeMap, BTreeSet};

use super::kept::placed;
use super::revised::Revised;
use super::walk::Reader;
use crate::analysis::doubles;
use crate::analysis::umbrella;
use crate::model::{Entity, Id, Kind, TieType};
use crate::network::ball::{Ball, Ground, Profiles};
use crate::network::reach::{Types, Walk, walk};
use crate::network::{Builder, Network, NodeIx};
use crate::store::{ClaimOf, Handle, Link, StoreError, View};
use crate::tasks::TaskError;

/// What a gang's walks opened of a store, and what is read beside it as the score asks for it: ties a layer,
/// whether somebody is an official and who he is on record as are known of whoever's ties were all read.
pub(super) struct Walked<'r, 'v, 's> {
    reader: &'r Reader<'v, 's>,
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

impl Part {
    /// Where some of the store stand in it, if they do.
    pub fn nodes_of(&self, handles: &BTreeSet<Handle>) -> BTreeSet<NodeIx> {
        let wanted = self.handles.iter().filter(|(_, handle)| handles.contains(handle));
        wanted.map(|(node, _)| *node).collect()
    }
}

impl<'r, 'v, 's> Walked<'r, 'v, 's> {
    /// Walks what a gang's pairs rest on, from it and its cases.
    pub fn of_gang(reader: &'r Reader<'v, 's>, seeds: &[Handle]) -> Result<Self, TaskError> {
        let walk = walk(reader, seeds, umbrella::reaches());
        reader.sound()?;
        Ok(Self { reader, walk })
    }

    /// Whether any of these was reached.
    pub fn reached_any(&self, nodes: &BTreeSet<Handle>) -> bool {
        nodes.iter().any(|node| self.walk.reached.binary_search(node).is_ok())
    }

    /// What a score makes of the ball of a gang, which stands at this place of the part. What the score asks for beside the
    /// ties that were walked is read as it is asked for, and the score made again, until nothing is missing.
    pub fn score<T>(
        &self,
        part: &Part,
        gang: NodeIx,
        score: impl Fn(&Ball<'_>) -> T,
    ) -> Result<T, TaskError> {
        loop {
            let ground = Ground::new(&part.network, self.profiles(part), &part.twins);
            let scored = score(&Ball::walked(&ground, gang, part.walk.clone()));
            let lacking = ground.lacking();
            if lacking.is_empty() {
                return Ok(scored);
            }
            self.learn(part, &lacking)?;
        }
    }

    /// What was walked as a network.
    pub fn part(&self) -> Result<Part, TaskError> {
        let read = Read::of(self.reader, &self.walk);
        self.reader.sound()?;
        read.build(self.reader, &self.walk)
    }

    /// What is known of the nodes of a part.
    fn profiles(&self, part: &Part) -> Profiles {
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
    fn learn(&self, part: &Part, nodes: &BTreeSet<NodeIx>) -> Result<(), TaskError> {
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
    fn of(reader: &Reader<'_, '_>, walk: &Walk<Handle>) -> Self {
        let mut nodes: BTreeSet<Handle> = walk.reached.iter().copied().collect();
        let mut claims = BTreeMap::new();
        let mut take = |link: &Link| {
            nodes.insert(link.far);
            if !Revised::brought(link) {
                claims.insert(link.claim, link.near);
            }
        };
        if let Some(revised) = reader.revised {
            reader.links(&revised.people(), Types::ALL, &mut |_, link| take(link));
        }
        for (types, opened) in by_types(walk) {
            reader.links(&opened, types, &mut |_, link| take(link));
        }
        reader.links(&walk.reached, Types::of(&[TieType::Same]), &mut |_, link| take(link));
        let mut doubles = Vec::new();
        for &node in &walk.reached {
            for &(twin, probability) in reader.doubles.of(node) {
                nodes.insert(twin);
                doubles.push((node, twin, probability));
            }
        }
        nodes.extend(reader.revised.into_iter().flat_map(Revised::everybody));
        Self { nodes, claims, doubles }
    }

    fn build(self, reader: &Reader<'_, '_>, walk: &Walk<Handle>) -> Result<Part, TaskError> {
        let (source, revised) = (reader.source, reader.revised);
        let view = source.view();
        let is_new = |node: &Handle| revised.is_some_and(|revised| revised.is_new(*node));
        let nodes: Vec<Handle> = self.nodes.iter().copied().filter(|node| !is_new(node)).collect();
        let (mut entities, more) = source.in_halves(&nodes, |view, nodes| view.entities_at(nodes))?;
        entities.extend(more.into_iter().flatten());
        let mut ids: BTreeMap<Handle, Id> =
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
        let stored = builder.build();
        let network = match revised {
            Some(revised) => revised.over(&stored),
            None => stored,
        };
        ids.extend(revised.into_iter().flat_map(Revised::new_ids));
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
