//! How far a question reads: a [`Reach`] is a value, not code in a loop.
//!
//! A reach is a table of stages. A stage starts from everything reached so far and walks its rules
//! a number of hops: a rule says from which kinds of node, over which types of tie, in which
//! direction, to which kinds. Nodes with more ties than the stage's cap are reached but not opened,
//! and named in [`Walk::cut`]. [`walk`] asks [`Ties`] one question a hop, never one a node, so that
//! it runs alike on a network, on a store and on a cluster. Ties of duty lead only where a table
//! says so; report and finding ties are no way to anywhere but to leads.

use std::collections::BTreeSet;

use crate::model::{Kind, TieType};

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
#[derive(Clone, Copy, Debug)]
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

/// Some hops under one set of rules.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    /// How many hops.
    pub hops: u8,
    /// What is walked.
    pub rules: &'static [Rule],
    /// Nodes with more ties than this are not opened (the seeds always are).
    pub cap: Option<u32>,
    /// Open only nodes that are officials at the start of this stage.
    pub officials_only: bool,
}

/// How far one mechanism reads.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    /// Its name.
    pub name: &'static str,
    /// Its stages, in order.
    pub stages: &'static [Stage],
}

/// One tie as an answer to a frontier: seen from the end that was opened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seen<N> {
    /// The end that was opened: its place in the frontier asked for.
    pub near: usize,
    /// The other end.
    pub far: N,
    /// What the other end is.
    pub far_kind: Kind,
    /// The type.
    pub ty: TieType,
    /// Whether `near` is the tie's `from`.
    pub outward: bool,
}

/// What answers a frontier: a network now, a store's view or a data set later.
pub trait Ties {
    /// How it names nodes, in key order.
    type Node: Ord + Clone;
    /// How it keeps a set of them.
    type Marks: Marks<Self::Node>;

    /// An empty set.
    fn marks(&self) -> Self::Marks;

    /// The kind of each node, whether it is an official, and how many ties it has in all.
    fn nature_of(&self, nodes: &[Self::Node]) -> Vec<Nature>;

    /// Hands out the ties of a whole frontier over these types: one question a hop. Ties to oneself
    /// are left out.
    fn ties_of(&self, frontier: &[Self::Node], types: &[TieType], each: &mut dyn FnMut(Seen<Self::Node>));
}

/// A set of nodes.
pub trait Marks<N> {
    /// Marks a node; whether it is new.
    fn mark(&mut self, node: &N) -> bool;
}

impl<N: Ord + Clone> Marks<N> for BTreeSet<N> {
    fn mark(&mut self, node: &N) -> bool {
        self.insert(node.clone())
    }
}

/// What a walk must know of a node before it is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nature {
    /// What it is.
    pub kind: Kind,
    /// Whether it is an official.
    pub official: bool,
    /// Its ties as the source counts them, whatever was loaded.
    pub ties: u32,
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

/// What a walk did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk<N> {
    /// Nodes whose every tie is read, in key order.
    pub opened: Vec<N>,
    /// Nodes reached, opened ones included, in key order.
    pub reached: Vec<N>,
    /// What was cut, and why.
    pub cut: BTreeSet<Cut<N>>,
}

/// Walks a reach from its seeds. Cost: one question a hop, and the ties of the nodes opened.
pub fn walk<T: Ties>(ties: &T, seeds: &[T::Node], reach: &Reach) -> Walk<T::Node> {
    let mut reached: Vec<T::Node> = seeds.to_vec();
    reached.sort();
    reached.dedup();
    let seeds = reached.clone();
    let (mut seen, mut is_open) = (ties.marks(), ties.marks());
    reached.iter().for_each(|node| {
        seen.mark(node);
    });
    let mut walk = Walk { opened: Vec::new(), reached: Vec::new(), cut: BTreeSet::new() };
    for stage in reach.stages {
        let mut frontier = reached.clone();
        for _ in 0..stage.hops {
            let (open, kinds) = opened(ties, &frontier, &seeds, stage, reach.name, &mut walk.cut);
            walk.opened.extend(open.iter().filter(|node| is_open.mark(node)).cloned());
            frontier = step(ties, &open, &kinds, stage.rules, &mut seen);
            reached.extend(frontier.iter().cloned());
        }
        reached.sort();
    }
    walk.opened.sort();
    walk.reached = reached;
    walk
}

/// The nodes of the frontier that a rule of the stage opens, with their kinds.
fn opened<T: Ties>(
    ties: &T,
    frontier: &[T::Node],
    seeds: &[T::Node],
    stage: &Stage,
    reach: &'static str,
    cut: &mut BTreeSet<Cut<T::Node>>,
) -> (Vec<T::Node>, Vec<Kind>) {
    let (mut open, mut kinds) = (Vec::new(), Vec::new());
    for (node, nature) in frontier.iter().zip(ties.nature_of(frontier)) {
        let ruled = stage.rules.iter().any(|rule| rule.from.contains(&nature.kind));
        if !ruled || (stage.officials_only && !nature.official) {
            continue;
        }
        let within = stage.cap.is_none_or(|cap| nature.ties <= cap);
        if within || seeds.binary_search(node).is_ok() {
            open.push(node.clone());
            kinds.push(nature.kind);
        } else {
            cut.insert(Cut { node: node.clone(), reach, ties: nature.ties });
        }
    }
    (open, kinds)
}

/// The new nodes that the rules lead to, in key order.
fn step<T: Ties>(
    ties: &T,
    open: &[T::Node],
    kinds: &[Kind],
    rules: &[Rule],
    seen: &mut T::Marks,
) -> Vec<T::Node> {
    let mut types: Vec<TieType> = rules.iter().flat_map(|rule| rule.types).copied().collect();
    types.sort_unstable();
    types.dedup();
    let mut next = Vec::new();
    ties.ties_of(open, &types, &mut |tie| {
        let leads = kinds.get(tie.near).is_some_and(|kind| rules.iter().any(|rule| rule.leads(*kind, &tie)));
        if leads && seen.mark(&tie.far) {
            next.push(tie.far);
        }
    });
    next.sort();
    next
}

impl Rule {
    fn leads<N>(&self, kind: Kind, tie: &Seen<N>) -> bool {
        let direction = match self.way {
            Way::Out => tie.outward,
            Way::In => !tie.outward,
            Way::Both => true,
        };
        direction
            && self.from.contains(&kind)
            && self.types.contains(&tie.ty)
            && (self.to.is_empty() || self.to.contains(&tie.far_kind))
    }
}
