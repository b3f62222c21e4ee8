//! A walk from its end: from where a node may be opened whole.
//!
//! What one official may be scored for is a question of a few gangs, those whose walks come to him. The stages are
//! walked the other way, last first, over the same rules, caps and times; what is found is no less than what walks
//! come from. It may be more: a start that only what a stage led to may make is taken as one of all reached.

use std::collections::BTreeSet;

use super::follow::{Arrived, When, may_pass, when};
use super::{Opens, Passing, Reaches, Rule, Stage, Ties, Types};
use crate::model::{Date, Kind};

/// The nodes from which some reaches may come to one of these and open all its ties, these among them. Seeds of
/// walks are of the kinds `seeds`: no cap holds for them. Where `ties` does not tell days from both ends, days are
/// no bound. Cost: as of a walk or two.
pub fn opened_from<T: Ties>(
    ties: &T,
    targets: &BTreeSet<T::Node>,
    reaches: &Reaches,
    seeds: &[Kind],
) -> BTreeSet<T::Node> {
    // Whoever comes to be opened is there before the last stage that opens anybody whole.
    let last = reaches.then.stages.iter().rposition(|stage| stage.opens == Opens::All).unwrap_or(0);
    let back = |led: Vec<T::Node>, stages: &[Stage]| {
        stages.iter().rev().fold(led, |led, stage| Back { ties, stage, seeds }.stage(led))
    };
    let targets = ties.in_order(targets.iter().cloned().collect());
    let targets = back(targets, reaches.then.stages.get(..last).unwrap_or_default());
    let mut from = targets.clone();
    reaches.each.iter().for_each(|reach| from.extend(back(targets.clone(), reach.stages)));
    from.into_iter().collect()
}

/// A step to a node: from where, when, and what goes on at its end.
type Step<'f, N> = (N, Option<Date>, &'f [(N, When)]);

/// A stage that is walked from its end.
struct Back<'w, T> {
    ties: &'w T,
    stage: &'w Stage,
    seeds: &'w [Kind],
}

impl<T: Ties> Back<'_, T> {
    /// From where the stage leads to some nodes, which are in order; they stay among them.
    fn stage(&self, mut led: Vec<T::Node>) -> Vec<T::Node> {
        let looks = self.stage.opens == Opens::Looks;
        let kept = if looks { self.ties.officials_of(&led) } else { vec![true; led.len()] };
        let ends = led.iter().zip(kept).filter(|(_, kept)| *kept);
        let ends = Arrived::always(ends.map(|(node, _)| node.clone()));
        let mut front = ends.clone();
        // What somebody holds is led to without a hop.
        front.join(&self.pass(&ends, self.stage.own, None));
        led.extend(front.nodes());
        for _ in 0..self.stage.hops {
            let held = self.pass(&front, self.stage.held, None);
            front.join(&held);
            let mut before = self.pass(&front, self.stage.rules, self.stage.passing);
            let own = self.pass(&before, self.stage.own, None);
            before.join(&own);
            led.extend(before.nodes());
            front = before;
        }
        self.ties.in_order(led)
    }

    /// From where rules lead to some nodes, and when what goes on from there leaves.
    fn pass(&self, front: &Arrived<T::Node>, rules: &[Rule], passing: Option<Passing>) -> Arrived<T::Node> {
        let mut before = Vec::new();
        if rules.is_empty() || front.is_empty() {
            return Arrived::of(before);
        }
        let turned = passing.map(|Passing { before, after }| Passing { before: after, after: before });
        for (node, start, leaving) in self.steps(front, rules) {
            match turned {
                None => before.extend(leaving.iter().map(|(_, when)| (node.clone(), *when))),
                Some(turned) if may_pass(leaving, start, turned) => before.push((node, when(start))),
                Some(_) => (),
            }
        }
        Arrived::of(before)
    }

    /// The steps that rules make to some nodes: from where, when, and what goes on at their end.
    fn steps<'f>(&self, front: &'f Arrived<T::Node>, rules: &[Rule]) -> Vec<Step<'f, T::Node>> {
        let nodes = front.nodes();
        let leaving: Vec<&[(T::Node, When)]> = front.each().collect();
        let kinds = self.ties.kinds_of(&nodes);
        let of_rules: Vec<(&Rule, Types)> = rules.iter().map(|rule| (rule, Types::of(rule.types))).collect();
        let types = of_rules.iter().fold(Types::default(), |all, (_, types)| all.with(*types));
        let mut found: Vec<(&Rule, Step<'f, T::Node>)> = Vec::new();
        self.ties.dated_ties_of(&nodes, &types.list(), &mut |tie| {
            let (Some(kind), Some(&leaving)) = (kinds.get(tie.near), leaving.get(tie.near)) else { return };
            for (rule, types) in &of_rules {
                if types.has(tie.ty) && rule.leads_to(*kind, tie.outward) {
                    found.push((rule, (tie.far.clone(), tie.start, leaving)));
                }
            }
        });
        let (far, kinds) = self.open(found.iter().map(|(_, (node, ..))| node.clone()).collect());
        let kind = |node: &T::Node| kinds.get(far.binary_search(node).ok()?);
        let from = |node: &T::Node, rule: &Rule| kind(node).is_some_and(|kind| rule.from.contains(kind));
        found.retain(|(rule, (node, ..))| from(node, rule));
        found.into_iter().map(|(_, step)| step).collect()
    }

    /// Those that the stage would open, in order, each once, with their kinds.
    fn open(&self, nodes: Vec<T::Node>) -> (Vec<T::Node>, Vec<Kind>) {
        let nodes = self.ties.in_order(nodes);
        let kinds = self.ties.kinds_of(&nodes);
        let counts = self.stage.cap.map(|cap| (cap, self.ties.counts_of(&nodes)));
        let officials = self.stage.officials_only.then(|| self.ties.officials_of(&nodes));
        let is_open = |at: usize, kind: &Kind| {
            let is_small = counts.as_ref().is_none_or(|(cap, counts)| counts.get(at) <= Some(cap));
            let is_asked = officials.as_ref().is_none_or(|officials| officials.get(at) == Some(&true));
            (is_small || self.seeds.contains(kind)) && is_asked
        };
        let all = nodes.into_iter().zip(kinds).enumerate();
        all.filter(|(at, (_, kind))| is_open(*at, kind)).map(|(_, node)| node).unzip()
    }
}
