//! How far a question reads: a [`Reach`] is a value, not code in a loop.
//!
//! A reach is a table of stages. A stage starts from what was reached so far, or from what the stage
//! before led to, and walks its rules a number of hops: a rule says from which kinds of node, over
//! which types of tie, in which direction, to which kinds. A hop may be made by what somebody holds
//! (his accounts, his phones) and may arrive at what somebody holds: that is no hop of its own.
//! Nodes with more ties than the stage's cap are reached but not opened, and named in [`Walk::cut`].
//! A stage that only looks opens nothing: of all it leads to it keeps the officials.
//! [`walk`] asks [`Ties`] one question a step, never one a node, so that it runs alike on a network,
//! on a store and on a cluster. Ties of duty lead only where a table says so; report and finding ties
//! are no way to anywhere but to leads.

mod around;
mod backward;
mod follow;

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::model::{Date, Kind, TieType};
pub(crate) use around::AroundOne;
pub(super) use around::{Around, Chosen};
pub use backward::opened_from;
pub use follow::Passing;

/// In which direction a tie is walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From its `from` to its `to`.
    Out,
    /// From its `to` to its `from`.
    In,
    /// Both.
    Both,
}

/// One row of a reach's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// From nodes of these kinds.
    pub from: &'static [Kind],
    /// Over ties of these types.
    pub types: &'static [TieType],
    /// In this direction.
    pub way: Way,
    /// To nodes of these kinds; empty means any.
    pub to: &'static [Kind],
}

/// Where a stage starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// From everything reached so far.
    Reached,
    /// From what the stage before led to, reached before or not.
    Met,
}

/// What a stage opens of the nodes it walks: which of their ties are in the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opens {
    /// All their ties.
    All,
    /// Their ties of these types.
    Only(&'static [TieType]),
    /// Nothing: it looks for officials, and nobody else that it leads to is reached.
    Looks,
}

impl Opens {
    /// The types of tie that are opened of a node; none where a stage only looks.
    pub(super) fn types(self) -> Types {
        match self {
            Self::All => Types::ALL,
            Self::Only(types) => Types::of(types),
            Self::Looks => Types::default(),
        }
    }
}

/// A set of types of tie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Types(u64);

impl Types {
    /// Every type.
    pub const ALL: Self = Self(u64::MAX);
    /// The types over which something is passed on: a stage with a [`Passing`] goes over these.
    pub const PASSED: Self = Self(1 << TieType::Payment as u64 | 1 << TieType::Gift as u64);

    /// These types.
    pub fn of(types: &[TieType]) -> Self {
        Self(types.iter().fold(0, |set, ty| set | 1 << *ty as u64))
    }

    /// Whether a type is among them.
    pub const fn has(self, ty: TieType) -> bool {
        self.0 & 1 << ty as u64 != 0
    }

    /// Whether the type at this place of [`TieType::ALL`] is among them.
    pub(super) const fn has_at(self, place: u8) -> bool {
        self.0 >> (place & 63) & 1 != 0
    }

    /// Those of either.
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are not among the others.
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The types, in order.
    pub fn list(self) -> Vec<TieType> {
        TieType::ALL.iter().copied().filter(|ty| self.has(*ty)).collect()
    }
}

/// Some hops under one set of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Where it starts.
    pub start: Start,
    /// How many hops.
    pub hops: u8,
    /// From somebody to what he holds, before each hop.
    pub own: &'static [Rule],
    /// What a hop is.
    pub rules: &'static [Rule],
    /// From what a hop led to, to whoever holds it.
    pub held: &'static [Rule],
    /// Nodes with more ties than this are not opened (the seeds always are).
    pub cap: Option<u32>,
    /// Walk only from officials.
    pub officials_only: bool,
    /// What it opens.
    pub opens: Opens,
    /// A hop over its rules goes on only from what may have been passed on (`follow`).
    pub passing: Option<Passing>,
}

/// How far one mechanism reads.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    /// Its name.
    pub name: &'static str,
    /// Its stages, in order.
    pub stages: &'static [Stage],
}

/// Reaches that start from the same seeds, and how it goes on from all that any of them reached. What is walked by all of
/// them in the end is so walked once.
#[derive(Clone, Copy, Debug)]
pub struct Reaches {
    /// Each on its own, from the seeds.
    pub each: &'static [Reach],
    /// From everything that these reached.
    pub then: Reach,
}

/// One tie as an answer to a frontier: seen from the end that was opened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seen<N> {
    /// The end that was opened: its place in the frontier asked for.
    pub near: usize,
    /// The other end.
    pub far: N,
    /// The type.
    pub ty: TieType,
    /// What the other end is, where who tells has it at hand; else it is asked for.
    pub kind: Option<Kind>,
    /// Whether `near` is the tie's `from`.
    pub outward: bool,
    /// Since when, or the day. Walks ask it of outward ties of [`Types::PASSED`] alone; who is slow to tell it of others
    /// tells none.
    pub start: Option<Date>,
}

/// What answers a frontier: a network, a store's view, or a data set later.
pub trait Ties {
    /// How it names nodes.
    type Node: Ord + Clone;

    /// What each node is.
    fn kinds_of(&self, nodes: &[Self::Node]) -> Vec<Kind>;

    /// Whether each node is an official.
    fn officials_of(&self, nodes: &[Self::Node]) -> Vec<bool>;

    /// How many ties each node has in all, as the source counts them, whatever was loaded.
    fn counts_of(&self, nodes: &[Self::Node]) -> Vec<u32>;

    /// Nodes in order, each once. Walks keep sets so: they grow by many at a time, and are gone through more than
    /// they are searched.
    fn in_order(&self, nodes: Vec<Self::Node>) -> Vec<Self::Node> {
        in_order(nodes)
    }

    /// The officials to whom a stage that looks for some leads from these nodes, reached before or not; nothing where
    /// that was not found out before.
    fn officials_near(&self, _nodes: &[Self::Node], _stage: &Stage) -> Option<Vec<Self::Node>> {
        None
    }

    /// Hands out the ties of a whole frontier over these types: one question a hop. Ties to oneself
    /// are left out.
    fn ties_of(&self, frontier: &[Self::Node], types: &[TieType], each: &mut dyn FnMut(Seen<Self::Node>));

    /// The same for walks from an end: days are told of inward ties as well. Who cannot tell them tells none.
    fn dated_ties_of(
        &self,
        frontier: &[Self::Node],
        types: &[TieType],
        each: &mut dyn FnMut(Seen<Self::Node>),
    ) {
        self.ties_of(frontier, types, each);
    }
}

/// A node that was reached and not opened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cut<N> {
    /// The node.
    pub node: N,
    /// The reach that stopped there.
    pub reach: &'static str,
    /// Its number of ties.
    pub ties: u32,
}

/// What some walks did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk<N: Ord> {
    /// Nodes that were opened, and for which types of tie; in order, each once.
    pub opened: Vec<(N, Types)>,
    /// Nodes reached, opened ones included; in order, each once.
    pub reached: Vec<N>,
    /// What was reached and nowhere opened, and why.
    pub cut: BTreeSet<Cut<N>>,
}

impl<N: Ord> Walk<N> {
    /// Opens some nodes, which are in order, whole; what was cut stays as it is.
    pub(super) fn open_whole(&mut self, nodes: Vec<N>) {
        self.opened.extend(nodes.into_iter().map(|node| (node, Types::ALL)));
        opened_once(&mut self.opened);
    }
}

/// Walks reaches from the same seeds. Cost: up to three questions a hop, and the ties of the nodes
/// opened.
pub fn walk<T: Ties>(ties: &T, seeds: &[T::Node], reaches: &Reaches) -> Walk<T::Node> {
    let seeds = ties.in_order(seeds.to_vec());
    let from = Origin { ties, seeds: &seeds, steps: led_to };
    let mut all = Walked::default();
    reaches.each.iter().for_each(|reach| all.join(from.walk(&seeds, reach)));
    from.then(all, reaches)
}

/// The same, each reach on a thread of its own where there are threads, and each step of many nodes on all of them.
pub fn walk_at_once<T>(ties: &T, seeds: &[T::Node], reaches: &Reaches) -> Walk<T::Node>
where
    T: Ties + Sync,
    T::Node: Send + Sync,
{
    let seeds = ties.in_order(seeds.to_vec());
    let from = Origin { ties, seeds: &seeds, steps: led_at_once };
    let walks: Vec<Walked<T::Node>> = reaches.each.par_iter().map(|reach| from.walk(&seeds, reach)).collect();
    let mut all = Walked::default();
    walks.into_iter().for_each(|walk| all.join(walk));
    from.then(all, reaches)
}

/// The steps that rules make from open nodes of these kinds.
type Steps<T, N> = fn(&T, &[N], &[Kind], &[Rule]) -> Vec<Led<N>>;

/// What walks start from, and how they take their steps.
struct Origin<'w, T: Ties> {
    ties: &'w T,
    seeds: &'w [T::Node],
    steps: Steps<T, T::Node>,
}

impl<T: Ties> Origin<'_, T> {
    /// Walks one reach from some nodes; no cap holds for the seeds. What it cut may have been opened elsewhere.
    fn walk(&self, nodes: &[T::Node], reach: &Reach) -> Walked<T::Node> {
        let walk = Walked { reached: nodes.to_vec(), ..Walked::default() };
        let mut walker = Walker { from: self, reach: reach.name, walk };
        let mut met = nodes.to_vec();
        for stage in reach.stages {
            walker.walk.reached = self.ties.in_order(walker.walk.reached);
            let start = if stage.start == Start::Met { met } else { walker.walk.reached.clone() };
            met = walker.stage(stage, start);
        }
        walker.walk
    }

    /// How reaches go on from what each of them did.
    fn then(&self, mut all: Walked<T::Node>, reaches: &Reaches) -> Walk<T::Node> {
        let reached = self.ties.in_order(std::mem::take(&mut all.reached));
        all.join(self.walk(&reached, &reaches.then));
        all.done(self.ties)
    }
}

/// What walks did so far, in no order and perhaps more than once; what one reached is in order as a stage begins.
struct Walked<N> {
    opened: Vec<(N, Types)>,
    reached: Vec<N>,
    cut: BTreeSet<Cut<N>>,
}

impl<N> Default for Walked<N> {
    fn default() -> Self {
        Self { opened: Vec::new(), reached: Vec::new(), cut: BTreeSet::new() }
    }
}

impl<N: Ord + Clone> Walked<N> {
    fn join(&mut self, mut more: Self) {
        self.opened.append(&mut more.opened);
        self.reached.append(&mut more.reached);
        self.cut.append(&mut more.cut);
    }

    /// What any of them opened is cut nowhere.
    fn done(self, ties: &impl Ties<Node = N>) -> Walk<N> {
        let Self { mut opened, reached, mut cut } = self;
        opened_once(&mut opened);
        cut.retain(|cut| opened.binary_search_by(|(node, _)| node.cmp(&cut.node)).is_err());
        Walk { opened, reached: ties.in_order(reached), cut }
    }
}

/// Puts what was opened in order, each node once.
fn opened_once<N: Ord>(opened: &mut Vec<(N, Types)>) {
    // Stages open nodes in order: the stable sort merges runs.
    opened.sort_by(|(a, _), (b, _)| a.cmp(b));
    opened.dedup_by(|(later, more), (first, types)| {
        let is_same = later == first;
        if is_same {
            *types = types.with(*more);
        }
        is_same
    });
}

fn in_order<N: Ord>(mut nodes: Vec<N>) -> Vec<N> {
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

/// Those of some nodes that are not in a set, which they join; all in order.
fn join<N: Ord + Clone>(set: &mut Vec<N>, nodes: &[N]) -> Vec<N> {
    let mut known = set.as_slice();
    let is_new = |node: &&N| {
        let before = known.iter().take_while(|other| other < node).count();
        known = &known[before..];
        known.first() != Some(*node)
    };
    let new: Vec<N> = nodes.iter().filter(is_new).cloned().collect();
    set.extend_from_slice(&new);
    // Two runs in order: the stable sort merges them.
    set.sort();
    new
}

/// A walk under way. What `around` walks from many officials at the same time must be what it would walk from each.
struct Walker<'w, T: Ties> {
    from: &'w Origin<'w, T>,
    reach: &'static str,
    /// What it did so far.
    walk: Walked<T::Node>,
}

impl<T: Ties> Walker<'_, T> {
    /// Walks one stage; gives what it led to, reached before or not, in order.
    fn stage(&mut self, stage: &Stage, start: Vec<T::Node>) -> Vec<T::Node> {
        if let Some(passing) = stage.passing {
            return self.follow(stage, start, passing);
        }
        if stage.opens == Opens::Looks
            && let Some(near) = self.from.ties.officials_near(&start, stage)
        {
            self.walk.reached.extend_from_slice(&near);
            return near;
        }
        let mut met = Vec::new();
        let mut visited = start.clone();
        let mut frontier = start;
        for _ in 0..stage.hops {
            let own = self.lead(&frontier, stage, stage.own);
            frontier.extend(join(&mut visited, &own));
            let mut arrived = self.lead(&frontier, stage, stage.rules);
            arrived.extend(self.lead(&arrived, stage, stage.held));
            let arrived = self.from.ties.in_order(arrived);
            frontier = join(&mut visited, &arrived);
            met.extend(own);
            met.extend(arrived);
        }
        let mut met = self.from.ties.in_order(met);
        if stage.opens == Opens::Looks {
            let officials = self.from.ties.officials_of(&met);
            met = met.into_iter().zip(officials).filter(|(_, official)| *official).map(|(n, _)| n).collect();
            self.walk.reached.extend_from_slice(&met);
        }
        met
    }

    /// Opens what a rule opens of a frontier; gives the nodes that the rules lead to, in order.
    fn lead(&mut self, frontier: &[T::Node], stage: &Stage, rules: &[Rule]) -> Vec<T::Node> {
        if rules.is_empty() || frontier.is_empty() {
            return Vec::new();
        }
        let (open, kinds) = self.open(frontier, stage, rules);
        let led = self.steps(&open, &kinds, rules).into_iter().map(|led| led.far).collect();
        let led = self.from.ties.in_order(led);
        if stage.opens != Opens::Looks {
            self.opens(open, stage.opens);
            self.walk.reached.extend_from_slice(&led);
        }
        led
    }

    /// Notes what was opened of some nodes.
    fn opens(&mut self, nodes: Vec<T::Node>, opens: Opens) {
        let types = opens.types();
        self.walk.opened.extend(nodes.into_iter().map(|node| (node, types)));
    }

    /// The nodes of the frontier that a rule opens, with their kinds.
    fn open(&mut self, frontier: &[T::Node], stage: &Stage, rules: &[Rule]) -> (Vec<T::Node>, Vec<Kind>) {
        let kinds = self.from.ties.kinds_of(frontier);
        let is_ruled = |kind: &Kind| rules.iter().any(|rule| rule.from.contains(kind));
        let (nodes, kinds): (Vec<T::Node>, Vec<Kind>) =
            frontier.iter().cloned().zip(kinds).filter(|(_, kind)| is_ruled(kind)).unzip();
        let (nodes, kinds) = if stage.officials_only { self.officials(nodes, kinds) } else { (nodes, kinds) };
        let Some(cap) = stage.cap else { return (nodes, kinds) };
        let counts = self.from.ties.counts_of(&nodes);
        let mut open = Vec::new();
        for ((node, kind), ties) in nodes.into_iter().zip(kinds).zip(counts) {
            if ties <= cap || self.from.seeds.binary_search(&node).is_ok() {
                open.push((node, kind));
            } else if stage.opens != Opens::Looks || self.walk.reached.binary_search(&node).is_ok() {
                self.walk.cut.insert(Cut { node, reach: self.reach, ties });
            }
        }
        open.into_iter().unzip()
    }

    /// The steps that the rules make from open nodes.
    fn steps(&self, open: &[T::Node], kinds: &[Kind], rules: &[Rule]) -> Vec<Led<T::Node>> {
        (self.from.steps)(self.from.ties, open, kinds, rules)
    }

    fn officials(&self, nodes: Vec<T::Node>, kinds: Vec<Kind>) -> (Vec<T::Node>, Vec<Kind>) {
        let officials = self.from.ties.officials_of(&nodes);
        let all = nodes.into_iter().zip(kinds).zip(officials);
        all.filter(|(_, official)| *official).map(|(node, _)| node).unzip()
    }
}

/// A step of a walk: from which of the open nodes, to where, since when.
struct Led<N> {
    near: usize,
    far: N,
    start: Option<Date>,
}

/// From so many nodes steps are taken by one thread; in tests from few, so that small networks have parts as well.
const PART: usize = if cfg!(test) { 3 } else { 512 };

/// The same as [`led_to`], from parts of the nodes at the same time.
fn led_at_once<T>(ties: &T, open: &[T::Node], kinds: &[Kind], rules: &[Rule]) -> Vec<Led<T::Node>>
where
    T: Ties + Sync,
    T::Node: Send + Sync,
{
    if open.len() <= PART {
        return led_to(ties, open, kinds, rules);
    }
    let parts = open.par_chunks(PART).zip(kinds.par_chunks(PART)).enumerate();
    let steps = parts.map(|(at, (open, kinds))| {
        let mut steps = led_to(ties, open, kinds, rules);
        steps.iter_mut().for_each(|led| led.near += at * PART);
        steps
    });
    steps.collect::<Vec<_>>().into_iter().flatten().collect()
}

/// The steps that the rules make from open nodes.
fn led_to<T: Ties>(ties: &T, open: &[T::Node], kinds: &[Kind], rules: &[Rule]) -> Vec<Led<T::Node>> {
    let of_rules: Vec<(&Rule, Types)> = rules.iter().map(|rule| (rule, Types::of(rule.types))).collect();
    let types = of_rules.iter().fold(Types::default(), |all, (_, types)| all.with(*types));
    let mut steps: Vec<Led<T::Node>> = Vec::new();
    // Steps of which nobody said what they lead to, though a rule asks for it.
    let mut unsure: Vec<(Led<T::Node>, &[Kind])> = Vec::new();
    ties.ties_of(open, &types.list(), &mut |tie| {
        let Some(&kind) = kinds.get(tie.near) else { return };
        for (rule, _) in of_rules.iter().filter(|(rule, types)| types.has(tie.ty) && rule.takes(kind, &tie)) {
            let led = || Led { near: tie.near, far: tie.far.clone(), start: tie.start };
            match tie.kind {
                _ if rule.to.is_empty() => steps.push(led()),
                Some(kind) if rule.to.contains(&kind) => steps.push(led()),
                Some(_) => (),
                None => unsure.push((led(), rule.to)),
            }
        }
    });
    // What a step leads to is looked up once.
    let far = ties.in_order(unsure.iter().map(|(led, _)| led.far.clone()).collect());
    let kinds = ties.kinds_of(&far);
    let kind = |node: &T::Node| kinds.get(far.binary_search(node).ok()?);
    let is_led = |(led, to): &(Led<T::Node>, &[Kind])| kind(&led.far).is_some_and(|kind| to.contains(kind));
    steps.extend(unsure.into_iter().filter(is_led).map(|(led, _)| led));
    steps
}

impl Rule {
    /// Whether it goes over this tie, which is of one of its types, from a node of this kind.
    fn takes<N>(&self, kind: Kind, tie: &Seen<N>) -> bool {
        let direction = match self.way {
            Way::Out => tie.outward,
            Way::In => !tie.outward,
            Way::Both => true,
        };
        direction && self.from.contains(&kind)
    }

    /// Whether it may lead over a tie to a node of this kind, for which the tie is outward or not; from where and over
    /// which types is for others to say.
    pub(super) fn leads_to(&self, kind: Kind, outward: bool) -> bool {
        let direction = match self.way {
            Way::Out => !outward,
            Way::In => outward,
            Way::Both => true,
        };
        direction && (self.to.is_empty() || self.to.contains(&kind))
    }
}
