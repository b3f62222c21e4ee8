//! How far each mechanism reads, as tables (see [`crate::network::reach`]).
//!
//! All start from the gang and its cases and read the gang's own side first ([`SIDE`]). Then each goes
//! its own way outward: over roles and work around the gang ([`WORK`]), along its money ([`MONEY`]),
//! over contacts ([`CONTACTS`]). Whoever any of them met may be an official, or an official's relative or
//! friend: [`KIN`] and [`FRIENDS`] look for those, and open nobody on the way. Last, of every official
//! that was met the own work is read whole, whatever his cap, and his circle ([`OFFICIAL`], [`CIRCLE`]).
//!
//! A way is no wider than what its mechanism counts (four payments, two contacts, three steps of
//! kinship): everything wider would be read for nothing, and in a city of a million people three
//! contacts are half of it.

use crate::model::Kind::{
    self, Account, Address, Case, Company, Event, Gang, Lead, Organisation, Person, Phone,
};
use crate::model::TieType;
use crate::model::TieType::{
    About, Associate, Attended, Briefed, Call, Controls, Directorship, Employment, Family, Gift, Handled,
    Holder, Inspected, Licensed, Meeting, Member, Ownership, Payment, Post, Protects, Reviewed, Same,
    Suspect, Targets,
};
use crate::network::reach::{Opens, Passing, Reach, Reaches, Rule, Stage, Start, Way};

use super::runs::{DAYS_BEFORE, HOP_DAYS};

/// Ties that a go-between may have before he is a hub whose ways say nothing.
const HUB: u32 = 400;

/// When money may be passed on: a run of payments has no slower hop (`runs`).
const PASSED_ON: Passing = Passing { before: DAYS_BEFORE, after: HOP_DAYS };

const ACTORS: &[Kind] = &[Person, Company, Organisation, Gang];
const PAYERS: &[Kind] = &[Person, Company, Organisation, Gang, Account];

const fn rule(from: &'static [Kind], types: &'static [TieType], way: Way, to: &'static [Kind]) -> Rule {
    Rule { from, types, way, to }
}

/// One hop from everything reached; all is opened.
const fn near(rules: &'static [Rule]) -> Stage {
    Stage {
        start: Start::Reached,
        hops: 1,
        own: &[],
        rules,
        held: &[],
        cap: None,
        officials_only: false,
        opens: Opens::All,
        passing: None,
    }
}

/// So many hops from everything reached, opened for these ties, hubs left closed.
const fn far(hops: u8, types: &'static [TieType], rules: &'static [Rule]) -> Stage {
    Stage { hops, cap: Some(HUB), opens: Opens::Only(types), ..near(rules) }
}

/// The gang's own ties, and its cases'.
const SIDE: Stage = near(&[
    rule(&[Gang], &[Member, Targets, About, Protects], Way::In, &[]),
    rule(&[Gang], &[Controls, Payment, Gift, Ownership, Holder], Way::Out, &[]),
    rule(&[Case], &[Suspect, Handled, Reviewed], Way::In, &[]),
]);

/// The gang's people and what is its own: where its money and its contacts start. Whoever worked on its
/// cases is not of its side, and his calls are none of the gang's.
const PEOPLE: Stage = near(&[
    rule(&[Gang], &[Member, Protects], Way::In, &[]),
    rule(&[Gang], &[Controls, Payment, Gift, Ownership, Holder], Way::Out, &[]),
    rule(&[Case], &[Suspect], Way::In, &[]),
]);

/// Who the gang's people are as well, and what they own.
const OWN: Stage = near(&[
    rule(&[Person], &[Same], Way::Both, &[Person]),
    rule(&[Person, Company], &[Ownership, Directorship, Controls], Way::Out, &[Company]),
]);

/// The ties of its people and companies, of raids and reports.
const AROUND: Stage = near(&[
    rule(&[Person], &[Suspect, Ownership, Directorship, Member], Way::Out, &[]),
    rule(&[Person], &[Targets, About], Way::In, &[]),
    rule(
        &[Company],
        &[Ownership, Directorship, Employment, Targets, About, Inspected, Licensed, Controls],
        Way::In,
        &[],
    ),
    rule(&[Event], &[Briefed], Way::In, &[]),
    rule(&[Lead], &[Reviewed], Way::In, &[]),
    rule(&[Lead], &[About], Way::Out, &[]),
]);

/// What stands around companies, raids and reports that were met around.
const FURTHER: Stage = far(
    1,
    &[Ownership, Directorship, Controls, Briefed, Reviewed, About, Targets],
    &[
        rule(&[Company], &[Ownership, Directorship, Controls], Way::In, &[]),
        rule(&[Event], &[Briefed], Way::In, &[]),
        rule(&[Lead], &[Reviewed], Way::In, &[]),
        rule(&[Lead], &[About], Way::Out, &[]),
    ],
);

/// Money onward: four payments, each from and to an actor or an account of his, and each after the first at
/// a time when it may be the one before passed on.
const PAID: Stage = Stage {
    passing: Some(PASSED_ON),
    own: &[rule(ACTORS, &[Holder], Way::Out, &[Account])],
    held: &[rule(&[Account], &[Holder], Way::In, ACTORS)],
    ..far(4, &[Payment, Gift, Holder, Employment], &[rule(PAYERS, &[Payment, Gift], Way::Out, PAYERS)])
};

/// Who owns and directs the companies that were met.
const OWNERS: Stage =
    far(1, &[Ownership, Directorship], &[rule(&[Company], &[Ownership, Directorship], Way::In, &[Person])]);

/// One contact on, by phone, at a meeting or at table.
const CONTACT: Stage = Stage {
    own: &[rule(&[Person], &[Holder], Way::Out, &[Phone]), rule(&[Person], &[Attended], Way::Out, &[Event])],
    held: &[rule(&[Phone], &[Holder], Way::In, &[Person])],
    ..far(
        1,
        &[Call, Meeting, Associate, Attended, Holder],
        &[
            rule(&[Person], &[Call, Meeting, Associate], Way::Both, &[Person, Phone]),
            rule(&[Phone], &[Call], Way::Both, &[Person, Phone]),
            rule(&[Event], &[Attended], Way::In, &[Person]),
        ],
    )
};

/// The officials in contact with whoever was met.
const CONTACTED: Stage = Stage { opens: Opens::Looks, ..CONTACT };

/// The officials of whoever's kin were met: an official's circle has three steps of kinship.
const KIN: Stage =
    Stage { hops: 3, opens: Opens::Looks, ..near(&[rule(&[Person], &[Family, Same], Way::Both, &[Person])]) };

/// The officials who are friends of whoever was met.
const FRIENDS: Stage =
    Stage { opens: Opens::Looks, ..near(&[rule(&[Person], &[Associate, Same], Way::Both, &[Person])]) };

/// The officials' own ties, read whole.
const OFFICIAL: Stage = Stage {
    officials_only: true,
    ..near(&[
        rule(&[Person], &[Family, Associate, Same], Way::Both, &[Person]),
        rule(
            &[Person],
            &[Post, Handled, Inspected, Licensed, Reviewed, Briefed, Ownership, Directorship],
            Way::Out,
            &[],
        ),
        rule(&[Person], &[Holder], Way::Out, &[Account, Phone, Address]),
        rule(&[Person], &[About], Way::In, &[Lead]),
    ])
};

/// The circles of the officials, and whom else the leads name that name them.
const CIRCLE: Stage = Stage {
    start: Start::Met,
    ..far(
        2,
        &[Family, Same, Ownership, Directorship, Holder, Payment, Gift, About],
        &[
            rule(&[Person], &[Family, Same], Way::Both, &[Person]),
            rule(&[Person], &[Ownership, Directorship], Way::Out, &[Company]),
            rule(&[Person], &[Holder], Way::Out, &[Account, Phone]),
            rule(&[Address], &[Holder], Way::In, &[Person]),
            rule(&[Lead], &[About], Way::Out, &[Gang]),
        ],
    )
};

/// Handling, permits, reports, raids and roles in companies.
const WORK: Reach = Reach { name: "work", stages: &[SIDE, OWN, AROUND, FURTHER] };
/// Money over go-betweens.
const MONEY: Reach = Reach { name: "money", stages: &[PEOPLE, OWN, PAID, OWNERS] };
/// Calls, meetings and dinners: one contact on to an official's circle, two to the official.
const CONTACTS: Reach = Reach { name: "contacts", stages: &[PEOPLE, OWN, CONTACT, CONTACTED] };
/// The officials among whoever was met, their kin and friends, with their own work and circles.
const OFFICIALS: Reach = Reach { name: "officials", stages: &[KIN, FRIENDS, OFFICIAL, CIRCLE] };

/// Every reach of the analysis.
pub(super) const ALL: &Reaches = &Reaches { each: &[WORK, MONEY, CONTACTS], then: OFFICIALS };

/// The same, circles no wider than small towns are: whoever has more than a few ties is left closed there.
#[cfg(test)]
pub(super) const NARROW: &Reaches = &Reaches {
    then: Reach { stages: &[KIN, FRIENDS, OFFICIAL, Stage { cap: Some(4), ..CIRCLE }], ..OFFICIALS },
    ..*ALL
};

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use proptest::prelude::*;

    use super::super::officials::likely;
    use super::super::towns::quiet;
    use super::*;
    use crate::model::{Layer, Table};
    use crate::network::NodeIx;
    use crate::network::ball::{Ball, Ground, Profiles};
    use crate::network::reach::Types;

    #[test]
    fn days_are_told_of_all_that_is_passed_on() {
        let passing: Vec<&Stage> = ALL
            .each
            .iter()
            .chain([&ALL.then])
            .flat_map(|reach| reach.stages)
            .filter(|stage| stage.passing.is_some())
            .collect();
        assert!(!passing.is_empty());
        for rule in passing.iter().flat_map(|stage| stage.rules) {
            assert!(rule.types.iter().all(|ty| Types::PASSED.has(*ty)), "{rule:?}");
        }
    }

    const PEOPLE: [&str; 12] =
        ["o00", "o01", "o10", "o20", "p00", "p01", "p02", "p03", "p04", "p05", "m-g1-0", "m-g1-1"];
    const THINGS: [(&str, Kind); 5] =
        [("h0", Address), ("h1", Address), ("ph0", Phone), ("ph1", Phone), ("ac0", Account)];
    const LEADS: [&str; 2] = ["l0", "l1"];

    /// Balls of ground of which nothing, some and all of what is around officials is known.
    static KNOWN: [AtomicUsize; 3] = [const { AtomicUsize::new(0) }; 3];
    /// Officials in doubt who are open in a ball, and what was cut.
    static DOUBTED: AtomicUsize = AtomicUsize::new(0);
    static CUT: AtomicUsize = AtomicUsize::new(0);

    #[test]
    fn a_ball_of_ready_ground_shows_what_was_walked() {
        balls_are_the_same();
        let known = KNOWN.each_ref().map(|known| known.load(Ordering::Relaxed));
        assert!(known.iter().all(|&balls| balls > 5), "{known:?} known");
        let [doubted, cut] = [&DOUBTED, &CUT].map(|count| count.load(Ordering::Relaxed));
        assert!(doubted > 20 && cut > 20, "{doubted} doubted, {cut} cut");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        /// What there is around officials is the same, whether it was found out once or walked.
        fn balls_are_the_same(
            rows in proptest::collection::vec((0..11_usize, 0..12_usize, 0..12_usize), 10..60),
            doubles in proptest::collection::vec([0..12_usize, 0..12_usize], 0..4),
            narrow in any::<bool>(),
            most in proptest::sample::select(vec![0, 150, 400, usize::MAX]),
        ) {
            let mut town = quiet();
            for (thing, kind) in THINGS {
                town.entity(thing, kind, Table::Objects, &[]);
            }
            for lead in LEADS {
                town.entity(lead, Lead, Table::Leads, &[]);
            }
            for (ty, from, to) in rows {
                let (own, other, thing) = (PEOPLE[from], PEOPLE[to], THINGS[to % THINGS.len()].0);
                let (ty, from, to) = match ty {
                    0 => (Family, own, other),
                    1 => (Associate, own, other),
                    2 => (Same, own, other),
                    // Ends of the wrong kind are taken as they are.
                    3 => (Same, own, thing),
                    4 => (Holder, own, thing),
                    5 => (Holder, thing, own),
                    6 => (Call, own, thing),
                    7 => (Payment, own, other),
                    8 => (About, LEADS[from % LEADS.len()], if to == 0 { "g1" } else { other }),
                    // One such row makes nobody an official, two may.
                    9 => (Handled, own, ["k00", "k01", "k02"][to % 3]),
                    _ => (Ownership, own, ["c00", "c01", "c-g1"][to % 3]),
                };
                if from != to {
                    town.add(ty, from, to, &[]);
                }
            }
            let network = town.network();
            // Doubles that no row tells of are in no tie.
            let mut twins = crate::analysis::doubles::positions(&network);
            let drawn = doubles.iter().map(|pair| pair.map(|at| network.node(PEOPLE[at]).unwrap()));
            twins.extend(drawn.filter(|[a, b]| a != b).map(|[a, b]| (a, b, 0.7)));
            let gang = network.node("g1").unwrap();
            let reaches = if narrow { NARROW } else { ALL };
            let ground = || Ground::new(&network, Profiles::of(&network), &twins);
            let ready = ground().ready_within(reaches, most).doubting(|ball, one| likely(ball, one) == 0.0);
            let state = match ready.known() {
                (0, false) => 0,
                (2, true) => 2,
                _ => 1,
            };
            KNOWN[state].fetch_add(1, Ordering::Relaxed);
            let plain = ground();
            let [ball, walked] = [&ready, &plain].map(|ground| Ball::of(ground, gang, reaches));
            // Put by and taken out again it is what it was.
            let ball = if narrow { ball } else { ball.keep().ball(&ready) };
            prop_assert_eq!(&ball.cut, &walked.cut);
            CUT.fetch_add(ball.cut.len(), Ordering::Relaxed);
            prop_assert_eq!(ball.whole(), walked.whole());
            prop_assert_eq!(super::super::officials(&ball), super::super::officials(&walked));
            for node in network.nodes() {
                let seen = |ball: &Ball<'_>| {
                    let ties = Layer::ALL.iter().map(|&layer| ball.degree(node, layer)).collect::<Vec<_>>();
                    let arcs = ball.arcs(node).collect::<Vec<_>>();
                    (arcs, ties, ball.is_open(node), ball.is_official(node), ball.twins(node).to_vec())
                };
                prop_assert_eq!(seen(&ball), seen(&walked), "{}", network.id(node));
                let is_open = |node: NodeIx| ball.is_open(node) && ball.is_official(node);
                if is_open(node) && ball.is_doubted(node) == Some(true) {
                    prop_assert_eq!(likely(&walked, node), 0.0);
                    DOUBTED.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }
}
