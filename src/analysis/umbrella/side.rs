//! The gang's side: who and what belongs to it, and how likely.

use std::collections::BTreeMap;

use super::circles::Circles;
use super::globals::Globals;
use super::unlisted;
use super::weights::Weights;
use crate::model::{Date, Kind, Status, TieType};
use crate::network::ball::Ball;
use crate::network::{NodeIx, TieIx, TieRef};

/// What says that a node is the gang's, the surest first. Refuting changes how likely it is, not this.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ground {
    /// A row says so.
    Stated,
    /// Rows only suspect it.
    Suspected,
    /// No row says so: it is a suspect, somebody often in contact with members, a company of a member or of
    /// another company of the gang's, a likely second record.
    #[default]
    Inferred,
}

impl Ground {
    fn of(tie: TieRef<'_>) -> Self {
        let stated = tie.claims().any(|claim| claim.status() == Status::Confirmed);
        if stated { Self::Stated } else { Self::Suspected }
    }
}

/// How far a node belongs to the gang, and by which ties. What was refuted stays, with 0: it counts
/// in expectations.
#[derive(Clone, Debug, Default)]
pub(super) struct Hold {
    pub likely: f64,
    pub ties: Vec<TieIx>,
    pub ground: Ground,
}

impl Hold {
    /// Whether no row says so.
    pub fn inferred(&self) -> bool {
        self.ground == Ground::Inferred
    }
}

/// A raid on the gang.
#[derive(Clone, Debug)]
pub(super) struct Raid {
    pub event: NodeIx,
    pub date: Option<Date>,
    pub empty: Option<bool>,
    /// What the ties that say whom it was for are worth.
    pub worth: f64,
    pub ties: Vec<TieIx>,
}

/// Everything that is the gang's.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub gang: NodeIx,
    pub people: BTreeMap<NodeIx, Hold>,
    pub fronts: BTreeMap<NodeIx, Hold>,
    pub raids: Vec<Raid>,
    /// Who is on no list and told by his contacts, with how likely if every row were certain.
    unlisted: BTreeMap<NodeIx, f64>,
}

/// What a tie is worth as evidence: the root of its strength, 0 when it is refuted. The root, since
/// a chain of four ties of fair grade would otherwise count for nothing.
pub(super) fn worth(tie: TieRef<'_>) -> f64 {
    if tie.status() == Status::Refuted { 0.0 } else { libm::sqrt(tie.strength()) }
}

impl Side {
    /// Reads the gang's side from its ball.
    pub fn of(ball: &Ball<'_>, circles: &Circles<'_>, globals: &Globals, weights: &Weights) -> Self {
        let (people, fronts, unlisted) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut side = Self { gang: ball.gang(), people, fronts, unlisted, raids: Vec::new() };
        side.members(ball);
        side.suspects(ball, weights);
        side.twins(ball);
        for (person, found) in unlisted::find(ball, &side.people, circles, globals, weights) {
            side.unlisted.insert(person, found.nominal);
            side.people.insert(person, found.hold);
        }
        side.companies(ball, weights);
        side.raids = raids(ball, &side);
        side
    }

    /// How far a node belongs to the gang.
    pub fn likely(&self, node: NodeIx) -> f64 {
        if node == self.gang { 1.0 } else { self.hold(node).map_or(0.0, |hold| hold.likely) }
    }

    /// How far one of its people would be, were every row certain: what he counts in expectations.
    pub fn nominal(&self, person: NodeIx) -> f64 {
        self.unlisted.get(&person).copied().unwrap_or(1.0)
    }

    /// Whether a node is put down to the gang at all, refuted or not.
    pub fn belongs(&self, node: NodeIx) -> bool {
        node == self.gang || self.hold(node).is_some()
    }

    /// Whether a row says that a node is the gang's: what is only suspected (control that nobody has
    /// confirmed) or inferred may stand between the gang and others like any go-between.
    pub fn is_stated(&self, node: NodeIx) -> bool {
        node == self.gang || self.hold(node).is_some_and(|hold| hold.ground == Ground::Stated)
    }

    /// Why a node belongs to the gang.
    pub fn hold(&self, node: NodeIx) -> Option<&Hold> {
        self.people.get(&node).or_else(|| self.fronts.get(&node))
    }

    /// The gang, its people and its companies.
    pub fn nodes(&self) -> impl Iterator<Item = NodeIx> + '_ {
        std::iter::once(self.gang).chain(self.people.keys().copied()).chain(self.fronts.keys().copied())
    }

    fn members(&mut self, ball: &Ball<'_>) {
        for tie in ball.ties(self.gang, &[TieType::Member]) {
            let loose = if tie.role() == Some("associate") { 0.7 } else { 1.0 };
            join(
                self.people.entry(tie.from()).or_default(),
                worth(tie) * loose,
                &[tie.ix()],
                Ground::of(tie),
            );
        }
    }

    /// Suspects in the gang's cases who are on no list: likely, not certain.
    fn suspects(&mut self, ball: &Ball<'_>, weights: &Weights) {
        let mut cases: BTreeMap<NodeIx, Vec<TieRef<'_>>> = BTreeMap::new();
        for &case in ball.cases() {
            for tie in ball.ties(case, &[TieType::Suspect]) {
                cases.entry(tie.from()).or_default().push(tie);
            }
        }
        for (person, ties) in cases {
            if super::officials::likely(ball, person) > 0.0 || self.people.contains_key(&person) {
                continue;
            }
            let likely = if ties.len() > 1 { weights.member_more_cases } else { weights.member_one_case };
            let elsewhere = ball.ties(person, &[TieType::Member]).any(|tie| tie.to() != self.gang);
            let best = ties.iter().map(|tie| worth(*tie)).fold(0.0, f64::max);
            let likely = likely * best * if elsewhere { 0.2 } else { 1.0 };
            let ties = ties.iter().map(|tie| tie.ix()).collect();
            self.people.insert(person, Hold { likely, ties, ground: Ground::Inferred });
        }
    }

    fn twins(&mut self, ball: &Ball<'_>) {
        let people: Vec<(NodeIx, Hold)> =
            self.people.iter().map(|(node, hold)| (*node, hold.clone())).collect();
        for (person, hold) in people {
            for twin in ball.twins(person) {
                let other = self.people.entry(twin.node).or_default();
                if other.likely < hold.likely * twin.probability {
                    let likely = hold.likely * twin.probability;
                    *other = Hold { likely, ties: hold.ties.clone(), ground: Ground::Inferred };
                }
            }
        }
    }

    fn companies(&mut self, ball: &Ball<'_>, weights: &Weights) {
        for tie in ball.ties(self.gang, &[TieType::Controls]) {
            join(self.fronts.entry(tie.to()).or_default(), worth(tie), &[tie.ix()], Ground::of(tie));
        }
        // What its people hold, and what those companies hold, one step on.
        let mut owned: BTreeMap<NodeIx, Hold> = BTreeMap::new();
        for (&owner, hold) in self.people.iter().chain(&self.fronts) {
            for (company, likely, ties) in holds(ball, weights, owner, hold) {
                join(owned.entry(company).or_default(), likely, &ties, Ground::Inferred);
            }
        }
        for (company, hold) in owned {
            let foreign = |tie: TieRef<'_>| tie.from() != self.gang && !self.belongs(tie.from());
            let others = ball.ties(company, &[TieType::Controls]).any(foreign);
            if !others && !self.fronts.contains_key(&company) {
                self.fronts.insert(company, hold);
            }
        }
    }
}

/// The companies that somebody or something of the gang's owns, directs or is on record as controlling, with how
/// far that makes each the gang's.
fn holds(ball: &Ball<'_>, weights: &Weights, owner: NodeIx, hold: &Hold) -> Vec<(NodeIx, f64, Vec<TieIx>)> {
    const OWNS: &[TieType] = &[TieType::Ownership, TieType::Directorship, TieType::Controls];
    let company = |tie: &TieRef<'_>| tie.from() == owner && ball.network().kind(tie.to()) == Kind::Company;
    let own = |tie: TieRef<'_>| {
        let far = match tie.ty() {
            TieType::Controls => weights.front_by_control,
            _ if tie.share().is_none_or(|share| share >= 25.0) => weights.front_by_member,
            _ => return None,
        };
        let ties = hold.ties.iter().copied().chain([tie.ix()]).collect();
        Some((tie.to(), far * hold.likely * worth(tie), ties))
    };
    ball.ties(owner, OWNS).filter(company).filter_map(own).collect()
}

/// Joins one more reason to a hold, as a noisy-or.
fn join(hold: &mut Hold, likely: f64, ties: &[TieIx], ground: Ground) {
    hold.ground = hold.ground.min(ground);
    hold.likely = 1.0 - (1.0 - hold.likely) * (1.0 - likely);
    hold.ties.extend(ties.iter().filter(|tie| !hold.ties.contains(tie)).copied().collect::<Vec<_>>());
}

/// Raids on the gang, its people or its companies, by day.
fn raids(ball: &Ball<'_>, side: &Side) -> Vec<Raid> {
    let mut events: BTreeMap<NodeIx, Vec<TieIx>> = BTreeMap::new();
    for node in side.nodes() {
        for tie in ball.ties(node, &[TieType::Targets]).filter(|tie| tie.to() == node) {
            events.entry(tie.from()).or_default().push(tie.ix());
        }
    }
    let network = ball.network();
    let raid = |(event, ties): (NodeIx, Vec<TieIx>)| Raid {
        event,
        date: network.prop(event, "date").and_then(|date| date.parse().ok()),
        empty: network.prop(event, "outcome").map(|outcome| outcome == "empty"),
        worth: ties.iter().map(|tie| worth(network.tie(*tie))).fold(0.0, f64::max),
        ties,
    };
    events.into_iter().map(raid).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{outcome, pair};
    use super::super::towns::quiet;
    use super::*;
    use crate::model::{Kind, Table};

    #[test]
    fn what_a_company_of_the_gangs_owns_or_a_member_controls_is_the_gangs_as_far_as_that_says() {
        for (owner, ty, share) in [
            ("c-g1", TieType::Ownership, "60"),
            ("c-g1", TieType::Ownership, "10"),
            ("m-g1-2", TieType::Controls, ""),
        ] {
            let mut town = quiet();
            town.entity("daughter", Kind::Company, Table::Organisations, &[]);
            town.add(ty, owner, "daughter", &[("share", share)]);
            town.add(TieType::Family, "o20", "p50", &[("role", "spouse")]);
            town.add(TieType::Ownership, "p50", "daughter", &[("share", "30")]);
            let outcome = outcome(&town);
            let found = pair(&outcome, "o20", "g1");
            let share_there =
                found.and_then(|pair| pair.factors.iter().find(|factor| factor.factor == "kin_front"));
            match share {
                "10" => assert!(share_there.is_none(), "a small share"),
                _ => assert!(
                    share_there.is_some_and(|factor| factor.log_odds > 0.5 && factor.inferred),
                    "{owner}"
                ),
            }
        }
    }
}
