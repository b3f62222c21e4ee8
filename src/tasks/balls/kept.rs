//! A gang's ball from the network that is kept beside a large store: it is read only where the walks come, a block of
//! nodes or ties at a time, and what was opened is the whole network's columns at these positions.

use std::collections::{BTreeMap, BTreeSet};

use super::walk::Profile;
use super::{Scored, Source};
use crate::analysis::umbrella::{self, Options};
use crate::model::{Id, TieType};
use crate::network::ball::{Ball, Ground, Profiles};
use crate::network::reach::{Cut, Types, Walk, walk_at_once};
use crate::network::{ByteSource, Network, NodeIx, OnDisk, Over, TieIx};
use crate::tasks::TaskError;

/// The pairs of one gang; nothing where the kept network does not have it, or is hurt.
pub(super) fn gang(
    source: &Source<'_>,
    disk: &OnDisk<impl ByteSource>,
    gang: &Id,
    options: &Options,
) -> Result<Option<Scored>, TaskError> {
    let globals = &source.statistics()?.globals;
    let (over, cases) = (Over::plain(disk), source.view().cases_of(gang)?);
    let Some(walked) = Walked::of(over, gang, &cases) else { return Ok(None) };
    let Some(part) = Part::of(over, &[&walked]) else { return Ok(None) };
    let outcome = part.score(&walked, |ball| umbrella::run_ball(ball, globals, options));
    Ok(outcome.map(|outcome| Scored { network: part.network, outcome }))
}

/// What the walks of a gang opened of a kept network, with what is laid over it.
pub(super) struct Walked {
    gang: NodeIx,
    walk: Walk<NodeIx>,
}

impl Walked {
    /// Walks from a gang with these cases; nothing where there is no such gang.
    pub fn of(over: Over<'_, impl ByteSource>, gang: &Id, cases: &[Id]) -> Option<Self> {
        let gang = over.find(gang.as_str())?;
        let cases = cases.iter().filter_map(|case| over.find(case.as_str()));
        let seeds: Vec<NodeIx> = std::iter::once(gang).chain(cases).collect();
        Some(Self { gang, walk: walk_at_once(&over, &seeds, umbrella::reaches()) })
    }

    /// Whether any of these was reached.
    pub fn reached_any(&self, nodes: &BTreeSet<NodeIx>) -> bool {
        nodes.iter().any(|node| self.walk.reached.binary_search(node).is_ok())
    }
}

/// The part of a kept network that some walks opened, with what is laid over it.
pub(super) struct Part<'a, S> {
    over: Over<'a, S>,
    network: Network,
    /// Where its nodes stand in the whole, and the reverse, in order.
    places: Vec<NodeIx>,
    here: Vec<(NodeIx, NodeIx)>,
    /// Who may be whom, by places of the part.
    twins: Vec<(NodeIx, NodeIx, f64)>,
}

impl<'a, S: ByteSource> Part<'a, S> {
    /// Nothing where what is kept is hurt.
    pub fn of(over: Over<'a, S>, walked: &[&Walked]) -> Option<Self> {
        let Opened { nodes, ties, twins } = Opened::of(over, walked);
        let (network, places) = over.part(nodes, &ties, &["agency", "parent"])?;
        let mut here: Vec<(NodeIx, NodeIx)> = places.iter().copied().zip((0..).map(NodeIx)).collect();
        here.sort_unstable();
        let mut part = Self { over, network, places, here, twins: Vec::new() };
        let place = |((a, b), likely): (_, f64)| Some((part.place(a)?, part.place(b)?, likely));
        part.twins = twins.into_iter().filter_map(place).collect();
        Some(part)
    }

    /// Where a node of the whole stands in the part.
    pub fn place(&self, node: NodeIx) -> Option<NodeIx> {
        let at = self.here.binary_search_by_key(&node, |(place, _)| *place).ok()?;
        self.here.get(at).map(|(_, here)| *here)
    }

    /// What a score makes of the ball of a gang whose walks are in the part; nothing where what is kept is hurt.
    pub fn score<T>(&self, walked: &Walked, score: impl Fn(&Ball<'_>) -> T) -> Option<T> {
        let gang = self.place(walked.gang)?;
        let walk = placed(&walked.walk, &|node| self.place(node));
        let ties_of = |node: NodeIx| Some((node, self.over.profile(*self.places.get(node.at())?)));
        let mut known: Vec<(NodeIx, Profile)> =
            walk.opened.iter().filter_map(|(node, _)| ties_of(*node)).collect();
        loop {
            let mut profiles = Profiles::of_part(self.network.node_count());
            known.iter().for_each(|&(node, ties)| profiles.tell(node, ties, self.network.is_official(node)));
            let ground = Ground::new(&self.network, profiles, &self.twins);
            let scored = score(&Ball::walked(&ground, gang, walk.clone()));
            let lacking = ground.lacking();
            if !self.over.is_sound() {
                return None;
            }
            if lacking.is_empty() {
                return Some(scored);
            }
            known.extend(lacking.into_iter().filter_map(ties_of));
        }
    }
}

/// What walks opened.
struct Opened {
    /// Every node that the part needs: those reached, the other ends of ties, and likely doubles.
    nodes: BTreeSet<NodeIx>,
    /// The ties that were opened, and those that say who is on record as whom.
    ties: BTreeSet<TieIx>,
    /// Who may be whom, the lesser first: in the order in which the whole network has them.
    twins: BTreeMap<(NodeIx, NodeIx), f64>,
}

impl Opened {
    fn of(over: Over<'_, impl ByteSource>, walked: &[&Walked]) -> Self {
        // Put in order once: most come from several of those who were opened.
        let (mut nodes, mut ties) = (Vec::new(), Vec::new());
        let mut twins = BTreeMap::new();
        for Walk { opened, reached, .. } in walked.iter().map(|walked| &walked.walk) {
            for &(node, types) in opened {
                let own = over.kept(node).filter(|near| types.has(near.ty));
                own.for_each(|near| {
                    nodes.push(near.far);
                    ties.push(near.tie);
                });
            }
            for &node in reached {
                nodes.push(node);
                let mut is_single = true;
                for (twin, likely) in over.twins(node) {
                    is_single = false;
                    nodes.push(twin);
                    twins.insert((node.min(twin), node.max(twin)), likely);
                }
                // Whoever is on record as another is his twin.
                if !is_single {
                    ties.extend(over.kept(node).filter(|near| near.ty == TieType::Same).map(|near| near.tie));
                }
            }
        }
        Self { nodes: nodes.into_iter().collect(), ties: ties.into_iter().collect(), twins }
    }
}

/// A walk by places of the part.
pub(super) fn placed<N: Ord + Copy>(walk: &Walk<N>, place: &impl Fn(N) -> Option<NodeIx>) -> Walk<NodeIx> {
    let cut = |cut: &Cut<N>| Some(Cut { node: place(cut.node)?, reach: cut.reach, ties: cut.ties });
    let opened = walk.opened.iter().filter_map(|(node, types)| Some((place(*node)?, *types)));
    let mut opened: Vec<(NodeIx, Types)> = opened.collect();
    let mut reached: Vec<NodeIx> = walk.reached.iter().filter_map(|&node| place(node)).collect();
    // The part may have them in another order.
    opened.sort_by_key(|(node, _)| *node);
    reached.sort();
    Walk { opened, reached, cut: walk.cut.iter().filter_map(cut).collect() }
}
