//! How far it is to the next official, for stages that look for one.
//!
//! Who looks over three hops of kinship for an official comes to half of a city on the way, and nearly all of it for
//! nothing: from where he stands, no official is so near. Where many ask, how near one is of everybody is told once.

use super::{Opens, Reaches, Rule, Stage, Ties, Types, Way, led_to};
use crate::model::Kind;
use crate::network::NodeIx;

/// Hops to the next official over the rule of a stage, of every node of a network.
#[derive(Debug)]
struct Hops {
    types: Types,
    kinds: &'static [Kind],
    /// One more than any stage asks for where nobody is so near.
    of: Vec<u8>,
}

/// The same for every stage that looks for officials over one rule which leads both ways.
#[derive(Debug, Default)]
pub(in crate::network) struct Distances(Vec<Hops>);

/// The one rule of a stage that leads from the kinds it leads to: then it is as far to an official as from him.
fn both_ways(rules: &[Rule]) -> Option<&Rule> {
    let [rule] = rules else { return None };
    Some(rule).filter(|rule| rule.way == Way::Both && rule.from == rule.to)
}

impl Distances {
    /// Measures them from these officials, of a network of so many nodes. Cost: the ties of whoever is as near to an
    /// official as stages look, once a stage.
    pub fn of(
        ties: &impl Ties<Node = NodeIx>,
        nodes: usize,
        officials: &[NodeIx],
        reaches: &Reaches,
    ) -> Self {
        let all = reaches.each.iter().chain([&reaches.then]).flat_map(|reach| reach.stages);
        let looks = all.filter(|stage| stage.opens == Opens::Looks && stage.is_plain());
        Self(looks.filter_map(|stage| Hops::of(ties, nodes, officials, stage)).collect())
    }

    /// Those of some nodes from which it may be so many hops over these rules.
    pub fn toward(&self, mut some: Vec<NodeIx>, rules: &[Rule], hops: u8) -> Vec<NodeIx> {
        let is_of =
            |known: &&Hops, rule: &Rule| known.types == Types::of(rule.types) && known.kinds == rule.from;
        let known = both_ways(rules).and_then(|rule| self.0.iter().find(|known| is_of(known, rule)));
        if let Some(known) = known {
            some.retain(|node| known.of.get(node.at()).is_none_or(|far| *far <= hops));
        }
        some
    }
}

impl Hops {
    fn of(
        ties: &impl Ties<Node = NodeIx>,
        nodes: usize,
        officials: &[NodeIx],
        stage: &Stage,
    ) -> Option<Self> {
        let rule = both_ways(stage.rules)?;
        let mut of = vec![stage.hops + 1; nodes];
        let mut frontier = officials.to_vec();
        for hops in 0..=stage.hops {
            frontier.retain(|node| of.get(node.at()).is_some_and(|known| *known > hops));
            frontier.iter().for_each(|node| of[node.at()] = hops);
            if hops == stage.hops {
                break;
            }
            let kinds = ties.kinds_of(&frontier);
            let open = frontier.into_iter().zip(kinds).filter(|(_, kind)| rule.from.contains(kind));
            let (open, kinds): (Vec<NodeIx>, Vec<Kind>) = open.unzip();
            let led = led_to(ties, &open, &kinds, stage.rules).into_iter().map(|led| led.far);
            frontier = ties.in_order(led.collect());
        }
        Some(Self { types: Types::of(rule.types), kinds: rule.from, of })
    }
}
