//! The last stage of a ball's walks, walked only where somebody looks.
//!
//! Walks end with the circles of hundreds of officials, of which a question about one of them looks at a few. What
//! the last stage opens is told of a node by its own ties: whether it is one that the stage starts from, or whether a rule
//! leads to it from one that the stage opens. So it is asked of the node, and not walked from everybody.

use std::sync::atomic::{AtomicU8, Ordering};

use super::Ground;
use crate::model::TieType;
use crate::network::NodeIx;
use crate::network::marks::Marks;
use crate::network::reach::{Rule, Stage, Types, Unwalked};

/// What was found out about a node: whether it is opened, and whether it is reached.
const OPENED: [u8; 2] = [1, 2];
const REACHED: [u8; 2] = [4, 8];

/// A stage that was not walked, and what it would start from.
#[derive(Debug)]
pub(super) struct Late {
    stage: &'static Stage,
    types: Types,
    start: Marks,
    /// No cap holds for these; in order.
    seeds: Vec<NodeIx>,
    /// A byte a node, of what was found out.
    told: Vec<AtomicU8>,
}

impl Late {
    pub fn of(unwalked: Unwalked<NodeIx>, nodes: usize) -> Self {
        let Unwalked { stage, start, seeds } = unwalked;
        let types = stage.opens.types();
        let mut marks = Marks::none_of(nodes);
        start.into_iter().for_each(|node| marks.add(node));
        let told = std::iter::repeat_with(|| AtomicU8::new(0)).take(nodes).collect();
        Self { stage, types, start: marks, seeds, told }
    }

    /// The types of tie that the stage opens of a node.
    pub fn opened(&self, ground: &Ground<'_>, node: NodeIx) -> Types {
        if self.is_opened(ground, node) { self.types } else { Types::default() }
    }

    fn is_opened(&self, ground: &Ground<'_>, node: NodeIx) -> bool {
        self.once(node, OPENED, || self.opens(ground, node, self.stage.hops))
    }

    /// Whether it opens a node for ties of a type.
    pub fn has_opened(&self, ground: &Ground<'_>, node: NodeIx, ty: TieType) -> bool {
        self.types.has(ty) && self.is_opened(ground, node)
    }

    /// Whether it leads to a node.
    pub fn has_reached(&self, ground: &Ground<'_>, node: NodeIx) -> bool {
        self.once(node, REACHED, || self.leads_to(ground, node, self.stage.hops))
    }

    fn once(&self, node: NodeIx, [yes, no]: [u8; 2], find: impl FnOnce() -> bool) -> bool {
        let Some(told) = self.told.get(node.at()) else { return false };
        let known = told.load(Ordering::Relaxed);
        if known & (yes | no) != 0 {
            return known & yes != 0;
        }
        let found = find();
        told.fetch_or(if found { yes } else { no }, Ordering::Relaxed);
        found
    }

    /// Whether it opens a node in so many hops: one hop opens what it starts from.
    fn opens(&self, ground: &Ground<'_>, node: NodeIx, hops: u8) -> bool {
        let kind = ground.network.kind(node);
        if hops == 0 || !self.stage.rules.iter().any(|rule| rule.from.contains(&kind)) {
            return false;
        }
        let is_there = self.start.has(node) || self.leads_to(ground, node, hops - 1);
        is_there && self.is_small(ground, node)
    }

    fn is_small(&self, ground: &Ground<'_>, node: NodeIx) -> bool {
        let cap = self.stage.cap;
        cap.is_none_or(|cap| ground.profiles.all(node) <= cap) || self.seeds.binary_search(&node).is_ok()
    }

    /// Whether it comes to a node in so many hops, from another one that it opens.
    fn leads_to(&self, ground: &Ground<'_>, node: NodeIx, hops: u8) -> bool {
        if hops == 0 {
            return false;
        }
        let (network, kind) = (ground.network, ground.network.kind(node));
        let leads = |from: NodeIx, ty: TieType, outward: bool| {
            let takes = |rule: &Rule| {
                rule.types.contains(&ty)
                    && rule.leads_to(kind, outward)
                    && rule.from.contains(&network.kind(from))
            };
            let is_last = hops == self.stage.hops;
            let opens =
                || if is_last { self.is_opened(ground, from) } else { self.opens(ground, from, hops) };
            self.stage.rules.iter().any(takes) && opens()
        };
        network.tagged_arcs(node).any(|(arc, ty, outward)| leads(arc.neighbour, ty, outward))
            || ground.twins_of(node).iter().any(|twin| leads(twin.node, TieType::Same, true))
    }
}
