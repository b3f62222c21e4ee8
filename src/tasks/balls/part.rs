//! A part of a store as a network: everything that a walk opened, and what stands beside it.

use std::collections::{BTreeMap, BTreeSet};

use super::Source;
use super::walk::{Profile, Reader};
use crate::analysis::doubles;
use crate::analysis::umbrella;
use crate::model::{Entity, Id, Kind, Tie, TieType};
use crate::network::ball::Profiles;
use crate::network::reach::{Cut, Reach, Ties, Walk, walk};
use crate::network::{Builder, Network, NodeIx};
use crate::store::{Handle, StoreError, TieFilter, View};
use crate::tasks::TaskError;

/// A part of a store as a network, with what a ball needs beside it.
pub(super) struct Part {
    /// All ties of all nodes opened, and every entity that these name.
    pub network: Network,
    /// Ties a layer of every node reached, as the store counts them.
    pub profiles: Profiles,
    /// Who may be whom.
    pub twins: Vec<(NodeIx, NodeIx, f64)>,
    /// What was walked.
    pub walk: Walk<NodeIx>,
}

impl Part {
    /// What a gang's pairs rest on.
    pub fn of_gang(source: &Source<'_>, gang: &Id) -> Result<Self, TaskError> {
        let mut seeds = vec![gang.clone()];
        seeds.extend(source.view().cases_of(gang)?);
        Self::walked(source, &seeds, umbrella::reaches())
    }

    /// What these reaches open from some seeds.
    pub fn walked(source: &Source<'_>, seeds: &[Id], reaches: &[Reach]) -> Result<Self, TaskError> {
        let view = source.view();
        let reader = Reader::new(view, &source.statistics.doubles);
        let seeds: Vec<Handle> = view.handles(seeds)?.into_iter().map(|(_, handle)| handle).collect();
        let walked = walk(&reader, &seeds, reaches);
        let read = Read::of(&reader, source, &walked);
        reader.end()?;
        read.build(source, &walked)
    }
}

/// What was read of the nodes of a walk.
struct Read {
    /// Of every node reached, in order: its ties a layer, and whether it is an official.
    reached: Vec<(Handle, Profile, bool)>,
    /// Every node that the network needs: those reached, the other ends of ties, and likely doubles.
    nodes: BTreeSet<Handle>,
    /// Those with `same` ties, which are read of whoever was reached.
    same: Vec<Handle>,
    doubles: Vec<(Handle, Handle, f64)>,
}

impl Read {
    fn of(reader: &Reader<'_>, source: &Source<'_>, walk: &Walk<Handle>) -> Self {
        let reached: Vec<Handle> = walk.reached.iter().copied().collect();
        let natures = reader.natures_of(&reached);
        let profiles = reader.profiles(&reached);
        let mut nodes = walk.reached.clone();
        let (mut same, mut doubles) = (Vec::new(), Vec::new());
        let links = reader.links(&reached);
        for &node in &reached {
            let own = links.get(&node).map_or(&[][..], Vec::as_slice);
            let open = walk.opened.contains(&node);
            nodes.extend(own.iter().filter(|link| open || link.ty == TieType::Same).map(|link| link.far));
            if !open && own.iter().any(|link| link.ty == TieType::Same) {
                same.push(node);
            }
            for &(twin, probability) in source.statistics.doubles.of(node) {
                nodes.insert(twin);
                doubles.push((node, twin, probability));
            }
        }
        let natures = natures.into_iter().map(|nature| nature.official);
        let reached = reached.into_iter().zip(profiles).zip(natures);
        let reached = reached.map(|((node, profile), official)| (node, profile, official)).collect();
        Self { reached, nodes, same, doubles }
    }

    fn build(self, source: &Source<'_>, walk: &Walk<Handle>) -> Result<Part, TaskError> {
        let view = source.view();
        let nodes: Vec<Handle> = self.nodes.iter().copied().collect();
        let entities = view.entities_at(&nodes)?;
        let ids: BTreeMap<Handle, Id> =
            entities.iter().map(|(handle, entity)| (*handle, entity.id.clone())).collect();
        let of = |nodes: &mut dyn Iterator<Item = Handle>| -> Vec<Id> {
            nodes.filter_map(|node| ids.get(&node).cloned()).collect()
        };
        let mut builder = Builder::new(source.access.as_of);
        let units = units(view, entities.iter().map(|(_, entity)| entity))?;
        let dated: Vec<Id> = entities
            .iter()
            .filter(|(_, entity)| matches!(entity.kind, Kind::Case | Kind::Lead))
            .map(|(_, entity)| entity.id.clone())
            .collect();
        entities.into_iter().map(|(_, entity)| entity).chain(units).for_each(|entity| builder.entity(entity));
        for tie in
            self.ties(view, &of(&mut walk.opened.iter().copied()), &of(&mut self.same.iter().copied()))?
        {
            builder.tie(&tie)?;
        }
        if !dated.is_empty() {
            for step in view.steps(&dated)? {
                builder.step(&step.id, &step.subject, &step.step, step.date, &step.fact)?;
            }
        }
        let officials = self.reached.iter().filter(|(_, _, official)| *official).map(|(node, _, _)| *node);
        of(&mut officials.into_iter()).iter().for_each(|id| builder.official(id));
        let network = builder.build();
        let place = |node: Handle| ids.get(&node).and_then(|id| network.node(id.as_str()));
        Ok(Part {
            profiles: self.profiles(&network, &place),
            twins: self.twins(&network, &place),
            walk: placed(walk, &place),
            network,
        })
    }

    /// All ties of the nodes opened, and the `same` ties of the others reached.
    fn ties(&self, view: &dyn View, opened: &[Id], same: &[Id]) -> Result<Vec<Tie>, StoreError> {
        let mut ties = view.ties_of(opened, &TieFilter::default())?.ties;
        if !same.is_empty() {
            let only = TieFilter { types: vec![TieType::Same], ..TieFilter::default() };
            let opened: BTreeSet<&Id> = opened.iter().collect();
            let more = view.ties_of(same, &only)?.ties.into_iter();
            ties.extend(more.filter(|tie| !opened.contains(&tie.from) && !opened.contains(&tie.to)));
        }
        Ok(ties)
    }

    fn profiles(&self, network: &Network, place: &impl Fn(Handle) -> Option<NodeIx>) -> Profiles {
        let mut rows = vec![Profile::default(); network.node_count()];
        for (node, profile, _) in &self.reached {
            let row = place(*node).and_then(|node| rows.get_mut(node.at()));
            row.into_iter().for_each(|row| *row = *profile);
        }
        Profiles::counted(rows)
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

/// A walk by places of the network.
fn placed(walk: &Walk<Handle>, place: &impl Fn(Handle) -> Option<NodeIx>) -> Walk<NodeIx> {
    let all = |nodes: &BTreeSet<Handle>| nodes.iter().filter_map(|&node| place(node)).collect();
    let cut = |cut: &Cut<Handle>| Some(Cut { node: place(cut.node)?, reach: cut.reach, ties: cut.ties });
    Walk {
        opened: all(&walk.opened),
        reached: all(&walk.reached),
        cut: walk.cut.iter().filter_map(cut).collect(),
    }
}
