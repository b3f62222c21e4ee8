//! Following what is passed on: a hop goes on only from what may be what arrived.
//!
//! A walk over payments that asks only who paid whom is half of a city after four hops. Nearly all of its
//! ways are none: what was paid on years before or after cannot be the same money. So a stage may ask when
//! something arrived, and go on from there only over ties of about that time. Ties without a day, and what
//! a stage starts from, speak for every time.

use std::collections::BTreeMap;

use super::{Opens, Stage, Ties, Walker, led_to};
use crate::model::{Date, Day};

/// When what arrived may be passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passing {
    /// So many days before it arrived, since days are written down late.
    pub before: i32,
    /// So many days after.
    pub after: i32,
}

/// When something arrived at a node: at any time, or within one of some spans.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Arrivals {
    always: bool,
    spans: Vec<(Day, Day)>,
}

impl Arrivals {
    pub(super) const ALWAYS: Self = Self { always: true, spans: Vec::new() };

    pub(super) fn at(start: Option<Date>) -> Self {
        let span = start.map(|start| (start.first(), start.last()));
        Self { always: span.is_none(), spans: span.into_iter().collect() }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.always |= other.always;
        self.spans.extend(&other.spans);
        self.spans.sort_unstable();
        self.spans.dedup();
    }

    pub(super) fn may_pass(&self, start: Option<Date>, passing: Passing) -> bool {
        let Some(start) = start.filter(|_| !self.always) else { return true };
        let (first, last) = (start.first().0, start.last().0);
        let fits = |(from, to): &(Day, Day)| last >= from.0 - passing.before && first <= to.0 + passing.after;
        self.spans.iter().any(fits)
    }
}

/// Nodes with when something arrived there.
pub(super) type Arrived<N> = BTreeMap<N, Arrivals>;

pub(super) fn join<N: Ord + Clone>(all: &mut Arrived<N>, more: &Arrived<N>) {
    more.iter().for_each(|(node, arrivals)| all.entry(node.clone()).or_default().add(arrivals));
}

impl<T: Ties> Walker<'_, T> {
    /// Walks a stage that passes on; gives what it led to. A node is walked again whenever something else
    /// arrives there.
    pub(super) fn follow(
        &mut self,
        stage: &Stage,
        start: impl IntoIterator<Item = T::Node>,
        passing: Passing,
    ) -> std::collections::BTreeSet<T::Node> {
        let mut met = std::collections::BTreeSet::new();
        let mut front: Arrived<T::Node> = start.into_iter().map(|node| (node, Arrivals::ALWAYS)).collect();
        for _ in 0..stage.hops {
            let own = self.pass(&front, stage, stage.own, None);
            join(&mut front, &own);
            let mut arrived = self.pass(&front, stage, stage.rules, Some(passing));
            let held = self.pass(&arrived, stage, stage.held, None);
            join(&mut arrived, &held);
            met.extend(own.into_keys().chain(arrived.keys().cloned()));
            front = arrived;
        }
        met
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
        let mut arrived: Arrived<T::Node> = BTreeMap::new();
        if rules.is_empty() || front.is_empty() {
            return arrived;
        }
        let nodes: Vec<T::Node> = front.keys().cloned().collect();
        let (open, kinds) = self.open(&nodes, stage, rules);
        for led in led_to(self.ties, &open, &kinds, rules) {
            let Some(own) = open.get(led.near).and_then(|near| front.get(near)) else { continue };
            let on = match passing {
                None => own.clone(),
                Some(passing) if own.may_pass(led.start, passing) => Arrivals::at(led.start),
                Some(_) => continue,
            };
            arrived.entry(led.far).or_default().add(&on);
        }
        if let Opens::Looks = stage.opens {
            return arrived;
        }
        self.opens(open, stage.opens);
        self.walk.reached.extend(arrived.keys().cloned());
        arrived
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may_pass(arrived: &str, on: &str) -> bool {
        let day = |text: &str| text.parse().ok();
        Arrivals::at(day(arrived)).may_pass(day(on), Passing { before: 2, after: 31 })
    }

    #[test]
    fn what_is_paid_within_the_days_may_be_what_arrived() {
        assert!(may_pass("2019-03-10", "2019-03-08") && !may_pass("2019-03-10", "2019-03-07"));
        assert!(may_pass("2019-03-10", "2019-04-10") && !may_pass("2019-03-10", "2019-04-11"));
    }

    #[test]
    fn days_that_are_not_known_speak_for_every_time() {
        assert!(may_pass("", "2019-03-08") && may_pass("2019-03-10", ""));
        assert!(may_pass("2019-03", "2019-05-01") && !may_pass("2019-03", "2019-05-02"));
        assert!(may_pass("2019-03-31", "2019") && !may_pass("2019", "2021"));
    }

    #[test]
    fn of_several_arrivals_one_is_enough() {
        let mut arrivals = Arrivals::at("2019-03-10".parse().ok());
        arrivals.add(&Arrivals::at("2020-03-10".parse().ok()));
        let passing = Passing { before: 2, after: 31 };
        assert!(arrivals.may_pass("2020-03-20".parse().ok(), passing));
        assert!(!arrivals.may_pass("2019-09-10".parse().ok(), passing));
        arrivals.add(&Arrivals::ALWAYS);
        assert!(arrivals.may_pass("2019-09-10".parse().ok(), passing));
    }
}
