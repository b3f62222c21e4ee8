//! Builds a [`Network`] from entities and ties, in whatever order they come.
//!
//! First every entity, then every tie and step. Records go straight into columns, so that ten
//! million ties (and a million entities, where they come in id order) need no objects; at the end nodes and ties are brought into key order
//! and rows that speak of one tie (a store's and a new bundle's) are joined.

mod columns;
mod order;

use std::collections::BTreeMap;

use super::{Network, NodeIx, Nodes, Parts, StepRow, Words};
use crate::fingerprints::{Fingerprints, hash};
use crate::model::view::Fact;
use crate::model::{Date, Entity, Id, Kind, Table, Tie, TieType};
pub use columns::{Places, TieColumns};
pub(super) use order::{arcs, tags};
use order::{in_order, tie_order};

/// Why a tie or a step cannot be part of the network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// It names a node that was not added.
    #[error("`{row}` names `{missing}`, which is not in the network")]
    Missing {
        /// The row.
        row: String,
        /// What it names.
        missing: String,
    },
    /// Entities that were said to come in id order do not.
    #[error("`{0}` does not come in id order")]
    Disorder(String),
    /// More nodes or ties than positions of 32 bits can tell apart.
    #[error("a network holds at most 4,294,967,295 nodes and ties")]
    TooLarge,
}

/// Builds a network: entities first, then ties and steps, then [`Builder::build`].
#[derive(Debug, Default)]
pub struct Builder {
    as_of: Option<Date>,
    entities: Vec<Entity>,
    is_sealed: bool,
    /// Nodes by 64 bits of a hash of their ids: two ids that share them are told apart by a search.
    positions: Fingerprints<10, 6>,
    /// Known as officials by ties that are not added.
    officials: Vec<Id>,
    nodes: Nodes,
    steps: Vec<StepRow>,
    likely: Option<Vec<(u32, u32, f64)>>,
    columns: TieColumns,
}

impl Builder {
    /// A builder of a network as of a day.
    pub fn new(as_of: Option<Date>) -> Self {
        Self { as_of, ..Self::default() }
    }

    /// Adds an entity; two of one id are one, with the facts of both.
    pub fn entity(&mut self, entity: Entity) {
        self.entities.push(entity);
    }

    /// Adds an entity where all come in id order, each once, and none by [`Builder::entity`]: it
    /// goes into columns at once.
    pub fn sorted_entity(&mut self, entity: &Entity) -> Result<(), BuildError> {
        let nodes = &self.nodes;
        let last = nodes.kinds.len().checked_sub(1).map(|at| nodes.ids.at(at));
        if last.is_some_and(|last| last >= entity.id.as_str()) {
            return Err(BuildError::Disorder(entity.id.to_string()));
        }
        self.node(entity);
        Ok(())
    }

    /// Adds a tie. No entity may follow.
    pub fn tie(&mut self, tie: &Tie) -> Result<(), BuildError> {
        self.seal();
        self.columns.tie(&Places { positions: &self.positions, nodes: &self.nodes }, tie)
    }

    /// Where the nodes stand, for ties that are gathered in columns of their own. No entity may follow.
    pub fn places(&mut self) -> Places<'_> {
        self.seal();
        Places { positions: &self.positions, nodes: &self.nodes }
    }

    /// Adds ties that were gathered in columns of their own, in this order.
    pub fn append(&mut self, all: Vec<TieColumns>) -> Result<(), BuildError> {
        self.seal();
        self.columns.reserve(&all);
        all.into_iter().try_for_each(|columns| self.columns.append(columns))
    }

    /// Says that a person is an official, where the ties that make him one are not added: a network
    /// of a part is told what its source knows.
    pub fn official(&mut self, id: &Id) {
        self.officials.push(id.clone());
    }

    /// Tells who may be one person, with how likely, where the cards that say so are not added. Pairs of
    /// which one is not in the network are left out.
    pub fn likely(&mut self, doubles: &[(Id, Id, f64)]) {
        self.seal();
        let place = |id: &Id| self.nodes.find(id.as_str()).map(|at| at as u32);
        let mut placed: Vec<(u32, u32, f64)> =
            doubles.iter().filter_map(|(a, b, p)| Some((place(a)?, place(b)?, *p))).collect();
        placed.sort_by_key(|&(a, b, _)| (a, b));
        self.likely = Some(placed);
    }

    /// Adds a step of a case or a lead. No entity may follow.
    pub fn step(
        &mut self,
        id: &Id,
        subject: &Id,
        step: &str,
        date: Date,
        fact: &Fact,
    ) -> Result<(), BuildError> {
        self.seal();
        let subject = NodeIx(self.places().of(id.as_str(), subject)?);
        self.steps.push(StepRow {
            subject,
            date,
            row: id.to_string(),
            step: step.to_owned(),
            props: fact.props.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
            voice: fact.voice.clone(),
            known: fact.known,
        });
        Ok(())
    }

    /// The network.
    pub fn build(self) -> Network {
        self.build_counted().0
    }

    /// The network, and how many ties were joined to others that are the same: none where a store handed out
    /// each once.
    pub fn build_counted(mut self) -> (Network, usize) {
        self.seal();
        let TieColumns { ties, claims, voices, words, .. } = self.columns;
        let mut network = Network {
            as_of: self.as_of,
            likely: self.likely,
            nodes: self.nodes,
            ties,
            claims,
            voices,
            words: Words(words),
            steps: self.steps,
            ..Network::default()
        };
        drop(self.positions);
        let order = tie_order(&network);
        network = in_order(network, &order);
        let joined = order.len() - network.tie_count();
        drop(order);
        network.steps.sort_by(|a, b| (a.subject, a.date, &a.row).cmp(&(b.subject, b.date, &b.row)));
        network.steps.dedup();
        network.told = super::told::by_steps(&network, self.as_of);
        set_parts(&mut network);
        let officials: Vec<NodeIx> =
            self.officials.iter().filter_map(|id| network.node(id.as_str())).collect();
        for at in officials {
            let parts = &mut network.nodes.parts[at.at()];
            *parts = parts.with(Parts::OFFICIAL);
        }
        network.arcs = arcs(&network);
        (network, joined)
    }

    /// Brings the entities into id order and into columns, once.
    fn seal(&mut self) {
        if self.is_sealed {
            return;
        }
        self.is_sealed = true;
        let mut entities = std::mem::take(&mut self.entities);
        entities.sort_by(|a, b| a.id.cmp(&b.id));
        entities.dedup_by(|later, first| {
            let same = later.id == first.id;
            if same {
                first.facts.append(&mut later.facts);
                // What was recorded last is shown, whichever of the two was added last.
                first.facts.sort_by_key(|fact| fact.known);
            }
            same
        });
        for entity in entities {
            self.node(&entity);
        }
        self.nodes.prop_starts.push(self.nodes.prop_keys.len() as u32);
    }

    fn node(&mut self, entity: &Entity) {
        let mut props: BTreeMap<u16, String> = BTreeMap::new();
        for fact in &entity.facts {
            for (key, value) in &fact.props {
                props.insert(self.columns.word(key), value.clone());
            }
        }
        let aliases = entity.aliases().join(";");
        if !aliases.is_empty() {
            props.insert(self.columns.word("aliases"), aliases);
        }
        self.positions.insert(hash(&[entity.id.as_str().as_bytes()]), self.nodes.kinds.len() as u64);
        let nodes = &mut self.nodes;
        nodes.ids.push(entity.id.as_str());
        nodes.names.push(entity.name());
        nodes.kinds.push(entity.kind);
        nodes.parts.push(parts(entity));
        nodes.prop_starts.push(nodes.prop_keys.len() as u32);
        for (key, value) in props {
            nodes.prop_keys.push(key);
            nodes.prop_values.push(&value);
        }
    }
}

fn parts(entity: &Entity) -> Parts {
    let mut parts = Parts::default();
    if entity.kind == Kind::Person {
        if entity.stands_in(Table::Officials) {
            parts = parts.with(Parts::OFFICIAL);
        }
        if entity.stands_in(Table::GangMembers) {
            parts = parts.with(Parts::MEMBER);
        }
    }
    parts
}

/// Parts that follow from ties: who does a duty is taken as an official, a suspect is one. A tie to oneself has a wrong
/// end, and says nothing of anybody.
fn set_parts(network: &mut Network) {
    for tie in 0..network.ties.from.len() {
        let (from, to) = (network.ties.from[tie] as usize, network.ties.to[tie] as usize);
        for (node, part) in [from, to].into_iter().zip(parts_by(network.ties.types[tie])) {
            if from != to && network.nodes.kinds[node] == Kind::Person {
                network.nodes.parts[node] = network.nodes.parts[node].with(part);
            }
        }
    }
}

/// The parts that a tie of this type says its ends play, if they are people.
pub(super) fn parts_by(ty: TieType) -> [Parts; 2] {
    match ty {
        duty if duty.makes_official() => [Parts::OFFICIAL, Parts::default()],
        TieType::Member => [Parts::MEMBER, Parts::default()],
        TieType::Suspect => [Parts::SUSPECT, Parts::default()],
        TieType::About => [Parts::default(), Parts::NAMED],
        _ => Default::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::samples::{entity, person, said, tie};

    fn small() -> Network {
        let mut builder = Builder::new(None);
        for id in ["c", "a", "b"] {
            builder.entity(person(id));
        }
        builder.entity(entity("a", Table::Officials, Kind::Person));
        builder.tie(&tie(TieType::Call, "b", "c", vec![said("r2", "s1")]).build()).unwrap();
        builder.tie(&tie(TieType::Family, "a", "b", vec![said("r1", "s1")]).build()).unwrap();
        builder.tie(&tie(TieType::Call, "b", "c", vec![said("r3", "s1")]).build()).unwrap();
        builder.tie(&tie(TieType::Family, "a", "b", vec![said("r9", "s2")]).build()).unwrap();
        builder.tie(&tie(TieType::Call, "c", "c", vec![said("r4", "s1")]).build()).unwrap();
        builder.build()
    }

    #[test]
    fn nodes_and_ties_stand_in_key_order_and_states_are_joined() {
        let network = small();
        let ids: Vec<&str> = network.nodes().map(|node| network.id(node)).collect();
        assert_eq!(ids, ["a", "b", "c"]);
        let ties: Vec<_> =
            network.ties().map(|tie| (network.tie(tie).type_name(), network.tie(tie).rows())).collect();
        assert_eq!(
            ties,
            [("family", vec!["r1", "r9"]), ("call", vec!["r2"]), ("call", vec!["r3"]), ("call", vec!["r4"])]
        );
        assert_eq!(network.node("b"), Some(NodeIx(1)));
        assert_eq!(network.node("x"), None);
    }

    #[test]
    fn both_directions_are_there_and_ties_to_oneself_are_not() {
        let network = small();
        let of = |id| {
            network.arcs(network.node(id).unwrap()).map(|arc| network.id(arc.neighbour)).collect::<Vec<_>>()
        };
        assert_eq!(of("b"), ["a", "c", "c"]);
        assert_eq!(of("c"), ["b", "b"]);
        assert_eq!(network.between(NodeIx(2), NodeIx(1)).count(), 2);
    }

    #[test]
    fn two_sources_make_a_tie_stronger() {
        let network = small();
        let strengths: Vec<f64> = network.ties().map(|tie| network.tie(tie).strength()).collect();
        assert!((strengths[0] - (1.0 - 0.28 * 0.28)).abs() < 1e-6 && (strengths[1] - 0.72).abs() < 1e-6);
        assert_eq!(network.tie(super::super::TieIx(0)).voices(), 2);
    }

    #[test]
    fn parts_and_props_are_known() {
        let network = small();
        let a = network.node("a").unwrap();
        assert!(network.is_official(a) && network.is_subject(a));
        assert!(!network.is_subject(NodeIx(2)));
        assert_eq!(network.prop(a, "name"), Some("name of a"));
        assert_eq!(network.prop(a, "unknown"), None);
    }

    #[test]
    fn a_tie_to_a_node_that_is_not_there_is_refused() {
        let mut builder = Builder::new(None);
        builder.entity(person("a"));
        let missing = builder.tie(&tie(TieType::Call, "a", "z", vec![said("r1", "s")]).build());
        assert_eq!(missing, Err(BuildError::Missing { row: "r1".into(), missing: "z".into() }));
        assert_eq!(Builder::new(None).build().node_count(), 0);
    }
}
