//! Decisions of one official on the gang's matters, set against his others and his peers'.

use super::found::Scope;
use super::globals::{Globals, favour, sector};
use super::side::worth;
use crate::model::TieType;
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
            for tie in ball.ties(node, types).filter(|tie| tie.from() == node) {
                let far = ours(tie);
                if far.is_some() || likely >= 0.5 {
                    record.his.tie(scope.network(), tie);
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
        for &(ix, far) in &self.ours {
            let tie = scope.tie(ix);
            let Some(yes) = tie.decision().and_then(favour) else { continue };
            let sector = sector(scope.network(), tie.from());
            let peers = scope.globals.peers(tie, sector, rates.base, shrink, &self.his);
            let own = (self.other_favours as f64 + shrink * peers) / (self.other_decided as f64 + shrink);
            self.decided += 1;
            self.favours += usize::from(yes);
            self.peers += peers;
            self.own += own;
            // What speaks for the umbrella is weighed by its tie; what speaks against counts whole.
            let weight = if yes { far * worth(tie) } else { 1.0 };
            self.against_peers += weight * ratio(yes, peers, rates.under);
            self.against_own += weight * ratio(yes, own, rates.under);
        }
        let count = self.decided.max(1) as f64;
        (self.peers, self.own) = (self.peers / count, self.own / count);
    }

    /// The log of the chance of so many favours if decisions were dealt at random: among his own
    /// and, whichever is more, among his peers' like decisions.
    pub fn tail(&self, peers: super::globals::Tally) -> f64 {
        let (k, n) = (self.favours as u64, self.decided as u64);
        let (own_yes, own_all) = (k + self.other_favours as u64, n + self.other_decided as u64);
        let own = super::chance::hypergeometric_tail(k, n, own_yes, own_all);
        // His own decisions here are among the peers' as well.
        let pool = super::chance::hypergeometric_tail(k, n, peers.yes.max(k), peers.all.max(n));
        if self.other_decided >= 3 { own.max(pool) } else { pool }
    }
}

/// The log-likelihood ratio of one decision.
fn ratio(yes: bool, base: f64, under: f64) -> f64 {
    let base = base.clamp(0.03, 0.97);
    // Where the usual is already as lenient as an umbrella would be, nothing can be told.
    let under = under.max(base);
    if yes { libm::log(under / base) } else { libm::log((1.0 - under).max(0.02) / (1.0 - base)) }
}
