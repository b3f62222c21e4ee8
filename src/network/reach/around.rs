//! What stages do around officials, found out once for all balls.
//!
//! The walks of every gang end alike: they look for the officials among whose kin and friends somebody was met, and
//! then open each official that was met, and his circle. What a stage leads to from many nodes is what it leads to
//! from any of them. So where many balls of one network are asked for, these stages are walked from every official,
//! once: then it is known of a node to which officials it leads, and around which of them it is opened.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::{Cut, Opens, Reach, Reaches, Rule, Stage, Start, Ties, Types, Way, join, led_to};
use crate::model::{Kind, TieType};
use crate::network::marks::Marks;
use crate::network::{NodeIx, span};

/// So many ties are looked at from some officials at most, for what is walked from them at the same time.
const MOST_TIES: u64 = 1 << 22;

/// Of each node of a network some officials, by their places among all, in order.
#[derive(Debug)]
struct Lists {
    starts: Vec<u32>,
    officials: Vec<u32>,
}

impl Lists {
    /// From rows in order, each once. Cost: two passes over them.
    fn of(nodes: usize, rows: &[Vec<Row>]) -> Self {
        let mut starts = vec![0_u32; nodes + 1];
        rows.iter().flatten().for_each(|(_, node)| starts[node.at() + 1] += 1);
        for at in 0..nodes {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut officials = vec![0; rows.iter().map(Vec::len).sum()];
        for (official, node) in rows.iter().flatten() {
            officials[next[node.at()] as usize] = *official;
            next[node.at()] += 1;
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
    reach: &'static str,
    stages: [Stage; 2],
    /// Around which officials the second stage opens each node, and around which any of the two leads to it.
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

/// Some of the officials: those whose circles belong to a ball.
#[derive(Clone, Debug)]
pub(in crate::network) struct Chosen(Marks);

impl Around {
    /// Walks the stages of these reaches from these officials, who are in order, of a network of so many nodes. Walks
    /// start from `seeds`, for which no cap holds. No more than `most` officials at nodes are kept, all nodes together:
    /// of stages for which that is too few (one family is a town), nothing is. Cost: as of the balls of some dozens of gangs.
    pub fn of<T>(
        ties: &T,
        nodes: usize,
        officials: Vec<NodeIx>,
        (reaches, seeds): (&Reaches, &[Kind]),
        most: usize,
    ) -> Self
    where
        T: Ties<Node = NodeIx> + Sync,
    {
        let mut walks = Walks { ties, nodes, officials: &officials, left: most };
        let looks = reaches.each.iter().chain([&reaches.then]).flat_map(|reach| reach.stages);
        let looks = looks.filter_map(|stage| walks.look(stage)).collect();
        let circles =
            ending(&reaches.then, seeds).and_then(|stages| walks.circles(stages, reaches.then.name));
        Self { officials, looks, circles }
    }

    /// How many looking stages are known, and whether circles are.
    #[cfg(test)]
    pub fn known(&self) -> (usize, bool) {
        (self.looks.len(), self.circles.is_some())
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
        let known = self.circles.as_ref().filter(|known| known.reach == reaches.then.name)?;
        let stages = reaches.then.stages.strip_suffix(&known.stages)?;
        Some(Reaches { then: Reach { stages, ..reaches.then }, ..*reaches })
    }

    /// Those of some nodes from whom the last stages start: officials, in order, and all of them together.
    pub fn choose(&self, ties: &impl Ties<Node = NodeIx>, nodes: &[NodeIx]) -> (Vec<NodeIx>, Chosen) {
        let are_officials = ties.officials_of(nodes);
        let officials = nodes.iter().zip(are_officials).filter(|(_, official)| *official);
        let officials: Vec<NodeIx> = officials.map(|(node, _)| *node).collect();
        let rules = self.circles.as_ref().map_or(&[][..], |circles| circles.stages[0].rules);
        let opens = |kind: Kind| rules.iter().any(|rule| rule.from.contains(&kind));
        let kinds = ties.kinds_of(&officials);
        let opened = officials.into_iter().zip(kinds).filter(|(_, kind)| opens(*kind));
        let opened: Vec<NodeIx> = opened.map(|(official, _)| official).collect();
        let mut chosen = Marks::none_of(self.officials.len());
        let places = opened.iter().filter_map(|official| self.officials.binary_search(official).ok());
        places.for_each(|at| chosen.add(NodeIx(at as u32)));
        (opened, Chosen(chosen))
    }

    /// The types of tie that are opened of a node around these officials, of whom everything is opened.
    pub fn opened(&self, node: NodeIx, of: &Chosen) -> Types {
        let circles = self.circles.as_ref().filter(|circles| circles.opened.has_any(node, &of.0));
        circles.map_or(Types::default(), Circles::types)
    }

    /// The same for one type.
    pub fn has_opened(&self, node: NodeIx, ty: TieType, of: &Chosen) -> bool {
        let circles = self.circles.as_ref().filter(|circles| circles.types().has(ty));
        circles.is_some_and(|circles| circles.opened.has_any(node, &of.0))
    }

    /// Whether a node is reached around these officials.
    pub fn has_reached(&self, node: NodeIx, of: &Chosen) -> bool {
        self.circles.as_ref().is_some_and(|circles| circles.reached.has_any(node, &of.0))
    }

    /// What is around one official of those chosen; nothing of somebody else.
    pub fn one(&self, official: NodeIx, of: &Chosen) -> Option<AroundOne<'_>> {
        let place = self.officials.binary_search(&official).ok().map(|at| at as u32);
        let place = place.filter(|&place| of.0.has(NodeIx(place)))?;
        Some(AroundOne { official, place, circles: self.circles.as_ref()? })
    }

    /// How many officials there are whose circles are known.
    pub fn surrounded(&self) -> usize {
        self.circles.as_ref().map_or(0, |_| self.officials.len())
    }

    /// What was left closed around these officials.
    pub fn cut<'a>(&'a self, of: &'a Chosen) -> impl Iterator<Item = &'a Cut<NodeIx>> + 'a {
        let each = self.circles.iter().flat_map(|circles| &circles.cut);
        each.filter(|(official, _)| of.0.has(NodeIx(**official))).flat_map(|(_, cut)| cut)
    }
}

/// What is around one official of those whose circles belong to a ball: it is in every ball that they belong to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AroundOne<'a> {
    official: NodeIx,
    place: u32,
    circles: &'a Circles,
}

impl AroundOne<'_> {
    /// His place among all officials.
    pub fn place(&self) -> usize {
        self.place as usize
    }

    /// Whether all of a node's ties of these types are opened.
    pub fn opens(&self, node: NodeIx, types: Types) -> bool {
        let is_opened = || self.circles.opened.at(node).binary_search(&self.place).is_ok();
        node == self.official || types.without(self.circles.types()).is_empty() && is_opened()
    }

    /// Whether a node is reached.
    pub fn reaches(&self, node: NodeIx) -> bool {
        node == self.official || self.circles.reached.at(node).binary_search(&self.place).is_ok()
    }
}

impl Circles {
    fn types(&self) -> Types {
        self.stages[1].opens.types()
    }
}

/// Whether a hop of a stage is one over its rules, and nothing else.
fn is_simple(stage: &Stage) -> bool {
    stage.own.is_empty() && stage.held.is_empty() && stage.passing.is_none()
}

/// The last two stages of a reach, if all that the second does is told by what each official led to.
fn ending(reach: &Reach, seeds: &[Kind]) -> Option<[Stage; 2]> {
    let [.., first, second] = reach.stages else { return None };
    let opens = first.opens == Opens::All && matches!(second.opens, Opens::Only(_)) && !second.officials_only;
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
    let is_plain = is_simple(stage) && stage.cap.is_none() && !stage.officials_only;
    stage.opens == Opens::Looks && is_plain && matches!(stage.rules, [rule] if both_ways(rule))
}

/// An official's place among all, and a node that walks from him came to.
type Row = (u32, NodeIx);

/// So many officials are walked from at the same time: what is far off in memory is waited for once for all of them.
const AT_ONCE: usize = if cfg!(test) { 2 } else { 128 };

/// Rows that come official by official, those of likely doubles after all others; in order, each once.
fn each_in_order(mut rows: Vec<Row>) -> Vec<Row> {
    rows.chunk_by_mut(|a, b| a.0 == b.0).for_each(|of_one| of_one.sort_unstable_by_key(|(_, node)| *node));
    merged(rows)
}

/// Rows of several runs that are in order, in order, each once.
fn merged(mut rows: Vec<Row>) -> Vec<Row> {
    // The stable sort merges runs.
    rows.sort();
    rows.dedup();
    rows
}

/// Walks from every official.
struct Walks<'w, T> {
    ties: &'w T,
    nodes: usize,
    officials: &'w [NodeIx],
    /// How much may still be kept.
    left: usize,
}

/// What a stage did from some officials; in order, each once.
#[derive(Default)]
struct Done {
    opened: Vec<Row>,
    met: Vec<Row>,
    /// What was left closed, with its number of ties.
    cut: Vec<(Row, u32)>,
}

impl<T: Ties<Node = NodeIx> + Sync> Walks<'_, T> {
    /// What is found from each official, some officials at a time; nothing where that is too much to be kept.
    fn each<R: Send>(
        &mut self,
        find: impl Fn(&Self, Vec<Row>) -> Option<(usize, R)> + Sync,
    ) -> Option<Vec<R>> {
        let (this, spent) = (&*self, AtomicUsize::new(0));
        let some = |(part, officials): (usize, &[NodeIx])| {
            let places = (part * AT_ONCE) as u32..;
            let (size, found) = find(this, places.zip(officials.iter().copied()).collect())?;
            (spent.fetch_add(size, Ordering::Relaxed) + size <= this.left).then_some(found)
        };
        let found: Option<Vec<R>> = self.officials.par_chunks(AT_ONCE).enumerate().map(some).collect();
        self.left -= found.as_ref().map_or(0, |_| spent.into_inner());
        found
    }

    fn look(&mut self, stage: &Stage) -> Option<Look> {
        if !is_mutual(stage) {
            return None;
        }
        // Whoever comes to an official is who is come to from him, whatever he is.
        let each = self.each(|walks, officials| {
            let met = walks.stage(stage, officials)?.met;
            Some((met.len(), met))
        });
        Some(Look { stage: *stage, officials: Lists::of(self.nodes, &each?) })
    }

    fn circles(&mut self, stages: [Stage; 2], reach: &'static str) -> Option<Circles> {
        let each = self.each(|walks, officials| {
            let first = walks.stage(&stages[0], officials)?;
            let second = walks.stage(&stages[1], first.met.clone())?;
            let reached = merged([first.met, second.met].concat());
            Some((reached.len() + second.opened.len(), (second.opened, reached, second.cut)))
        })?;
        let (mut opened, mut reached) = (Vec::new(), Vec::new());
        let mut cut: BTreeMap<u32, Vec<Cut<NodeIx>>> = BTreeMap::new();
        for (of_some, reached_of_some, closed) in each {
            opened.push(of_some);
            reached.push(reached_of_some);
            for ((official, node), ties) in closed {
                cut.entry(official).or_default().push(Cut { node, reach, ties });
            }
        }
        let (opened, reached) = (Lists::of(self.nodes, &opened), Lists::of(self.nodes, &reached));
        Some(Circles { reach, stages, opened, reached, cut })
    }

    /// Walks a stage whose hops are over its rules alone, from what each official led to: what a walker does
    /// (`reach::Walker`), for many at the same time. Nothing where it would look at too many ties.
    fn stage(&self, stage: &Stage, start: Vec<Row>) -> Option<Done> {
        let mut done = Done::default();
        let mut visited = start.clone();
        let mut frontier = start;
        for _ in 0..stage.hops {
            let (open, kinds) = self.open(stage, frontier, &mut done)?;
            let nodes: Vec<NodeIx> = open.iter().map(|(_, node)| *node).collect();
            let steps = led_to(self.ties, &nodes, &kinds, stage.rules);
            let arrived = steps.into_iter().filter_map(|led| Some((open.get(led.near)?.0, led.far)));
            let arrived = each_in_order(arrived.collect());
            done.opened.extend(open);
            frontier = join(&mut visited, &arrived);
            done.met.extend(arrived);
        }
        Some(Done { opened: merged(done.opened), met: merged(done.met), cut: done.cut })
    }

    /// Those of a frontier that the stage opens, with their kinds; nothing where they have too many ties.
    fn open(&self, stage: &Stage, mut frontier: Vec<Row>, done: &mut Done) -> Option<(Vec<Row>, Vec<Kind>)> {
        let nodes = |rows: &[Row]| rows.iter().map(|(_, node)| *node).collect::<Vec<_>>();
        let mut kinds = self.ties.kinds_of(&nodes(&frontier));
        let is_ruled = |kind: &Kind| stage.rules.iter().any(|rule| rule.from.contains(kind));
        let mut are_ruled = kinds.iter().map(is_ruled).collect::<Vec<_>>().into_iter();
        frontier.retain(|_| are_ruled.next() == Some(true));
        kinds.retain(is_ruled);
        let counts = self.ties.counts_of(&nodes(&frontier));
        let is_small = |ties: u32| stage.cap.is_none_or(|cap| ties <= cap);
        let ties = counts.iter().filter(|ties| is_small(**ties)).map(|&ties| u64::from(ties)).sum::<u64>();
        if ties > MOST_TIES {
            return None;
        }
        let all = frontier.into_iter().zip(kinds).zip(counts);
        let (open, closed): (Vec<_>, Vec<_>) = all.partition(|(_, ties)| is_small(*ties));
        done.cut.extend(closed.into_iter().map(|((row, _), ties)| (row, ties)));
        Some(open.into_iter().map(|(open, _)| open).unzip())
    }
}
