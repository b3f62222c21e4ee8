//! Likely doubles after a small change that leaves everybody's card as it was: only who met whom is another matter,
//! and only for those who stand around what was touched.

use std::collections::BTreeSet;

use super::card::{Card, LEAST, Met, is_quiet};
use crate::model::{Kind, TieType};
use crate::network::NodeIx;

/// Two people of whom another matter holds after a change than before: how likely they are one, or nothing where they
/// are hardly one.
pub type Told = (NodeIx, NodeIx, Option<f64>);

/// The ties of somebody: to whom, and of which type.
pub type Near<'c> = &'c dyn Fn(NodeIx) -> Vec<(NodeIx, TieType)>;

/// A file before and after a change. Nodes are named alike in both.
pub struct Change<'c> {
    /// Everybody and everything that it touches: both ends of each tie that is another after it are among them.
    pub touched: &'c BTreeSet<NodeIx>,
    /// Everybody's ties before it; nobody's of whom it brought.
    pub before: Near<'c>,
    /// Everybody's ties after it.
    pub after: Near<'c>,
    /// What somebody or something is.
    pub kind: &'c dyn Fn(NodeIx) -> Kind,
    /// What is on record of somebody, before as after it.
    pub prop: &'c dyn Fn(NodeIx, &str) -> Option<&'c str>,
    /// How likely two people are one before it.
    pub likely: &'c dyn Fn(NodeIx, NodeIx) -> Option<f64>,
}

impl Change<'_> {
    /// Whoever is more or less likely one than before. Nothing where two have come so near one another that it
    /// matters how many others have a name or a number of theirs, which only the whole file tells. Cost: a comparison
    /// for each two people around what is touched.
    pub fn told(&self) -> Option<Vec<Told>> {
        let mut told = Vec::new();
        for (a, b) in suspects(self.touched, (self.before, self.after), self.kind) {
            let [x, y] = [a, b].map(|node| Card::of(|key| (self.prop)(node, key)));
            if !x.may_be(&y) || (self.before)(a).contains(&(b, TieType::Same)) {
                continue;
            }
            let [before, after] = [self.before, self.after].map(|near| self.met(near, a, b));
            if before == after {
                continue;
            }
            let now = x.probability(&y, after);
            match (self.likely)(a, b) {
                Some(_) => told.push((a, b, Some(now).filter(|now| *now >= LEAST))),
                // Likely enough before and yet not told of: a block as large as theirs says nothing, and still does.
                None if x.probability(&y, before) >= LEAST || now < LEAST => {}
                None => return None,
            }
        }
        Some(told)
    }

    fn met(&self, near: Near<'_>, a: NodeIx, b: NodeIx) -> Met {
        let quiet = |of: &[(NodeIx, TieType)]| -> BTreeSet<NodeIx> {
            let others: BTreeSet<NodeIx> = of.iter().map(|(other, _)| *other).collect();
            let is_quiet = |other: &NodeIx| is_quiet((self.kind)(*other), near(*other).len());
            others.into_iter().filter(is_quiet).collect()
        };
        let (of_a, of_b) = (near(a), near(b));
        let tied = of_a.iter().any(|(other, ty)| *other == b && *ty != TieType::Same);
        Met { shared: quiet(&of_a).intersection(&quiet(&of_b)).count(), tied }
    }
}

/// Two people of whom another matter may hold: who have a neighbour in common of whom one of them has become
/// a neighbour, or who says something of them now and did not before; or who have come to be tied.
pub fn suspects(
    touched: &BTreeSet<NodeIx>,
    (before, after): (Near<'_>, Near<'_>),
    kind: &dyn Fn(NodeIx) -> Kind,
) -> BTreeSet<(NodeIx, NodeIx)> {
    let mut suspects = BTreeSet::new();
    let is_person = |node: &NodeIx| kind(*node) == Kind::Person;
    let is_touched = |node: &NodeIx| touched.contains(node);
    for &node in touched {
        let [before, after] = [before, after].map(|near| near(node));
        let [was_quiet, is_quiet] = [&before, &after].map(|near| is_quiet(kind(node), near.len()));
        let around: BTreeSet<NodeIx> =
            before.iter().chain(&after).map(|(other, _)| *other).filter(is_person).collect();
        if is_person(&node) {
            let tied = around.iter().filter(|other| is_touched(other));
            suspects.extend(tied.map(|&other| (node.min(other), node.max(other))));
        }
        if !was_quiet && !is_quiet {
            continue;
        }
        for (at, &a) in around.iter().enumerate() {
            let others = around.iter().skip(at + 1);
            let may = |b: &&NodeIx| was_quiet != is_quiet || is_touched(&a) || is_touched(b);
            suspects.extend(others.filter(may).map(|&b| (a, b)));
        }
    }
    suspects
}
