//! Members who are on no list: whoever is again and again in contact with several who are.
//!
//! How often members know one another is read off the gang's own list: with so many of the others each is in
//! contact, against what numbers of contacts alone would bring. Somebody who knows them as its own people do is
//! likely one of them, and one call makes nobody a member. Whoever stands near an official is left to `broker`:
//! his contacts are a go-between's.
//!
//! What was refuted counts in expectations, and in who is thought of at all (`nominal`); not in how likely he is one.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::circles::Circles;
use super::contact::reach;
use super::contacts::contacts;
use super::globals::Globals;
use super::outcome::logistic;
use super::side::{Ground, Hold};
use super::weights::Weights;
use crate::model::{Kind, Layer};
use crate::network::ball::Ball;
use crate::network::{NodeIx, TieIx};

/// Who is less likely a member than this is none.
const LEAST: f64 = 0.05;
/// Who is at least so near to an official stands there as his go-between.
const NEAR: f64 = 0.25;
/// How much more contact its members have with one another than chance brings, at most.
const MOST_RATE: f64 = 40.0;
/// Calls and meetings with all of them, at least.
const REPEATED: u64 = 3;

/// Somebody who is likely a member, and how likely if every row were certain.
pub(super) struct Unlisted {
    pub hold: Hold,
    pub nominal: f64,
}

/// What passed between somebody and one member.
#[derive(Default)]
struct Touch {
    times: u64,
    /// How far it is real, and with a member.
    weight: f64,
    tie: Option<TieIx>,
}

/// Looks at everybody in contact with two of the gang's people or more.
pub(super) fn find(
    ball: &Ball<'_>,
    people: &BTreeMap<NodeIx, Hold>,
    circles: &Circles<'_>,
    globals: &Globals,
    weights: &Weights,
) -> BTreeMap<NodeIx, Unlisted> {
    let (touched, officials) = (touched(ball, people), Officials::of(circles));
    let chance = Chance::of(ball, people, globals, weights);
    let rate = chance.rate(ball, people, &touched);
    let unknown = weights.unlisted / (1.0 - weights.unlisted) * people.len() as f64;
    let prior = libm::log(unknown / globals.nodes_of(Kind::Person));
    let mut found = BTreeMap::new();
    for (&person, touches) in touched.iter().filter(|(person, _)| !people.contains_key(person)) {
        let times: u64 = touches.values().map(|touch| touch.times).sum();
        if touches.len() < 2 || times < REPEATED || !officials.leave(ball, person, weights) {
            continue;
        }
        // Who is on another gang's list is told by his own row: his ties to that gang are not read here.
        let elsewhere = ball.network().prop(person, "gang").is_some();
        let most = weights.member_contacts * if elsewhere { 0.2 } else { 1.0 };
        let expected = chance.members(reach(ball, person));
        // What a contact says that may not be real, or not with a member: the mean of its ratio and of 1.
        let says = |weight: f64| libm::log(1.0 + weight * (rate - 1.0));
        let likely = |weight: &dyn Fn(&Touch) -> f64| {
            let often = |touch: &Touch| if touch.times > 1 { 1.0 } else { weights.contact_once };
            let observed: f64 = touches.values().map(|touch| says(often(touch) * weight(touch))).sum();
            let ratio = observed - expected * (rate - 1.0);
            most.min(logistic(prior + weights.member_trust * ratio))
        };
        let nominal = likely(&|_| 1.0);
        if nominal >= LEAST {
            let ties = touches.values().filter_map(|touch| touch.tie).collect();
            let hold = Hold { likely: likely(&|touch| touch.weight), ties, ground: Ground::Inferred };
            found.insert(person, Unlisted { hold, nominal });
        }
    }
    found
}

/// Who was in contact with which of them, refuted contacts among them.
fn touched(ball: &Ball<'_>, people: &BTreeMap<NodeIx, Hold>) -> BTreeMap<NodeIx, BTreeMap<NodeIx, Touch>> {
    let mut touched: BTreeMap<NodeIx, BTreeMap<NodeIx, Touch>> = BTreeMap::new();
    for (&member, hold) in people {
        for contact in contacts(ball, member) {
            let touch = touched.entry(contact.with).or_default().entry(member).or_default();
            let weight = contact.worth * hold.likely;
            touch.times += u64::from(ball.network().tie(contact.tie).count());
            if weight > touch.weight {
                touch.tie = Some(contact.tie);
            }
            touch.weight = touch.weight.max(weight);
        }
    }
    touched
}

/// Who stands near anybody whom any row, refuted or not, takes for an official: that he is none must not make
/// his people members.
struct Officials<'c> {
    likely: &'c Circles<'c>,
    /// The circles of those whom too few rows take for one.
    doubted: OnceCell<Circles<'c>>,
}

impl<'c> Officials<'c> {
    fn of(likely: &'c Circles<'c>) -> Self {
        Self { likely, doubted: OnceCell::new() }
    }

    fn doubted(&self, ball: &'c Ball<'c>, weights: &'c Weights) -> &Circles<'c> {
        self.doubted.get_or_init(|| {
            let likely: BTreeSet<NodeIx> = self.likely.officials().collect();
            let doubted = ball.whole().iter().copied().filter(|&node| ball.is_official(node));
            Circles::of(
                ball,
                &doubted.filter(|node| !likely.contains(node)).collect::<Vec<_>>(),
                weights,
                self.likely.alike(),
                |_| false,
            )
        })
    }

    /// Whether somebody may be a member at all: no official, and nobody who stands near one.
    fn leave(&self, ball: &'c Ball<'c>, person: NodeIx, weights: &'c Weights) -> bool {
        let far = |circles: &Circles<'_>| circles.near(person).iter().all(|(_, near)| near.nominal < NEAR);
        ball.network().kind(person) == Kind::Person
            && !ball.is_official(person)
            && far(self.likely)
            && far(self.doubted(ball, weights))
    }
}

/// What numbers of contacts alone bring.
struct Chance {
    /// The share of all ends of contact that each of the gang's people has.
    shares: BTreeMap<NodeIx, f64>,
    district: f64,
}

impl Chance {
    fn of(ball: &Ball<'_>, people: &BTreeMap<NodeIx, Hold>, globals: &Globals, weights: &Weights) -> Self {
        let ends = globals.ends_of(Layer::Communication) + globals.ends_of(Layer::Social);
        let shares = people.keys().map(|&member| (member, reach(ball, member) / ends)).collect();
        Self { shares, district: weights.contact_district }
    }

    /// How many of the gang's people so many ends of contact bring.
    fn members(&self, ends: f64) -> f64 {
        self.shares.values().map(|share| self.one(ends, *share)).sum()
    }

    fn one(&self, ends: f64, share: f64) -> f64 {
        1.0 - libm::exp(-self.district * ends * share)
    }

    /// How much more contact the gang's people have with one another.
    fn rate(
        &self,
        ball: &Ball<'_>,
        people: &BTreeMap<NodeIx, Hold>,
        touched: &BTreeMap<NodeIx, BTreeMap<NodeIx, Touch>>,
    ) -> f64 {
        let met = people.keys().filter_map(|member| touched.get(member)).map(BTreeMap::len).sum::<usize>();
        let of = |member: &NodeIx| {
            let own = self.shares.get(member).copied().unwrap_or(0.0);
            let ends = reach(ball, *member);
            self.members(ends) - self.one(ends, own)
        };
        let expected: f64 = people.keys().map(of).sum();
        ((met as f64 + 2.0) / (expected + 2.0)).clamp(1.0, MOST_RATE)
    }
}

#[cfg(test)]
mod tests {
    use super::super::side::Side;
    use super::super::testing::Town;
    use super::super::tests::{outcome, pair, size};
    use super::super::towns::quiet;
    use super::*;
    use crate::model::TieType;

    /// A gang whose people ring one another up, and somebody whom so many of them ring up so often.
    fn town(members: usize, times: usize, to: &str) -> Town {
        let mut town = quiet();
        let others: Vec<String> = (0..300).map(|at| format!("q{at:03}")).collect();
        others.iter().for_each(|id| {
            town.people(&[id]);
        });
        for at in 0..300 {
            for step in [1, 7] {
                town.add(TieType::Call, &others[at], &others[(at + step) % 300], &[]);
            }
        }
        for a in 0..5 {
            for b in a + 1..5 {
                town.add(TieType::Call, &format!("m-g1-{a}"), &format!("m-g1-{b}"), &[("count", "3")]);
            }
        }
        for member in 0..members {
            let count = times.to_string();
            town.add(
                TieType::Call,
                &format!("m-g1-{member}"),
                to,
                &[("count", &*count), ("start", "2019-05")],
            );
        }
        town.add(TieType::Call, "o20", to, &[("count", "4"), ("start", "2019-06-01")]);
        town
    }

    /// How likely p50 is a member of g1, by his contacts.
    fn likely(town: &Town) -> f64 {
        likely_of(town, "p50")
    }

    fn likely_of(town: &Town, who: &str) -> f64 {
        let network = town.network();
        let ground = super::super::ground(&network, 1);
        let ball = Ball::of(&ground, network.node("g1").unwrap(), super::super::reaches());
        let weights = Weights::default();
        let circles = Circles::of(&ball, &super::super::officials(&ball), &weights, None, |_| true);
        let side = Side::of(&ball, &circles, &super::super::globals(&network), &weights);
        side.people.get(&network.node(who).unwrap()).map_or(0.0, |hold| hold.likely)
    }

    #[test]
    fn who_is_often_in_contact_with_several_members_is_likely_one_and_is_marked_so() {
        let town = town(4, 5, "p50");
        let likely = likely(&town);
        assert!(likely > 0.3 && likely <= Weights::default().member_contacts, "{likely}");
        let outcome = outcome(&town);
        let pair = pair(&outcome, "o20", "g1").unwrap();
        let told = |factor: &&super::super::Factor| factor.factor == "contact" && factor.inferred;
        assert!(pair.factors.iter().find(told).unwrap().log_odds > 0.0);
        let hops = pair.paths.iter().flat_map(|path| &path.hops);
        let by_call: Vec<_> = hops.filter(|hop| hop.from.as_str() == "p50").collect();
        assert!(by_call.iter().all(|hop| hop.to.as_str().starts_with("m-g1") && !hop.relations.is_empty()));
    }

    #[test]
    fn one_call_one_member_or_a_relative_of_an_official_makes_no_member() {
        assert!(likely(&town(4, 1, "p50")) < likely(&town(4, 5, "p50")), "once each");
        assert_eq!(likely(&town(2, 1, "p50")), 0.0, "two calls");
        assert_eq!(likely(&town(1, 9, "p50")), 0.0, "one member");
        let mut near = town(4, 5, "p50");
        near.add(TieType::Family, "o20", "p50", &[("role", "sibling")]);
        assert_eq!(likely(&near), 0.0, "his brother is a go-between");
        assert!(size(&outcome(&near), "o20", "broker") > 0.0);
    }

    #[test]
    fn who_rings_everybody_up_is_no_member_and_refuting_a_call_makes_nobody_likelier_one() {
        let mut busy = town(4, 2, "p50");
        for at in 0..300 {
            busy.add(TieType::Call, "p50", &format!("q{at:03}"), &[]);
        }
        assert_eq!(likely(&busy), 0.0);
        let town = town(4, 5, "p50");
        for row in
            town.rows.iter().filter(|tie| tie.ty == TieType::Call && tie.from.as_str().starts_with("m-g1"))
        {
            let mut refuted = town.clone();
            refuted.refute(row.claims[0].row.as_str());
            assert!(likely(&refuted) <= likely(&town));
        }
    }

    #[test]
    fn a_member_of_another_gang_is_hardly_one_of_this_and_a_refuted_duty_makes_no_member() {
        let elsewhere = likely_of(&town(4, 5, "m-g2-3"), "m-g2-3");
        assert!(elsewhere > 0.0 && elsewhere <= 0.2 * Weights::default().member_contacts, "{elsewhere}");
        let mut dutiful = town(4, 5, "p50");
        let rows: Vec<String> = ["ka", "kb"]
            .map(|case| {
                dutiful.entity(case, Kind::Case, crate::model::Table::Cases, &[]);
                dutiful.add(
                    TieType::Handled,
                    "p50",
                    case,
                    &[("role", "investigator"), ("decision", "charged")],
                )
            })
            .to_vec();
        dutiful.add(TieType::Family, "p50", "p51", &[("role", "sibling")]);
        dutiful.people(&["p51"]);
        for member in 0..4 {
            dutiful.add(TieType::Call, &format!("m-g1-{member}"), "p51", &[("count", "5")]);
        }
        let before = outcome(&dutiful);
        for row in rows {
            dutiful.refute(&row);
            assert_eq!(likely(&dutiful), 0.0);
        }
        let score =
            |outcome: &super::super::Outcome| pair(outcome, "o20", "g1").map_or(0.0, |pair| pair.score);
        assert!(score(&outcome(&dutiful)) <= score(&before));
    }
}
