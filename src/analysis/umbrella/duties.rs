//! What an official's work with the gang's matters explains of his contacts with its people.

use std::collections::BTreeSet;

use super::found::Scope;
use super::weights::Weights;
use crate::model::{Date, TieType};
use crate::network::{NodeIx, TieIx, TieRef};

/// A piece of work that brings contact with some people for some time.
#[derive(Clone, Debug)]
pub(super) struct Duty {
    pub tie: TieIx,
    /// How much of contact it explains.
    weight: f64,
    /// The first and last day, where they are known.
    days: Option<(i32, i32)>,
    /// With whom; empty means anybody of the gang's.
    whom: BTreeSet<NodeIx>,
}

impl Duty {
    /// Whether it brings contact with this one.
    pub fn concerns(&self, member: NodeIx) -> bool {
        self.whom.is_empty() || self.whom.contains(&member)
    }

    /// How much of a contact with somebody on these days it explains.
    pub fn explains(&self, weights: &Weights, member: NodeIx, days: Option<(i32, i32)>) -> f64 {
        if !self.concerns(member) {
            return self.weight * weights.duty_outside;
        }
        let around = weights.duty_days as i32;
        self.weight
            * match self.days.zip(days) {
                None => weights.duty_undated,
                Some(((first, last), (from, to))) if from <= last + around && to >= first - around => 1.0,
                Some(_) => weights.duty_outside,
            }
    }
}

/// His work on the gang's cases and companies, refuted or not: it speaks for him.
pub(super) fn duties(scope: &Scope<'_>, official: NodeIx) -> Vec<Duty> {
    let mut selves = BTreeSet::from([official]);
    selves.extend(scope.ball.twins(official).iter().map(|twin| twin.node));
    let mut duties = Vec::new();
    for &case in scope.ball.cases() {
        let suspects: BTreeSet<NodeIx> =
            scope.ball.ties(case, &[TieType::Suspect]).map(|tie| tie.from()).collect();
        for tie in scope.ball.ties(case, &[TieType::Handled, TieType::Reviewed]) {
            if selves.contains(&tie.from()) {
                let days = case_days(scope, case).or_else(|| span(tie.start(), tie.end()));
                duties.push(Duty {
                    tie: tie.ix(),
                    weight: of_role(scope.weights, tie),
                    days,
                    whom: suspects.clone(),
                });
            }
        }
    }
    for &front in scope.side.fronts.keys() {
        for tie in scope.ball.ties(front, &[TieType::Inspected, TieType::Licensed]) {
            if selves.contains(&tie.from()) {
                let days = span(tie.start(), tie.end());
                let weight = scope.weights.duty_permit;
                duties.push(Duty { tie: tie.ix(), weight, days, whom: BTreeSet::new() });
            }
        }
    }
    duties
}

/// Who investigates must speak with suspects; who judges must not.
fn of_role(weights: &Weights, tie: TieRef<'_>) -> f64 {
    match tie.role() {
        Some("investigator") => weights.duty_investigator,
        Some("prosecutor") => weights.duty_prosecutor,
        Some("judge") => weights.duty_judge,
        _ => weights.duty_supervisor,
    }
}

/// From when to when a case was open.
fn case_days(scope: &Scope<'_>, case: NodeIx) -> Option<(i32, i32)> {
    let day = |key: &str| scope.network().prop(case, key).and_then(|day| day.parse::<Date>().ok());
    span(day("opened"), day("closed"))
}

fn span(start: Option<Date>, end: Option<Date>) -> Option<(i32, i32)> {
    let first = start.or(end)?;
    let last = end.or(start)?;
    Some((first.first().0, last.last().0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duty_explains_contact_with_its_people_in_its_time() {
        let weights = Weights::default();
        let (suspect, other) = (NodeIx(1), NodeIx(2));
        let duty =
            Duty { tie: TieIx(0), weight: 0.8, days: Some((1000, 1100)), whom: BTreeSet::from([suspect]) };
        let is = |member, days, share: f64| {
            assert!((duty.explains(&weights, member, days) - 0.8 * share).abs() < 1e-12, "{days:?}");
        };
        is(suspect, Some((1050, 1050)), 1.0);
        is(suspect, Some((1190, 1190)), 1.0);
        is(suspect, Some((1191, 1191)), weights.duty_outside);
        is(suspect, None, weights.duty_undated);
        is(other, Some((1050, 1050)), weights.duty_outside);
    }
}
