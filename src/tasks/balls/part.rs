//! A part of a store as a network: everything that a walk opened, and what stands beside it.

use std::collections::{BTreeMap, BTreeSet};

use super::Source;
use super::statistics::Doubles;
use super::walk::{Profile, Reader};
use crate::analysis::doubles;
use crate::analysis::umbrella;
use crate::model::{Entity, Id, Kind, Tie, TieType};
use crate::network::ball::{Profiles, is_counted};
use crate::network::reach::{Cut, Reach, Ties, Types, Walk, walk};
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
        let reader = Reader::new(source, &source.statistics()?.doubles);
        let seeds: Vec<Handle> = view.handles(seeds)?.into_iter().map(|(_, handle)| handle).collect();
        let walked = walk(&reader, &seeds, reaches);
        let read = Read::of(&reader, &source.statistics()?.doubles, &walked);
        reader.end()?;
        read.build(source, &walked)
    }
}

/// What was read of the nodes of a walk.
struct Read {
    /// Ties a layer of the nodes reached that are counted.
    profiles: Vec<(Handle, Profile)>,
    /// The officials among the nodes reached.
    officials: Vec<Handle>,
    /// Every node that the network needs: those reached, the other ends of ties, and likely doubles.
    nodes: BTreeSet<Handle>,
    /// Those with `same` ties, which are read of whoever was reached.
    same: Vec<Handle>,
    doubles: Vec<(Handle, Handle, f64)>,
}

impl Read {
    fn of(reader: &Reader<'_, '_>, likely: &Doubles, walk: &Walk<Handle>) -> Self {
        let reached: Vec<Handle> = walk.reached.iter().copied().collect();
        let kinds = reader.kinds_of(&reached);
        let counted: Vec<Handle> =
            reached.iter().zip(kinds).filter(|(_, kind)| is_counted(*kind)).map(|(node, _)| *node).collect();
        // All ties of all people first: which of them are officials is then known without another look.
        let profiles = reader.profiles(&counted);
        let is_official = reader.officials_of(&reached);
        let officials =
            reached.iter().zip(is_official).filter(|(_, is)| *is).map(|(node, _)| *node).collect();
        let mut nodes = walk.reached.clone();
        for (types, opened) in by_types(walk) {
            reader.links(&opened, types, &mut |_, link| {
                nodes.insert(link.far);
            });
        }
        let (mut same, mut doubles) = (BTreeSet::new(), Vec::new());
        reader.links(&reached, Types::of(&[TieType::Same]), &mut |_, link| {
            nodes.insert(link.far);
            same.insert(link.near);
        });
        for &node in &reached {
            for &(twin, probability) in likely.of(node) {
                nodes.insert(twin);
                doubles.push((node, twin, probability));
            }
        }
        let profiles = counted.into_iter().zip(profiles).collect();
        Self { profiles, officials, nodes, same: same.into_iter().collect(), doubles }
    }

    fn build(self, source: &Source<'_>, walk: &Walk<Handle>) -> Result<Part, TaskError> {
        let view = source.view();
        let nodes: Vec<Handle> = self.nodes.iter().copied().collect();
        let (mut entities, more) = source.in_halves(&nodes, |view, nodes| view.entities_at(nodes))?;
        entities.extend(more.into_iter().flatten());
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
        let mut asked = Asked::default();
        for (types, nodes) in by_types(walk) {
            asked.read(source, types, &of(&mut nodes.into_iter()), &mut builder)?;
        }
        let same = of(&mut self.same.iter().copied());
        asked.read(source, Types::of(&[TieType::Same]), &same, &mut builder)?;
        if !dated.is_empty() {
            for step in view.steps(&dated)? {
                builder.step(&step.id, &step.subject, &step.step, step.date, &step.fact)?;
            }
        }
        of(&mut self.officials.iter().copied()).iter().for_each(|id| builder.official(id));
        let network = builder.build();
        let place = |node: Handle| ids.get(&node).and_then(|id| network.node(id.as_str()));
        Ok(Part {
            profiles: self.profiles(&network, &place),
            twins: self.twins(&network, &place),
            walk: placed(walk, &place),
            network,
        })
    }

    fn profiles(&self, network: &Network, place: &impl Fn(Handle) -> Option<NodeIx>) -> Profiles {
        let mut rows = vec![Profile::default(); network.node_count()];
        for (node, profile) in &self.profiles {
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

/// The nodes opened, by the types of their ties that were.
fn by_types(walk: &Walk<Handle>) -> BTreeMap<Types, Vec<Handle>> {
    let mut groups: BTreeMap<Types, Vec<Handle>> = BTreeMap::new();
    for (node, types) in &walk.opened {
        groups.entry(*types).or_default().push(*node);
    }
    groups
}

/// Which ties were read: a tie that both its ends ask for is read once.
#[derive(Default)]
struct Asked(BTreeMap<Id, Types>);

impl Asked {
    /// Reads the ties of these types of some nodes into a network, but for those it has.
    fn read(
        &mut self,
        source: &Source<'_>,
        types: Types,
        nodes: &[Id],
        builder: &mut Builder,
    ) -> Result<(), TaskError> {
        if nodes.is_empty() {
            return Ok(());
        }
        let filter = TieFilter {
            types: if types == Types::ALL { Vec::new() } else { types.list() },
            ..TieFilter::default()
        };
        let ties = |view: &dyn View, nodes: &[Id]| view.ties_of(nodes, &filter).map(|found| found.ties);
        let (near, far) = source.in_halves(nodes, ties)?;
        let half = if far.is_some() { nodes.len() / 2 } else { nodes.len() };
        let (first, second) = nodes.split_at(half);
        self.take(types, first, near, builder)?;
        self.take(types, second, far.unwrap_or_default(), builder)
    }

    /// Adds the ties that were read of some nodes, but for those that are there.
    fn take(
        &mut self,
        types: Types,
        nodes: &[Id],
        ties: Vec<Tie>,
        builder: &mut Builder,
    ) -> Result<(), TaskError> {
        let has = |id: &Id, ty: TieType| self.0.get(id).is_some_and(|types| types.has(ty));
        for tie in ties {
            if !has(&tie.from, tie.ty) && !has(&tie.to, tie.ty) {
                builder.tie(&tie)?;
            }
        }
        for node in nodes {
            let own = self.0.entry(node.clone()).or_default();
            *own = own.with(types);
        }
        Ok(())
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
    let opened = |(node, types): (&Handle, &Types)| Some((place(*node)?, *types));
    let cut = |cut: &Cut<Handle>| Some(Cut { node: place(cut.node)?, reach: cut.reach, ties: cut.ties });
    Walk {
        opened: walk.opened.iter().filter_map(opened).collect(),
        reached: walk.reached.iter().filter_map(|&node| place(node)).collect(),
        cut: walk.cut.iter().filter_map(cut).collect(),
    }
}
