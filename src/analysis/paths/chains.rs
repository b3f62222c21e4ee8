//! Chains in time: each hop later than the one before, and not much later.
//!
//! P. Holme and J. Saramäki, *Temporal networks*, Physics Reports 519 (2012), for paths that respect time;
//! the limit on the wait between hops after R. K. Pan and J. Saramäki, *Path lengths, correlations, and
//! centrality in temporal networks*, Physical Review E 84 (2011). Loopless chains with such a limit are
//! hard in the worst case (A. Casteigts et al., *Finding temporal paths under waiting time constraints*,
//! Algorithmica 83, 2021), so the search is for the best first (A*) and ends at a stated size.
//!
//! What happened moves time on: payments, gifts, calls, meetings. Who holds an account or a phone stands
//! for it at any time, so a hop over `holder` takes no time. Money goes the way it was paid; a call or a
//! meeting can carry word both ways.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use super::cost::Cost;
use crate::analysis::Watch;
use crate::model::{Day, Layer, Nature, TieType};
use crate::network::{Network, NodeIx, ProjectionOptions, TieIx};

/// How long money or word rests with somebody at most unless told otherwise, in days.
pub const WAIT: u32 = 30;
/// How many beginnings of chains are looked at, at most.
const LOOKED_AT: usize = 1_000_000;
/// How often of those an onlooker hears of it.
const TOLD: usize = 1000;

/// Which chains are looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChainOptions {
    /// How many at most.
    pub k: usize,
    /// Longest chain, in hops; hops over who holds an account or a phone count.
    pub max_hops: u32,
    /// How many days there may be between one hop and the next, at most.
    pub wait: u32,
    /// What share of the first amount must have been able to travel to the end, in [0, 1].
    pub share: f64,
}

impl Default for ChainOptions {
    fn default() -> Self {
        Self { k: super::PATHS, max_hops: super::MAX_HOPS, wait: WAIT, share: 0.0 }
    }
}

/// The chains that were found.
#[derive(Clone, Debug, PartialEq)]
pub struct Chains {
    /// Best first: greatest reliability times share, then fewest hops, then first in node and tie order.
    pub chains: Vec<Chain>,
    /// Whether everything was looked at; if not, there may be more of them, none better.
    pub is_whole: bool,
    /// How many ties of these layers had no place in time for want of a day.
    pub undated: usize,
}

/// One chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// Its nodes, one more than it has hops.
    pub nodes: Vec<NodeIx>,
    /// The tie of each hop.
    pub ties: Vec<TieIx>,
    /// The product of the strengths of its ties.
    pub reliability: f64,
    /// The least amount on the way by the first: at most so much of the first amount can have travelled
    /// from end to end. Amounts that are unknown, or in another currency than the first, limit nothing; `None`
    /// where there is no money in it, or the first amount is unknown.
    pub share: Option<f64>,
}

/// The best chains in time from any of some nodes to any of some targets, over the ties that `options` takes and that
/// touch no node for which `avoid` is true: every hop that happened is certainly later than the one
/// before, at most `ask.wait` days even if both days are uncertain. Of chains over the same nodes only the
/// best is told. A chain ends at the first target it comes to.
///
/// `watch` hears how many beginnings were looked at, as a share of the most; the chains found by then are what a
/// search has that is stopped.
///
/// Cost: a few passes over the ties, then a look at each beginning of a chain that is as good as those that
/// were asked for, at most a million; about 100 bytes a tie of these layers.
pub fn chains(
    network: &Network,
    options: ProjectionOptions,
    from: &[NodeIx],
    targets: &[NodeIx],
    avoid: impl Fn(NodeIx) -> bool,
    ask: &ChainOptions,
    watch: &Watch,
) -> Chains {
    let (moves, undated) = Moves::of(network, options, avoid);
    let mut targets: Vec<NodeIx> = targets.iter().copied().filter(|target| !from.contains(target)).collect();
    targets.sort_unstable();
    targets.dedup();
    let mut from = from.to_vec();
    from.sort_unstable();
    from.dedup();
    let (chains, is_whole) = Search::new(&moves, &targets, ask).run(&from, watch);
    Chains { chains, is_whole, undated }
}

/// One way to go on.
#[derive(Clone, Copy, Debug)]
struct Move {
    to: NodeIx,
    tie: TieIx,
    cost: Cost,
    strength: f64,
    /// The first and the last day on which it may have been; `None` takes no time.
    days: Option<(Day, Day)>,
    /// How much was paid, and in which currency, by its number.
    amount: Option<(f64, u16)>,
    is_money: bool,
}

/// All moves, by the node they leave.
struct Moves {
    starts: Vec<u32>,
    moves: Vec<(NodeIx, Move)>,
}

impl Moves {
    fn of(network: &Network, options: ProjectionOptions, avoid: impl Fn(NodeIx) -> bool) -> (Self, usize) {
        let mut currencies: Vec<&str> = Vec::new();
        let (mut moves, mut undated) = (Vec::new(), 0);
        for ix in network.ties() {
            let tie = network.tie(ix);
            let (from, to) = (tie.from(), tie.to());
            let holds = tie.ty() == TieType::Holder;
            let happened = tie.ty().nature() == Nature::Event;
            let is_taken = options.takes(network, ix, from) && from != to && !avoid(from) && !avoid(to);
            if !is_taken || !(holds || happened) {
                continue;
            }
            let days = tie.start().map(|start| (start.first(), tie.end().unwrap_or(start).last()));
            if happened && days.is_none() {
                undated += 1;
                continue;
            }
            let is_money = happened && tie.layer() == Layer::Money;
            let amount = tie.amount().filter(|amount| is_money && *amount > 0.0).map(|amount| {
                let known = currencies.iter().position(|&currency| currency == tie.currency());
                let at = known.unwrap_or_else(|| {
                    currencies.push(tie.currency());
                    currencies.len() - 1
                });
                (amount, at as u16)
            });
            let strength = tie.strength();
            let days = days.filter(|_| happened);
            let there = Move { to, tie: ix, cost: Cost::of(strength), strength, days, amount, is_money };
            moves.push((from, there));
            if !is_money {
                moves.push((to, Move { to: from, ..there }));
            }
        }
        moves.sort_by_key(|(from, go)| (*from, go.to, go.tie));
        let mut starts = vec![0; network.node_count() + 1];
        moves.iter().for_each(|(from, _)| starts[from.at() + 1] += 1);
        (1..starts.len()).for_each(|at| starts[at] += starts[at - 1]);
        (Self { starts, moves }, undated)
    }

    fn from(&self, node: NodeIx) -> &[(NodeIx, Move)] {
        let range = self.starts.get(node.at()).zip(self.starts.get(node.at() + 1));
        range.and_then(|(&a, &b)| self.moves.get(a as usize..b as usize)).unwrap_or_default()
    }

    fn node_count(&self) -> usize {
        self.starts.len() - 1
    }
}

/// What is left of the first amount, as far as one can tell.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Carried {
    /// No money has moved yet.
    Nothing,
    /// So much of the first amount in this currency, at most.
    Money { first: f64, left: f64, currency: u16 },
    /// Money moved first, and nobody knows how much.
    Unknown,
}

impl Carried {
    fn over(self, go: &Move) -> Self {
        match (self, go.amount) {
            _ if !go.is_money => self,
            (Self::Nothing, Some((first, currency))) => Self::Money { first, left: first, currency },
            (Self::Money { first, left, currency }, Some((amount, same))) if same == currency => {
                Self::Money { first, left: left.min(amount), currency }
            }
            // What came through so far is still the most that can have gone on.
            (Self::Money { .. }, _) => self,
            (Self::Nothing | Self::Unknown, _) => Self::Unknown,
        }
    }

    fn share(self) -> Option<f64> {
        match self {
            Self::Money { first, left, .. } => Some(left / first),
            _ => None,
        }
    }
}

/// The beginning of a chain.
#[derive(Clone, Copy, Debug)]
struct Label {
    node: NodeIx,
    before: Option<u32>,
    tie: Option<TieIx>,
    cost: Cost,
    reliability: f64,
    hops: u32,
    days: Option<(Day, Day)>,
    carried: Carried,
}

struct Search<'m> {
    moves: &'m Moves,
    targets: &'m [NodeIx],
    ask: &'m ChainOptions,
    /// What it costs to a target at least, whenever; and over how many hops.
    ahead: Vec<Cost>,
    hops: Vec<u32>,
    /// The last day on which something leaves each node and can still come to a target in time order.
    latest: Vec<Option<Day>>,
    /// Whether a target can be reached from a node without anything happening.
    at_end: Vec<bool>,
}

impl<'m> Search<'m> {
    fn new(moves: &'m Moves, targets: &'m [NodeIx], ask: &'m ChainOptions) -> Self {
        let nodes = moves.node_count();
        let mut search = Self {
            moves,
            targets,
            ask,
            ahead: vec![Cost::NEVER; nodes],
            hops: vec![u32::MAX; nodes],
            latest: vec![None; nodes],
            at_end: vec![false; nodes],
        };
        search.look_back();
        search
    }

    /// Fills what is ahead of each node, from the targets against the moves.
    fn look_back(&mut self) {
        let mut back: Vec<(NodeIx, u32)> =
            (0..).zip(&self.moves.moves).map(|(at, (_, go))| (go.to, at)).collect();
        back.sort_unstable();
        let into = |node: NodeIx| {
            let first = back.partition_point(|(to, _)| *to < node);
            back[first..].iter().take_while(move |(to, _)| *to == node).map(|(_, at)| *at as usize)
        };
        let moves = &self.moves.moves;
        let mut queue = BinaryHeap::new();
        let mut front = Vec::new();
        let known = self.ahead.len();
        for target in self.targets.iter().filter(|target| target.at() < known) {
            self.ahead[target.at()] = Cost::default();
            self.hops[target.at()] = 0;
            queue.push(Reverse((Cost::default(), *target)));
            front.push(*target);
        }
        while let Some(Reverse((cost, node))) = queue.pop() {
            if cost > self.ahead[node.at()] {
                continue;
            }
            for at in into(node) {
                let (before, cost) = (moves[at].0, cost.plus(moves[at].1.cost));
                if cost < self.ahead[before.at()] {
                    self.ahead[before.at()] = cost;
                    queue.push(Reverse((cost, before)));
                }
            }
        }
        let mut at = 0;
        while let Some(&node) = front.get(at) {
            for before in into(node).map(|at| moves[at].0) {
                if self.hops[before.at()] == u32::MAX {
                    self.hops[before.at()] = self.hops[node.at()] + 1;
                    front.push(before);
                }
            }
            at += 1;
        }
        self.look_for_latest(into);
    }

    /// Moves from the last day to the first: whoever a move leads to must be able to go on after it.
    fn look_for_latest<I: Iterator<Item = usize>>(&mut self, into: impl Fn(NodeIx) -> I) {
        let moves = &self.moves.moves;
        let mut in_time: Vec<(Reverse<Day>, u32)> = (0..)
            .zip(moves)
            .filter_map(|(at, (_, go))| go.days.map(|(first, _)| (Reverse(first), at)))
            .collect();
        in_time.sort_unstable();
        let at_end = &mut self.at_end;
        let mut open: Vec<NodeIx> =
            self.targets.iter().copied().filter(|target| target.at() < at_end.len()).collect();
        while let Some(node) = open.pop() {
            if !std::mem::replace(&mut at_end[node.at()], true) {
                open.extend(into(node).filter(|&at| moves[at].1.days.is_none()).map(|at| moves[at].0));
            }
        }
        for (Reverse(first), at) in in_time {
            let (from, go) = &moves[at as usize];
            let Some((_, last)) = go.days else { continue };
            let goes_on = at_end[go.to.at()] || self.latest[go.to.at()].is_some_and(|day| day > last);
            if !goes_on {
                continue;
            }
            let mut open = vec![*from];
            while let Some(node) = open.pop() {
                let latest = &mut self.latest[node.at()];
                if latest.is_none_or(|day| day < first) {
                    *latest = Some(first);
                    open.extend(into(node).filter(|&at| moves[at].1.days.is_none()).map(|at| moves[at].0));
                }
            }
        }
    }

    /// The chains, and whether everything was looked at.
    fn run(&self, from: &[NodeIx], watch: &Watch) -> (Vec<Chain>, bool) {
        let (mut found, count) = (Vec::new(), watch.over(TOLD));
        if self.ask.k == 0 {
            return (found, true);
        }
        let ahead = |node: &NodeIx| self.ahead.get(node.at()).copied().filter(|ahead| *ahead < Cost::NEVER);
        let starts = from.iter().filter(|node| ahead(node).is_some());
        let start = |&node: &NodeIx| Label {
            node,
            before: None,
            tie: None,
            cost: Cost::default(),
            reliability: 1.0,
            hops: 0,
            days: None,
            carried: Carried::Nothing,
        };
        let mut labels: Vec<Label> = starts.map(start).collect();
        let begin = |(at, label): (u32, &Label)| Reverse((self.ahead[label.node.at()], at));
        let mut queue: BinaryHeap<Reverse<(Cost, u32)>> = (0..).zip(&labels).map(begin).collect();
        let mut told = BTreeSet::new();
        let mut equal: Vec<(Vec<NodeIx>, Vec<TieIx>, u32)> = Vec::new();
        let mut best = Cost::default();
        while let Some(Reverse((estimate, taken))) = queue.pop() {
            if estimate > best {
                self.tell(&mut equal, &labels, &mut told, &mut found);
                best = estimate;
            }
            if found.len() >= self.ask.k {
                break;
            }
            let label = labels[taken as usize];
            if self.targets.binary_search(&label.node).is_ok() {
                if label.days.is_some() {
                    let (nodes, ties) = way(&labels, taken);
                    equal.push((nodes, ties, taken));
                }
                continue;
            }
            if labels.len() >= LOOKED_AT || count.is_stopped() {
                self.tell(&mut equal, &labels, &mut told, &mut found);
                return (found, false);
            }
            let before = labels.len();
            self.go_on(taken, &mut labels, &mut queue);
            let share = |labels: usize| labels / (LOOKED_AT / TOLD);
            (share(before)..share(labels.len())).for_each(|_| count.one_done());
        }
        self.tell(&mut equal, &labels, &mut told, &mut found);
        (found, true)
    }

    /// Adds chains that cost the same, in node and tie order, but none over nodes that were told already.
    fn tell(
        &self,
        equal: &mut Vec<(Vec<NodeIx>, Vec<TieIx>, u32)>,
        labels: &[Label],
        told: &mut BTreeSet<Vec<NodeIx>>,
        found: &mut Vec<Chain>,
    ) {
        equal.sort_unstable();
        for (nodes, ties, label) in equal.drain(..) {
            if found.len() < self.ask.k && told.insert(nodes.clone()) {
                let Label { reliability, carried, .. } = labels[label as usize];
                found.push(Chain { nodes, ties, reliability, share: carried.share() });
            }
        }
    }

    fn go_on(&self, taken: u32, labels: &mut Vec<Label>, queue: &mut BinaryHeap<Reverse<(Cost, u32)>>) {
        let label = labels[taken as usize];
        for (_, go) in self.moves.from(label.node) {
            let (to, days) = (go.to.at(), go.days.or(label.days));
            let is_near = self.hops[to] != u32::MAX && label.hops + 1 + self.hops[to] <= self.ask.max_hops;
            let is_in_time = match (label.days, go.days) {
                (Some((first, last)), Some((next, end))) => {
                    last < next && i64::from(end.0) - i64::from(first.0) <= i64::from(self.ask.wait)
                }
                _ => true,
            };
            if !is_near || !is_in_time || is_on_way(labels, taken, go.to) {
                continue;
            }
            let is_there = self.targets.binary_search(&go.to).is_ok();
            // Without a day yet, any later one will do.
            let after = days.map_or(Day(i32::MIN), |(_, last)| last);
            if !is_there && !self.can_go_on(go.to, after, days.is_some()) {
                continue;
            }
            let carried = label.carried.over(go);
            if carried.share().is_some_and(|share| share < self.ask.share) {
                continue;
            }
            let lost = |carried: Carried| carried.share().map_or(Cost::default(), Cost::of_share);
            let cost = label.cost.plus(go.cost);
            queue.push(Reverse((cost.plus(self.ahead[to]).plus(lost(carried)), labels.len() as u32)));
            let reliability = label.reliability * go.strength;
            let (tie, hops) = (Some(go.tie), label.hops + 1);
            labels.push(Label {
                node: go.to,
                before: Some(taken),
                tie,
                cost,
                reliability,
                hops,
                days,
                carried,
            });
        }
    }

    /// Whether something leads on from a node after a day, or, where something has happened already, to a
    /// target without anything more.
    fn can_go_on(&self, node: NodeIx, after: Day, happened: bool) -> bool {
        self.latest[node.at()].is_some_and(|day| day > after) || happened && self.at_end[node.at()]
    }
}

fn is_on_way(labels: &[Label], at: u32, node: NodeIx) -> bool {
    let mut at = Some(at);
    while let Some(label) = at.and_then(|at| labels.get(at as usize)) {
        if label.node == node {
            return true;
        }
        at = label.before;
    }
    false
}

fn way(labels: &[Label], at: u32) -> (Vec<NodeIx>, Vec<TieIx>) {
    let (mut nodes, mut ties) = (Vec::new(), Vec::new());
    let mut at = Some(at);
    while let Some(label) = at.and_then(|at| labels.get(at as usize)) {
        nodes.push(label.node);
        ties.extend(label.tie);
        at = label.before;
    }
    nodes.reverse();
    ties.reverse();
    (nodes, ties)
}
