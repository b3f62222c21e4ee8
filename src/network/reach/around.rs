//! What stages do around officials, found out once for all balls.
//!
//! The walks of every gang end alike: they look for the officials among whose kin and friends somebody was met, and
//! then open each official that was met, and his circle. What a stage leads to from many nodes is what it leads to
//! from any of them. So where many balls of one network are asked for, these stages are walked from every official,
//! once: then it is known of a node to which officials it leads, and around which of them it is opened.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::{Cut, Opens, Origin, Reach, Reaches, Rule, Stage, Start, Ties, Types, Walked, Way, led_to};
use crate::model::{Kind, TieType};
use crate::network::marks::Marks;
use crate::network::{NodeIx, span};

/// No more is kept than so many officials a node, all nodes together: where one family is a town, walks do without.
const MOST: usize = 16;

/// Of each node of a network some officials, by their places among all, in order.
#[derive(Debug)]
struct Lists {
    starts: Vec<u32>,
    officials: Vec<u32>,
}

impl Lists {
    /// From the nodes of each official, which are all different. Cost: two passes over them.
    fn of(nodes: usize, each: &[Vec<NodeIx>]) -> Self {
        let mut starts = vec![0_u32; nodes + 1];
        each.iter().flatten().for_each(|node| starts[node.at() + 1] += 1);
        for at in 0..nodes {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut officials = vec![0; each.iter().map(Vec::len).sum()];
        for (official, of) in (0..).zip(each) {
            for node in of {
                officials[next[node.at()] as usize] = official;
                next[node.at()] += 1;
            }
        }
        Self { starts, officials }
    }

    fn at(&self, node: NodeIx) -> &[u32] {
        &self.officials[span(&self.starts, node.at())]
    }

    fn has_any(&self, node: NodeIx, of: &Marks) -> bool {
        self.at(node).iter().any(|&official| of.has(NodeIx(official)))
    }
}

/// A stage that looks for officials, and to which of them it leads from each node.
#[derive(Debug)]
struct Look {
    stage: Stage,
    officials: Lists,
}

/// The last two stages of reaches, of which the first opens officials and the second goes on from what they led to,
/// and what they do around each official.
#[derive(Debug)]
struct Circles {
    stages: [Stage; 2],
    /// Around which officials the second stage opens each node; which it leads to, or is led to, and does not open.
    opened: Lists,
    reached: Lists,
    /// What was reached around an official and left closed there.
    cut: BTreeMap<u32, Vec<Cut<NodeIx>>>,
}

/// What the stages of some reaches do around all officials of a network; nothing, where it was not found out.
#[derive(Debug, Default)]
pub(in crate::network) struct Around {
    /// In order.
    officials: Vec<NodeIx>,
    looks: Vec<Look>,
    circles: Option<Circles>,
}

/// Some of the officials, whose circles belong to a ball.
#[derive(Clone, Debug)]
pub(in crate::network) struct Met(Marks);

impl Around {
    /// Walks the stages of these reaches from these officials, who are in order, of a network of so many nodes. Walks
    /// start from `seeds`, for which no cap holds. Cost: as of the balls of a few gangs.
    pub fn of<T>(ties: &T, nodes: usize, officials: Vec<NodeIx>, reaches: &Reaches, seeds: &[Kind]) -> Self
    where
        T: Ties<Node = NodeIx> + Sync,
    {
        let walks = Walks { ties, nodes, officials: &officials };
        let looks = reaches.each.iter().chain([&reaches.then]).flat_map(|reach| reach.stages);
        let looks = looks.filter_map(|stage| walks.look(stage)).collect();
        let circles =
            ending(&reaches.then, seeds).and_then(|stages| walks.circles(stages, reaches.then.name));
        Self { officials, looks, circles }
    }

    /// The officials to whom a stage leads from some nodes, in order; nothing where that is not known.
    pub fn near(&self, nodes: &[NodeIx], stage: &Stage) -> Option<Vec<NodeIx>> {
        let look = self.looks.iter().find(|look| look.stage == *stage)?;
        let mut near = Marks::none_of(self.officials.len());
        let all = nodes.iter().flat_map(|&node| look.officials.at(node));
        all.for_each(|&official| near.add(NodeIx(official)));
        let near = near.in_order().into_iter().map(|official| self.officials[official.at()]);
        Some(near.collect())
    }

    /// Reaches without the last stages, where it is known of every official what these do.
    pub fn but_circles(&self, reaches: &Reaches) -> Option<Reaches> {
        let known = self.circles.as_ref()?;
        let stages = reaches.then.stages.strip_suffix(&known.stages)?;
        Some(Reaches { then: Reach { stages, ..reaches.then }, ..*reaches })
    }

    /// Those of some nodes from whom the last stages start: officials, in order, and all of them together.
    pub fn met(&self, ties: &impl Ties<Node = NodeIx>, nodes: &[NodeIx]) -> (Vec<NodeIx>, Met) {
        let are_officials = ties.officials_of(nodes);
        let officials = nodes.iter().zip(are_officials).filter(|(_, official)| *official);
        let officials: Vec<NodeIx> = officials.map(|(node, _)| *node).collect();
        let rules = self.circles.as_ref().map_or(&[][..], |circles| circles.stages[0].rules);
        let opens = |kind: Kind| rules.iter().any(|rule| rule.from.contains(&kind));
        let kinds = ties.kinds_of(&officials);
        let opened = officials.into_iter().zip(kinds).filter(|(_, kind)| opens(*kind));
        let opened: Vec<NodeIx> = opened.map(|(official, _)| official).collect();
        let mut met = Marks::none_of(self.officials.len());
        let places = opened.iter().filter_map(|official| self.officials.binary_search(official).ok());
        places.for_each(|at| met.add(NodeIx(at as u32)));
        (opened, Met(met))
    }

    /// The types of tie that are opened of a node around these officials, of whom everything is opened.
    pub fn opened(&self, node: NodeIx, met: &Met) -> Types {
        let circles = self.circles.as_ref().filter(|circles| circles.opened.has_any(node, &met.0));
        circles.map_or(Types::default(), Circles::types)
    }

    /// The same for one type.
    pub fn has_opened(&self, node: NodeIx, ty: TieType, met: &Met) -> bool {
        let circles = self.circles.as_ref().filter(|circles| circles.types().has(ty));
        circles.is_some_and(|circles| circles.opened.has_any(node, &met.0))
    }

    /// Whether a node is reached around these officials.
    pub fn has_reached(&self, node: NodeIx, met: &Met) -> bool {
        let lists = self.circles.iter().flat_map(|circles| [&circles.opened, &circles.reached]);
        lists.into_iter().any(|list| list.has_any(node, &met.0))
    }

    /// What was left closed around these officials.
    pub fn cut<'a>(&'a self, met: &'a Met) -> impl Iterator<Item = &'a Cut<NodeIx>> + 'a {
        let each = self.circles.iter().flat_map(|circles| &circles.cut);
        each.filter(|(official, _)| met.0.has(NodeIx(**official))).flat_map(|(_, cut)| cut)
    }
}

impl Circles {
    fn types(&self) -> Types {
        self.stages[1].opens.types()
    }
}

/// The last two stages of a reach, if all that the second does is told by what each official led to.
fn ending(reach: &Reach, seeds: &[Kind]) -> Option<[Stage; 2]> {
    let [.., first, second] = reach.stages else { return None };
    let is_simple = |stage: &Stage| stage.own.is_empty() && stage.held.is_empty() && stage.passing.is_none();
    let opens = first.opens == Opens::All && second.opens != Opens::Looks && !second.officials_only;
    let one_hop =
        first.officials_only && first.hops == 1 && first.cap.is_none() && first.start == Start::Reached;
    // No cap holds for what walks start from; it must be none of theirs.
    let is_apart = |rule: &Rule| !rule.from.iter().any(|kind| seeds.contains(kind));
    let goes_on = second.start == Start::Met && second.rules.iter().all(is_apart);
    let ends = is_simple(first) && is_simple(second) && opens && one_hop && goes_on;
    ends.then_some([*first, *second])
}

/// Whether a stage looks over rules that lead as far back as they lead there.
fn is_mutual(stage: &Stage) -> bool {
    let both_ways = |rule: &Rule| rule.way == Way::Both && rule.from == rule.to;
    stage.opens == Opens::Looks && stage.is_plain() && matches!(stage.rules, [rule] if both_ways(rule))
}

/// Walks from every official.
struct Walks<'w, T> {
    ties: &'w T,
    nodes: usize,
    officials: &'w [NodeIx],
}

impl<T: Ties<Node = NodeIx> + Sync> Walks<'_, T> {
    /// What some stages do from each official; nothing where that is too much to be kept.
    fn each(&self, name: &'static str, stages: &[Stage]) -> Option<Vec<Done>> {
        let (spent, most) = (AtomicUsize::new(0), MOST * self.nodes.max(1 << 10));
        let origin = Origin { ties: self.ties, seeds: &[], steps: led_to };
        let walk = |&official: &NodeIx| {
            let (walked, met) = origin.of_stages(&[official], name, stages);
            let size = met.len() + walked.reached.len();
            let is_kept = spent.fetch_add(size, Ordering::Relaxed) + size <= most;
            is_kept.then_some(Done { official, walked, met })
        };
        self.officials.par_iter().map(walk).collect()
    }

    fn look(&self, stage: &Stage) -> Option<Look> {
        if !is_mutual(stage) {
            return None;
        }
        // Whoever comes to an official is who is come to from him, whatever he is.
        let all = Stage { opens: Opens::Only(&[]), ..*stage };
        let each: Vec<Vec<NodeIx>> = self.each("", &[all])?.into_iter().map(|done| done.met).collect();
        Some(Look { stage: *stage, officials: Lists::of(self.nodes, &each) })
    }

    fn circles(&self, stages: [Stage; 2], name: &'static str) -> Option<Circles> {
        let each = self.each(name, &stages)?;
        let in_order = |nodes: Vec<NodeIx>| self.ties.in_order(nodes);
        let opened = |done: &Done| {
            let others = done.walked.opened.iter().filter(|(node, _)| *node != done.official);
            in_order(others.map(|(node, _)| *node).collect())
        };
        let opened: Vec<Vec<NodeIx>> = each.par_iter().map(opened).collect();
        let closed = |(done, opened): (&Done, &Vec<NodeIx>)| {
            let is_open = |node: &NodeIx| *node == done.official || opened.binary_search(node).is_ok();
            in_order(done.walked.reached.iter().copied().filter(|node| !is_open(node)).collect())
        };
        let reached: Vec<Vec<NodeIx>> = each.par_iter().zip(&opened).map(closed).collect();
        let cut = (0..).zip(each).filter(|(_, done)| !done.walked.cut.is_empty());
        let cut = cut.map(|(official, done)| (official, done.walked.cut.into_iter().collect())).collect();
        let [opened, reached] = [&opened, &reached].map(|each| Lists::of(self.nodes, each));
        Some(Circles { stages, opened, reached, cut })
    }
}

/// What some stages did from an official, and what the last of them led to.
struct Done {
    official: NodeIx,
    walked: Walked<NodeIx>,
    met: Vec<NodeIx>,
}
