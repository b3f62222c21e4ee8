//! A gang's money on its way: runs of payments that fit in amount and delay.
//!
//! A run is told from its furthest source: what leads from one of the gang's own to a company that is
//! only suspected to be the gang's, and from there on, is one run, and the part from the company onward
//! is no second one. It weighs as much as the surest of its starts makes it: as money of the gang passed
//! on by a quiet go-between, or as money of the company, as far as that is the gang's.

use std::collections::BTreeMap;

use super::flows::{Flow, Flows};
use super::side::Side;
use super::weights::Weights;
use crate::model::TieType;
use crate::network::NodeIx;
use crate::network::ball::Ball;

/// Payments in a run, at most: three go-betweens.
const MOST_PAYMENTS: usize = 4;
/// Days that a hop may seem to take less than none: days are written down late.
pub(super) const DAYS_BEFORE: i32 = 2;
/// Days that a hop may take, at most: further a gang's reach does not follow its money.
pub(super) const HOP_DAYS: i32 = 31;
/// Runs of one gang that are followed, at most; past it the gang's money says nothing new.
const MOST_RUNS: usize = 200_000;
/// Go-betweens less narrow than this end a run: a bank pays everybody.
const NARROWEST: f64 = 0.03;

/// A run of which something is left.
#[derive(Debug)]
pub(super) struct Run {
    pub payer: NodeIx,
    pub steps: Vec<Flow>,
    /// Who of the gang's side makes it weigh so much: the payer, or a go-between that is likely the gang's.
    pub source: NodeIx,
    pub weight: f64,
    /// The same, were all go-betweens quiet.
    pub naive: f64,
    /// What it adds to the weight of all runs.
    pub chance: f64,
}

impl Run {
    /// The nodes it goes over, in order.
    pub fn nodes(&self) -> Vec<NodeIx> {
        std::iter::once(self.payer).chain(self.steps.iter().map(|step| step.to)).collect()
    }
}

/// What one gang's money did.
#[derive(Debug, Default)]
pub(super) struct Traced {
    /// Runs by the node they end at.
    pub ends: BTreeMap<NodeIx, Vec<Run>>,
    /// The weight of all runs, refuted or not: what speaks against chance must not make chance rarer.
    pub total: f64,
}

impl Traced {
    /// Follows the gang's money outward, as far as it fits.
    pub fn of(ball: &Ball<'_>, side: &Side, weights: &Weights) -> Self {
        let flows = Flows::new(ball, weights.hub_ties);
        let mut tracer = Tracer::new(ball, side, weights, &flows);
        for payer in side.nodes() {
            for flow in flows.out(payer).iter().filter(|flow| !side.is_stated(flow.to)) {
                tracer.follow(payer, &mut vec![*flow]);
            }
        }
        tracer.traced
    }
}

/// What a run is worth from one of its nodes on.
struct Worth {
    source: NodeIx,
    weight: f64,
    naive: f64,
    chance: f64,
}

struct Tracer<'a> {
    ball: &'a Ball<'a>,
    side: &'a Side,
    weights: &'a Weights,
    flows: &'a Flows<'a>,
    /// What the gang's side paid to those of its side who may be go-betweens.
    within: BTreeMap<NodeIx, Vec<(NodeIx, Flow)>>,
    count: usize,
    traced: Traced,
}

impl<'a> Tracer<'a> {
    fn new(ball: &'a Ball<'a>, side: &'a Side, weights: &'a Weights, flows: &'a Flows<'a>) -> Self {
        let mut within: BTreeMap<NodeIx, Vec<(NodeIx, Flow)>> = BTreeMap::new();
        for payer in side.nodes().filter(|payer| side.likely(*payer) > 0.0) {
            for flow in flows.out(payer).iter() {
                if side.belongs(flow.to) && !side.is_stated(flow.to) && flow.worth > 0.0 {
                    within.entry(flow.to).or_default().push((payer, *flow));
                }
            }
        }
        Self { ball, side, weights, flows, within, count: 0, traced: Traced::default() }
    }

    /// Takes one run in, and follows it as far as it fits.
    fn follow(&mut self, payer: NodeIx, steps: &mut Vec<Flow>) {
        let Some(last) = steps.last() else { return };
        let (node, flows) = (last.to, self.flows);
        self.count += 1;
        if self.count > MOST_RUNS {
            return;
        }
        if !self.goes_on(payer, steps) {
            self.take(payer, steps);
        }
        if steps.len() == MOST_PAYMENTS || flows.narrow(node) < NARROWEST {
            return;
        }
        for next in flows.out(node).iter() {
            let back = next.to == payer
                || steps.iter().any(|step| step.to == next.to)
                || self.side.is_stated(next.to);
            let passed_on = steps.last().map_or(0.0, |last| fits(self.weights, last, next)) > 0.0;
            if !back && passed_on {
                steps.push(*next);
                self.follow(payer, steps);
                steps.pop();
            }
        }
    }

    /// Whether a run is the end of one that is told from further back.
    fn goes_on(&self, payer: NodeIx, steps: &[Flow]) -> bool {
        let Some(first) = steps.first() else { return false };
        let before = self.within.get(&payer).into_iter().flatten();
        steps.len() < MOST_PAYMENTS
            && self.flows.narrow(payer) >= NARROWEST
            && before.into_iter().any(|(source, flow)| {
                steps.iter().all(|step| step.to != *source) && fits(self.weights, flow, first) > 0.0
            })
    }

    fn take(&mut self, payer: NodeIx, steps: &[Flow]) {
        let mut best = self.worth(payer, steps);
        // Money that did not come this far is not told over it.
        let mut sound = self.side.likely(payer) > 0.0;
        for (at, step) in steps.iter().enumerate().take(steps.len() - 1) {
            sound &= step.worth > 0.0;
            if self.side.belongs(step.to) {
                let other = self.worth(step.to, &steps[at + 1..]);
                best.chance = best.chance.max(other.chance);
                if sound && other.weight > best.weight {
                    (best.source, best.weight) = (other.source, other.weight);
                }
                if sound {
                    best.naive = best.naive.max(other.naive);
                }
            }
        }
        self.traced.total += best.chance;
        let Some(last) = steps.last() else { return };
        if best.weight > 0.0 {
            let Worth { source, weight, naive, chance } = best;
            let run = Run { payer, steps: steps.to_vec(), source, weight, naive, chance };
            self.traced.ends.entry(last.to).or_default().push(run);
        }
    }

    /// What payments are worth that set out from somebody of the gang's side.
    fn worth(&self, source: NodeIx, steps: &[Flow]) -> Worth {
        let between = steps.iter().take(steps.len() - 1);
        let narrow: f64 = between.map(|step| self.flows.narrow(step.to)).product();
        let likely = self.side.likely(source) * steps.iter().map(|step| step.worth).product::<f64>();
        let fit: f64 = steps.windows(2).map(|pair| fits(self.weights, &pair[0], &pair[1])).product();
        let direct = match steps {
            [only] => self.direct(source, only),
            _ => 1.0,
        };
        let naive = likely * fit * direct;
        Worth { source, weight: naive * narrow, naive, chance: fit * direct * narrow }
    }

    /// What a payment straight from the gang's side says: little from those who pay many, and almost
    /// nothing when it is a wage or comes again and again in the same amount.
    fn direct(&self, payer: NodeIx, flow: &Flow) -> f64 {
        let (ball, weights) = (self.ball, self.weights);
        let hired = |node: NodeIx| {
            ball.ties(node, &[TieType::Employment]).any(|tie| tie.from() == node && tie.to() == payer)
        };
        if flow.ty == TieType::Payment && hired(flow.to) {
            return weights.money_wage;
        }
        let out = self.flows.out(payer);
        let same = out.iter().filter(|f| f.to == flow.to && f.amount == flow.amount).count();
        let regular = if flow.ty == TieType::Payment && same >= 3 { weights.money_regular } else { 1.0 };
        let gift = if flow.ty == TieType::Gift { 1.0 } else { weights.money_direct };
        gift * regular * self.flows.narrow(payer).max(0.1)
    }
}

/// Whether a payment may be the other's money passed on: 1 when amount and delay fit, less where
/// one of them is unknown, 0 when they do not. Order that cannot be told speaks for nobody.
fn fits(weights: &Weights, first: &Flow, next: &Flow) -> f64 {
    let amount = match first.amount.zip(next.amount) {
        Some((a, b)) if a > 0.0 => {
            let kept = b / a;
            if kept < weights.keep_least || kept > weights.keep_most {
                return 0.0;
            }
            1.0
        }
        _ => weights.money_unclear,
    };
    let delay = match first.days.zip(next.days) {
        Some(((a_first, a_last), (b_first, b_last))) => {
            let (least, most) = (f64::from(b_first.0 - a_last.0), f64::from(b_last.0 - a_first.0));
            let exact = a_first == a_last && b_first == b_last;
            if most < -f64::from(DAYS_BEFORE) || least > weights.hop_days.min(f64::from(HOP_DAYS)) {
                return 0.0;
            }
            if exact { 1.0 } else { weights.money_unclear }
        }
        None => weights.money_unclear,
    };
    amount * delay
}
