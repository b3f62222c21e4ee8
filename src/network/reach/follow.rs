//! Following what is passed on: a hop goes on only from what may be what arrived.
//!
//! A walk over payments that asks only who paid whom is half of a city after four hops. Nearly all of its
//! ways are none: what was paid on years before or after cannot be the same money. So a stage may ask when
//! something arrived, and go on from there only over ties of about that time. Ties without a day, and what
//! a stage starts from, speak for every time.

use super::{Opens, Stage, Ties, Walker};
use crate::model::{Date, Day};

/// When what arrived may be passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passing {
    /// So many days before it arrived, since days are written down late.
    pub before: i32,
    /// So many days after.
    pub after: i32,
}

/// When something arrived: within these days, or at any time.
pub(super) type When = Option<(Day, Day)>;

/// The days that a date may be of.
pub(super) fn when(start: Option<Date>) -> When {
    start.map(|start| (start.first(), start.last()))
}

/// Whether what arrived at one of these times may be passed on since `start`.
pub(super) fn may_pass<N>(arrivals: &[(N, When)], start: Option<Date>, passing: Passing) -> bool {
    let Some(start) = start else { return true };
    let (first, last) = (start.first().0, start.last().0);
    let fits = |(from, to): (Day, Day)| last >= from.0 - passing.before && first <= to.0 + passing.after;
    arrivals.iter().any(|(_, when)| when.is_none_or(fits))
}

/// Nodes with when something arrived there: a row an arrival, in order, each once; at any time first.
#[derive(Clone, Debug)]
pub(super) struct Arrived<N>(Vec<(N, When)>);

impl<N: Ord + Clone> Arrived<N> {
    /// Of rows in any order.
    pub fn of(mut rows: Vec<(N, When)>) -> Self {
        rows.sort_unstable();
        rows.dedup();
        // Who is arrived at at any time is so whatever else arrives.
        rows.dedup_by(|later, first| first.1.is_none() && first.0 == later.0);
        Self(rows)
    }

    /// These nodes, at any time.
    pub fn always(nodes: impl IntoIterator<Item = N>) -> Self {
        Self::of(nodes.into_iter().map(|node| (node, None)).collect())
    }

    /// What arrived in either.
    pub fn join(&mut self, more: &Self) {
        let mut rows = std::mem::take(&mut self.0);
        rows.extend_from_slice(&more.0);
        *self = Self::of(rows);
    }

    /// The nodes, in order.
    pub fn nodes(&self) -> Vec<N> {
        self.each().filter_map(|rows| rows.first()).map(|(node, _)| node.clone()).collect()
    }

    /// The rows of each node, in order of the nodes.
    pub fn each(&self) -> impl Iterator<Item = &[(N, When)]> + '_ {
        self.0.chunk_by(|(a, _), (b, _)| a == b)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Ties> Walker<'_, T> {
    /// Walks a stage that passes on; gives what it led to, in order. A node is walked again whenever something else
    /// arrives there.
    pub(super) fn follow(&mut self, stage: &Stage, start: Vec<T::Node>, passing: Passing) -> Vec<T::Node> {
        let mut met = Vec::new();
        let mut front = Arrived::always(start);
        for _ in 0..stage.hops {
            let own = self.pass(&front, stage, stage.own, None);
            front.join(&own);
            let mut arrived = self.pass(&front, stage, stage.rules, Some(passing));
            let held = self.pass(&arrived, stage, stage.held, None);
            arrived.join(&held);
            met.extend(own.nodes().into_iter().chain(arrived.nodes()));
            front = arrived;
        }
        self.from.ties.in_order(met)
    }

    /// Opens what some rules open, and passes on what arrived there: where `passing` says when, over ties of
    /// that time, and it arrives on their days; else as it is, over all.
    fn pass(
        &mut self,
        front: &Arrived<T::Node>,
        stage: &Stage,
        rules: &[super::Rule],
        passing: Option<Passing>,
    ) -> Arrived<T::Node> {
        let mut rows = Vec::new();
        if !rules.is_empty() && !front.is_empty() {
            let (open, kinds) = self.open(&front.nodes(), stage, rules);
            // What arrived at each node that is open: these are some of the front, in its order.
            let mut each = front.each();
            let arrivals = |node| each.find(|rows| rows.first().is_some_and(|(other, _)| other == node));
            let arrivals: Vec<&[(T::Node, When)]> = open.iter().filter_map(arrivals).collect();
            for led in self.steps(&open, &kinds, rules) {
                let Some(own) = arrivals.get(led.near) else { continue };
                match passing {
                    None => rows.extend(own.iter().map(|(_, when)| (led.far.clone(), *when))),
                    Some(passing) if may_pass(own, led.start, passing) => {
                        rows.push((led.far, when(led.start)))
                    }
                    Some(_) => (),
                }
            }
            if stage.opens != Opens::Looks {
                self.opens(open, stage.opens);
                self.walk.reached.extend(rows.iter().map(|(node, _)| node.clone()));
            }
        }
        Arrived::of(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<Date> {
        text.parse().ok()
    }

    fn passes(arrived: &[&str], on: &str) -> bool {
        let rows = Arrived::of(arrived.iter().map(|arrived| ((), when(day(arrived)))).collect());
        may_pass(&rows.0, day(on), Passing { before: 2, after: 31 })
    }

    fn may_pass_on(arrived: &str, on: &str) -> bool {
        passes(&[arrived], on)
    }

    #[test]
    fn what_is_paid_within_the_days_may_be_what_arrived() {
        assert!(may_pass_on("2019-03-10", "2019-03-08") && !may_pass_on("2019-03-10", "2019-03-07"));
        assert!(may_pass_on("2019-03-10", "2019-04-10") && !may_pass_on("2019-03-10", "2019-04-11"));
    }

    #[test]
    fn days_that_are_not_known_speak_for_every_time() {
        assert!(may_pass_on("", "2019-03-08") && may_pass_on("2019-03-10", ""));
        assert!(may_pass_on("2019-03", "2019-05-01") && !may_pass_on("2019-03", "2019-05-02"));
        assert!(may_pass_on("2019-03-31", "2019") && !may_pass_on("2019", "2021"));
    }

    #[test]
    fn of_several_arrivals_one_is_enough() {
        assert!(passes(&["2019-03-10", "2020-03-10"], "2020-03-20"));
        assert!(!passes(&["2019-03-10", "2020-03-10"], "2019-09-10"));
        assert!(passes(&["2019-03-10", "2020-03-10", ""], "2019-09-10"));
    }
}
