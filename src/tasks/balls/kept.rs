//! A gang's ball from the network that is kept beside a large store: it is read only where the walks come, a block of
//! nodes or ties at a time, and what was opened is the whole network's columns at these positions.

use std::collections::{BTreeMap, BTreeSet};

use super::walk::Profile;
use super::{Scored, Source};
use crate::analysis::umbrella::{self, Globals, Options};
use crate::model::{Id, TieType};
use crate::network::ball::{Ball, Ground, Profiles};
use crate::network::reach::{Cut, Walk, walk_at_once};
use crate::network::{ByteSource, NodeIx, OnDisk, Over, TieIx};
use crate::tasks::TaskError;

/// The pairs of one gang; nothing where the kept network does not have it, or is hurt.
pub(super) fn gang(
    source: &Source<'_>,
    disk: &OnDisk<impl ByteSource>,
    gang: &Id,
    options: &Options,
) -> Result<Option<Scored>, TaskError> {
    let globals = &source.statistics()?.globals;
    let cases = source.view().cases_of(gang)?;
    Ok(gang_over(Over::plain(disk), globals, gang, &cases, options))
}

/// The same of what is laid over a kept network as well: by these counts, of a gang with these cases.
pub(super) fn gang_over(
    over: Over<'_, impl ByteSource>,
    globals: &Globals,
    gang: &Id,
    cases: &[Id],
    options: &Options,
) -> Option<Scored> {
    let own = over.find(gang.as_str())?;
    let seeds: Vec<NodeIx> =
        std::iter::once(own).chain(cases.iter().filter_map(|case| over.find(case.as_str()))).collect();
    let walk = walk_at_once(&over, &seeds, umbrella::reaches());
    let Opened { nodes, ties, twins } = Opened::of(over, &walk);
    let (network, places) = over.part(nodes, &ties, &["agency", "parent"])?;
    let here: BTreeMap<NodeIx, NodeIx> = places.iter().copied().zip((0..).map(NodeIx)).collect();
    let place = |node: NodeIx| here.get(&node).copied();
    let gang = place(own)?;
    let twins: Vec<(NodeIx, NodeIx, f64)> =
        twins.into_iter().filter_map(|(a, b, likely)| Some((place(a)?, place(b)?, likely))).collect();
    let placed = placed(&walk, &place);
    let ties_of = |node: NodeIx| Some((node, over.profile(*places.get(node.at())?)));
    let mut known: Vec<(NodeIx, Profile)> = placed.opened.keys().filter_map(|&node| ties_of(node)).collect();
    loop {
        let mut profiles = Profiles::of_part(network.node_count());
        known.iter().for_each(|&(node, ties)| profiles.tell(node, ties, network.is_official(node)));
        let ground = Ground::new(&network, profiles, &twins);
        let outcome = umbrella::run_ball(&Ball::walked(&ground, gang, placed.clone()), globals, options);
        let lacking = ground.lacking();
        if !over.is_sound() {
            return None;
        }
        if lacking.is_empty() {
            return Some(Scored { network, outcome });
        }
        known.extend(lacking.into_iter().filter_map(ties_of));
    }
}

/// What a walk opened.
struct Opened {
    /// Every node that the part needs: those reached, the other ends of ties, and likely doubles.
    nodes: BTreeSet<NodeIx>,
    /// The ties that were opened, and those that say who is on record as whom.
    ties: BTreeSet<TieIx>,
    twins: Vec<(NodeIx, NodeIx, f64)>,
}

impl Opened {
    fn of(over: Over<'_, impl ByteSource>, walk: &Walk<NodeIx>) -> Self {
        let (mut nodes, mut ties) = (walk.reached.clone(), BTreeSet::new());
        for (&node, types) in &walk.opened {
            for near in over.kept(node).filter(|near| types.has(near.ty)) {
                nodes.insert(near.far);
                ties.insert(near.tie);
            }
        }
        let mut twins = Vec::new();
        for &node in &walk.reached {
            let own: Vec<(NodeIx, f64)> = over.twins(node).collect();
            if own.is_empty() {
                continue;
            }
            for near in over.kept(node).filter(|near| near.ty == TieType::Same) {
                ties.insert(near.tie);
            }
            for (twin, likely) in own {
                nodes.insert(twin);
                twins.extend((node < twin || !walk.reached.contains(&twin)).then_some((node, twin, likely)));
            }
        }
        Self { nodes, ties, twins }
    }
}

/// A walk by places of the part.
pub(super) fn placed<N: Ord + Copy>(walk: &Walk<N>, place: &impl Fn(N) -> Option<NodeIx>) -> Walk<NodeIx> {
    let cut = |cut: &Cut<N>| Some(Cut { node: place(cut.node)?, reach: cut.reach, ties: cut.ties });
    Walk {
        opened: walk.opened.iter().filter_map(|(node, types)| Some((place(*node)?, *types))).collect(),
        reached: walk.reached.iter().filter_map(|&node| place(node)).collect(),
        cut: walk.cut.iter().filter_map(cut).collect(),
    }
}
