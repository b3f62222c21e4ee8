//! Who signed a case off, as its own columns and steps say it: a closing like a `reviewed` row, for
//! cases where nobody wrote such a row.

use std::collections::BTreeSet;

use super::found::Scope;
use crate::model::{Date, TieType};
use crate::network::{NodeIx, StepRow};

/// One signature under a finding.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Signature {
    pub by: NodeIx,
    pub case: NodeIx,
    pub day: Option<Date>,
    /// Whether it says that nobody stood behind; otherwise that somebody did.
    pub none: bool,
    /// The step's row, or the case's own.
    pub row: String,
}

/// The signatures on the gang's cases, in case order. What a `reviewed` row of the same official says
/// of the same case is the same closing, and is left to it.
pub(super) fn signatures(scope: &Scope<'_>) -> Vec<Signature> {
    let cases = scope.ball.cases().iter();
    let all = cases.filter_map(|&case| of_steps(scope, case).unwrap_or_else(|| of_columns(scope, case)));
    all.filter(|signature| !is_reviewed(scope, signature)).collect()
}

/// The last signing that steps tell of, if any does. Where a unit signed, or somebody of whom the ball knows nothing,
/// it is none of an official near the gang, and no earlier one stands in for it.
fn of_steps(scope: &Scope<'_>, case: NodeIx) -> Option<Option<Signature>> {
    let network = scope.network();
    let steps = network.steps_of(case).iter().rev().filter(|step| step.step == "signed_off");
    let past = |step: &&StepRow| network.as_of().is_none_or(|day| step.date.first() <= day.last());
    steps.filter(past).find_map(|step| {
        let value =
            |name: &str| step.props.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let (by, none) = (value("by")?, finding(value("value"))?);
        let row = step.row.clone();
        Some(network.node(by).map(|by| Signature { by, case, day: Some(step.date), none, row }))
    })
}

fn of_columns(scope: &Scope<'_>, case: NodeIx) -> Option<Signature> {
    let network = scope.network();
    let by = network.node(network.prop(case, "signed_by")?)?;
    let day = network.prop(case, "signed").and_then(|day| day.parse::<Date>().ok());
    let signed = network.as_of().is_none_or(|as_of| day.is_none_or(|day| day.first() <= as_of.last()));
    let none = finding(network.prop(case, "umbrella_finding")).filter(|_| signed)?;
    Some(Signature { by, case, day, none, row: network.id(case).to_owned() })
}

fn finding(value: Option<&str>) -> Option<bool> {
    match value? {
        "none" => Some(true),
        "found" => Some(false),
        _ => None,
    }
}

/// Whether a row of its own says what he decided. The tie that an import writes for a signature says
/// who signed, and no decision: that stands in the case.
fn is_reviewed(scope: &Scope<'_>, signature: &Signature) -> bool {
    let mut selves = BTreeSet::from([signature.by]);
    selves.extend(scope.ball.twins(signature.by).iter().map(|twin| twin.node));
    let mut reviews = scope.ball.ties(signature.case, &[TieType::Reviewed]);
    reviews.any(|tie| selves.contains(&tie.from()) && tie.decision().is_some())
}
