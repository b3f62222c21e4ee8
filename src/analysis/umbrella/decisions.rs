//! Decisions of one official on the gang's matters, set against his others and his peers'.

use std::cell::LazyCell;
use std::collections::BTreeMap;

use super::chance;
use super::found::Scope;
use super::globals::{Globals, Tally, favour, pace, sector};
use super::paces::Paces;
use super::side::worth;
use crate::model::{Decision, TieType};
use crate::network::{NodeIx, TieIx, TieRef};

/// A record of decisions: on the gang's matters, and on others.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    /// Ties on the gang's matters, in order, with how far the matter is the gang's.
    pub ours: Vec<(TieIx, f64)>,
    /// Decisions in the gang's favour, and in all.
    pub favours: usize,
    pub decided: usize,
    /// Decisions in favour on other matters, and in all.
    pub other_favours: usize,
    pub other_decided: usize,
    /// The counts of his own decisions: peers are all but him.
    pub his: Globals,
    /// Ties on other matters.
    pub others: Vec<TieIx>,
    /// The log-likelihood ratio against peers' rates.
    pub against_peers: f64,
    /// The same against his own rate elsewhere, mixed with peers'.
    pub against_own: f64,
    /// Peers' rate, the mean over his decisions here.
    pub peers: f64,
    /// His own rate elsewhere, mixed with peers'.
    pub own: f64,
}

/// What decides whether a rate is out of the ordinary.
#[derive(Clone, Copy)]
pub(super) struct Rates {
    /// The rate in favour under an umbrella.
    pub under: f64,
    /// The rate where nothing is known of peers.
    pub base: f64,
}

impl Record {
    /// The record of an official (and of his likely doubles) in duties of these types. `ours` says
    /// how far a matter is
    /// the gang's, refuted or not; `None` where it is not.
    pub fn of(
        scope: &Scope<'_>,
        official: NodeIx,
        types: &[TieType],
        rates: Rates,
        ours: impl Fn(TieRef<'_>) -> Option<f64>,
    ) -> Self {
        let mut record = Self::default();
        let ball = scope.ball;
        let mut selves = vec![(official, 1.0)];
        selves.extend(ball.twins(official).iter().map(|twin| (twin.node, twin.probability)));
        for (node, likely) in selves {
            let own_sector = LazyCell::new(|| sector(scope.network(), node));
            for (tie, _, _) in ball.facing(node, types).filter(|(_, _, outward)| *outward) {
                let far = ours(tie);
                if far.is_some() || likely >= 0.5 {
                    record.his.tie_of(tie, *own_sector);
                }
                if let Some(far) = far {
                    record.ours.push((tie.ix(), far * likely));
                } else if likely == 1.0 {
                    record.others.push(tie.ix());
                    if let Some(yes) = tie.decision().and_then(favour) {
                        record.other_decided += 1;
                        record.other_favours += usize::from(yes);
                    }
                }
            }
        }
        record.weigh(scope, rates);
        record
    }

    fn weigh(&mut self, scope: &Scope<'_>, rates: Rates) {
        let shrink = scope.weights.shrink;
        for (ix, far) in self.ours.clone() {
            let tie = scope.tie(ix);
            let Some(yes) = tie.decision().and_then(favour) else { continue };
            let sector = sector(scope.network(), tie.from());
            let peers = scope.globals.peers(tie, sector, rates.base, shrink, &self.his);
            let own = (self.other_favours as f64 + shrink * peers) / (self.other_decided as f64 + shrink);
            // What speaks for the umbrella is weighed by its tie; what speaks against counts whole.
            self.decision(yes, if yes { far * worth(tie) } else { 1.0 }, peers, own, rates.under);
        }
    }

    /// One decision on the gang's matters more, against peers' rate and his own.
    fn decision(&mut self, yes: bool, weight: f64, peers: f64, own: f64, under: f64) {
        let before = self.decided as f64;
        self.decided += 1;
        self.favours += usize::from(yes);
        self.peers = (self.peers * before + peers) / (before + 1.0);
        self.own = (self.own * before + own) / (before + 1.0);
        self.against_peers += weight * ratio(yes, peers, under);
        self.against_own += weight * ratio(yes, own, under);
    }

    /// A signature under a case of the gang, which no row of a tie tells of.
    pub fn sign(&mut self, scope: &Scope<'_>, rates: Rates, none: bool) {
        let shrink = scope.weights.shrink;
        let peers = scope.globals.others("reviewed//", &self.his).rate(rates.base, shrink);
        let own = (self.other_favours as f64 + shrink * peers) / (self.other_decided as f64 + shrink);
        self.decision(none, 1.0, peers, own, rates.under);
    }

    /// The log of the chance that so much favour fell on the gang's matters, if which of his decisions
    /// fell there was random: kind by kind, his caseload and what he decided given. Where he decided
    /// fewer than [`LEAST_OTHERS`] others of a kind, colleagues' favours stand in. `None` where he
    /// decided nothing.
    pub fn tail(&self, scope: &Scope<'_>, official: NodeIx) -> Option<f64> {
        let mut kinds: BTreeMap<(TieType, &str), [Vec<u64>; 2]> = BTreeMap::new();
        let his = self.his.paces();
        let ours = self.ours.iter().map(|(tie, _)| (0, *tie));
        for (at, tie) in ours.chain(self.others.iter().map(|tie| (1, *tie))) {
            let tie = scope.tie(tie);
            if let Some(grade) = grade(scope, tie, &his).filter(|_| tie.from() == official) {
                kinds.entry((tie.ty(), tie.role().unwrap_or(""))).or_default()[at].push(grade);
            }
        }
        let (mut sums, mut observed) = (vec![1.0], 0);
        for ((ty, role), [ours, others]) in kinds.iter().filter(|(_, [ours, _])| !ours.is_empty()) {
            let (counts, seen) = if others.len() >= LEAST_OTHERS {
                (tally(ours.iter().chain(others)), ours.iter().sum::<u64>())
            } else {
                let yes = ours.iter().filter(|grade| **grade > 0).count() as u64;
                let like = self.like(scope, official, *ty, role);
                let no = ours.len() as u64 - yes + like.all - like.yes;
                ([no, yes + like.yes, 0], yes)
            };
            sums = chance::together(&sums, &chance::scored_sums(ours.len() as u64, counts));
            observed += seen;
        }
        (sums.len() > 1).then(|| chance::scored_tail(&sums, observed))
    }

    /// Colleagues' decisions of a kind: of his sector where there are some, else anywhere.
    fn like(&self, scope: &Scope<'_>, official: NodeIx, ty: TieType, role: &str) -> Tally {
        let key = |sector: &str| format!("{}/{role}/{sector}", ty.code());
        let of_sector = scope.globals.others(&key(sector(scope.network(), official)), &self.his);
        if of_sector.all as usize >= LEAST_OTHERS {
            of_sector
        } else {
            scope.globals.others(&key(""), &self.his)
        }
    }
}

/// Fewer other decisions of a kind than this are no record to compare with.
const LEAST_OTHERS: usize = 3;

/// How many of each grade.
fn tally<'a>(grades: impl Iterator<Item = &'a u64>) -> [u64; 3] {
    let mut counts = [0; 3];
    for grade in grades {
        if let Some(count) = counts.get_mut(*grade as usize) {
            *count += 1;
        }
    }
    counts
}

/// How far a decision went somebody's way: 0, 1, or 2 where an inspection was waived altogether or a
/// permit was granted as fast as others' fastest quarter. Others' paces are not his: the line is given.
fn grade(scope: &Scope<'_>, tie: TieRef<'_>, his: &Paces) -> Option<u64> {
    let decision = tie.decision()?;
    let yes = favour(decision)?;
    let fast = || pace(tie).is_some_and(|days| scope.paces.as_fast(days, his) < 0.25);
    Some(match (yes, decision) {
        (false, _) => 0,
        (true, Decision::Waived) => 2,
        (true, Decision::Granted) if fast() => 2,
        (true, _) => 1,
    })
}

/// The log-likelihood ratio of one decision.
fn ratio(yes: bool, base: f64, under: f64) -> f64 {
    let base = base.clamp(0.03, 0.97);
    // Where the usual is already as lenient as an umbrella would be, nothing can be told.
    let under = under.max(base);
    if yes { libm::log(under / base) } else { libm::log((1.0 - under).max(0.02) / (1.0 - base)) }
}
