//! A network that is ready to be asked: of one gang or lead after the other, each in moments.
//!
//! What there is around officials is found out once ([`Ground::ready_for`]), and once of each gang what it rests on
//! whoever is asked about: its ball, its officials and its [`Basis`]. A lead that names an official alone then goes to
//! the gangs whose balls hold him.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::basis::Basis;
use super::circles::{Alike, Circles};
use super::coverage::Records;
use super::outcome::{Outcome, Pair};
use super::{
    Globals, Known, Options, Weights, ids, officials, outcome_of, protectors, ranked, reaches, score_on,
};
use crate::network::ball::{Ball, Ground, Kept};
use crate::network::{Network, NodeIx};

/// A network that stands ready, or that is asked too little for that.
pub struct Ready<'n> {
    ground: Ground<'n>,
    globals: &'n Globals,
    /// Circles, by the weights that the network is ready for.
    alike: Alike,
    records: Records<'n>,
    /// Every gang; nothing where so few questions are asked that each is answered from the ground.
    gangs: Option<BTreeMap<NodeIx, Standing>>,
}

/// More runs of a gang's money than this are not all kept; in tests few are many, so that small towns let some go.
const MANY_RUNS: usize = if cfg!(test) { 2 } else { 1 << 12 };

/// More leads than this that name an official and no gang are answered sooner of gangs that are found out first.
const MANY_LEADS: usize = 100;

/// What is known of a gang before anybody is asked about.
struct Standing {
    ball: Kept,
    officials: Vec<NodeIx>,
    /// Whom a row calls its umbrella.
    called: Vec<NodeIx>,
    basis: Basis,
}

impl Standing {
    fn of(ground: &Ground<'_>, gang: NodeIx, globals: &Globals, alike: &Alike) -> Self {
        let weights = alike.weights();
        let ball = Ball::of(ground, gang, reaches::ALL);
        let (officials, called) = (officials(&ball), protectors(&ball).collect());
        let circles = Circles::of(&ball, &officials, weights, Some(alike), |_| true);
        let mut basis = Basis::of(&ball, &circles, globals, weights);
        let runs = basis.traced.ends.values().map(Vec::len).sum::<usize>();
        // What ends in nobody's circle is asked for by nobody, and is let go where it is much.
        if runs > MANY_RUNS {
            basis.traced.ends.retain(|&end, _| circles.may_hold_any(end));
        }
        Self { ball: ball.keep(), officials, called, basis }
    }

    /// Whether there may be a pair of the gang with one of these.
    fn may_be_of(&self, people: &BTreeSet<NodeIx>) -> bool {
        let is_scored = |one: &NodeIx| self.officials.binary_search(one).is_ok() || self.called.contains(one);
        people.iter().any(is_scored)
    }
}

impl<'n> Ready<'n> {
    /// Makes a network ready, of which the likely doubles are known, for questions that are judged by these weights.
    /// Cost: two passes over its ties, what is around all officials, and of each gang about half of what its pairs take.
    pub fn of(
        network: &'n Network,
        likely: &[(NodeIx, NodeIx, f64)],
        globals: &'n Globals,
        weights: &Weights,
    ) -> Self {
        let mut ready = Self::on(super::ready(network, likely), globals, weights);
        let gangs: Vec<NodeIx> = super::gangs(network, &[]);
        let alike = &ready.alike;
        let standing = |&gang: &NodeIx| (gang, Standing::of(&ready.ground, gang, globals, alike));
        let gangs: Vec<(NodeIx, Standing)> = gangs.par_iter().map(standing).collect();
        ready.gangs = Some(gangs.into_iter().collect());
        ready
    }

    /// Ground, ready or not.
    fn on(ground: Ground<'n>, globals: &'n Globals, weights: &Weights) -> Self {
        let (alike, records) = (Alike::none_of(&ground, weights), Records::of(globals, weights));
        Self { ground, globals, alike, records, gangs: None }
    }

    /// A network that so many gangs are asked of, each once.
    pub(super) fn for_gangs(
        network: &'n Network,
        globals: &'n Globals,
        gangs: usize,
        weights: &Weights,
    ) -> Self {
        Self::on(super::ground(network, gangs), globals, weights)
    }

    /// A network that so many leads are asked of, some of which name an official and no gang.
    pub(super) fn for_leads(
        network: &'n Network,
        globals: &'n Globals,
        (leads, halves): (usize, usize),
        weights: &Weights,
    ) -> Self {
        if halves > MANY_LEADS {
            return Self::of(network, &crate::analysis::doubles::positions(network), globals, weights);
        }
        // Most leads are about one gang: so many balls are read at least.
        Self::for_gangs(network, globals, leads, weights)
    }

    /// What it stands on.
    #[cfg(test)]
    pub(crate) fn ground(&self) -> &Ground<'n> {
        &self.ground
    }

    /// The network.
    pub fn network(&self) -> &'n Network {
        self.ground.network()
    }

    /// What is known of the whole file.
    pub fn globals(&self) -> &'n Globals {
        self.globals
    }

    /// Some people, and whoever they are likely to be as well.
    pub(super) fn with_twins(&self, people: &BTreeSet<NodeIx>) -> BTreeSet<NodeIx> {
        self.ground.with_twins(people)
    }

    /// The gangs that there may be a pair of with one of these people, whoever he is likely to be as well.
    pub fn gangs_to(&self, people: &BTreeSet<NodeIx>) -> BTreeSet<NodeIx> {
        let Some(gangs) = &self.gangs else { return self.ground.gangs_to(people, reaches::ALL) };
        let people = self.ground.with_twins(people);
        gangs.iter().filter(|(_, standing)| standing.may_be_of(&people)).map(|(gang, _)| *gang).collect()
    }

    /// The candidate pairs of the gangs asked for.
    pub(super) fn run(&self, options: &Options) -> Outcome {
        let (network, globals) = (self.network(), self.globals);
        let gangs = super::gangs(network, &options.gangs);
        let asked = options.asked(network);
        let done = options.watch.over(gangs.len());
        let scored: Vec<(Vec<Pair>, BTreeSet<NodeIx>)> = gangs
            .par_iter()
            .map(|&gang| {
                let (ball, officials) = self.ball(gang);
                let cut = ball.cut.iter().map(|cut| cut.node).collect();
                let scored = (self.score(&ball, &officials, asked.as_ref(), options), cut);
                done.one_done();
                scored
            })
            .collect();
        let mut cut = BTreeSet::new();
        let mut pairs = Vec::new();
        for (of_gang, cut_of_gang) in scored {
            pairs.extend(of_gang);
            cut.extend(cut_of_gang);
        }
        let full = options.gangs.is_empty() && options.officials.is_empty();
        Outcome {
            gangs: gangs.len(),
            full,
            pairs: ranked(pairs, full.then_some(gangs.len() * globals.officials as usize)),
            cut: ids(network, cut),
            ..Outcome::none(network, globals, options)
        }
    }

    /// The pairs of one gang: as [`run`](super::run) asked for this gang alone says them.
    pub fn gang(&self, gang: NodeIx, options: &Options) -> Outcome {
        let (ball, officials) = self.ball(gang);
        let asked = options.asked(self.network());
        let pairs = self.score(&ball, &officials, asked.as_ref(), options);
        outcome_of(&ball, pairs, self.globals, options)
    }

    /// The pairs of a gang with these officials, `None` being all.
    pub(super) fn pairs(
        &self,
        gang: NodeIx,
        asked: Option<&BTreeSet<NodeIx>>,
        options: &Options,
    ) -> Vec<Pair> {
        let is_of_none = |standing: &Standing| asked.is_some_and(|asked| !standing.may_be_of(asked));
        if self.standing(gang).is_some_and(is_of_none) {
            return Vec::new();
        }
        let (ball, officials) = self.ball(gang);
        self.score(&ball, &officials, asked, options)
    }

    fn standing(&self, gang: NodeIx) -> Option<&Standing> {
        self.gangs.as_ref()?.get(&gang)
    }

    /// A gang's ball, kept or walked, and its officials.
    fn ball(&self, gang: NodeIx) -> (Ball<'_>, Cow<'_, [NodeIx]>) {
        if let Some(standing) = self.standing(gang) {
            return (standing.ball.ball(&self.ground), Cow::Borrowed(&standing.officials));
        }
        let ball = Ball::of(&self.ground, gang, reaches::ALL);
        let officials = officials(&ball);
        (ball, Cow::Owned(officials))
    }

    /// Of weights that the network was not made ready for less is known.
    fn score(
        &self,
        ball: &Ball<'_>,
        officials: &[NodeIx],
        asked: Option<&BTreeSet<NodeIx>>,
        options: &Options,
    ) -> Vec<Pair> {
        let basis = || self.standing(ball.gang()).map(|standing| &standing.basis);
        let known = match self.alike.is_by(&options.weights) {
            true => Known { basis: basis(), alike: Some(&self.alike), records: Some(&self.records) },
            false => Known::default(),
        };
        score_on(ball, officials, known, self.globals, asked, options)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use proptest::prelude::*;

    use super::super::towns::{quiet, raid};
    use super::super::{run_ball, score_leads, score_with};
    use super::*;
    use crate::analysis::doubles::positions;
    use crate::model::{Id, Kind, Table, TieType};
    use crate::network::ball::Profiles;

    const PEOPLE: [&str; 13] = [
        "o00", "o01", "o10", "o20", "o21", "p50", "p51", "p52", "m-g1-0", "m-g1-1", "m-g2-0", "m-g2-1", "p53",
    ];
    const FIRMS: [&str; 3] = ["c-g1", "c-g2", "c00"];
    const LEADS: [&str; 3] = ["l0", "l1", "l2"];

    /// Pairs that were told, pairs of weights that nothing was made ready for, and pairs of leads.
    static TOLD: [AtomicUsize; 3] = [const { AtomicUsize::new(0) }; 3];

    #[test]
    fn what_is_found_out_once_changes_no_answer() {
        ready_and_not_are_told_the_same();
        let told = TOLD.each_ref().map(|told| told.load(Ordering::Relaxed));
        assert!(told.iter().all(|&pairs| pairs > 100), "{told:?} told");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        /// Gangs, some of their officials and leads, by the weights of every day and by others, are told of a network
        /// that is ready as each is of its own ball.
        fn ready_and_not_are_told_the_same(
            rows in proptest::collection::vec((0..10_usize, 0..13_usize, 0..13_usize), 20..80),
            officials in proptest::collection::vec(0..5_usize, 1..3),
        ) {
            let mut town = quiet();
            raid(&mut town, "r1", "g1", "2019-05-10", "empty", "o00");
            for lead in LEADS {
                town.entity(lead, Kind::Lead, Table::Leads, &[("channel", "public_report")]);
            }
            for (at, (ty, from, to)) in rows.into_iter().enumerate() {
                let (own, other, firm) = (PEOPLE[from], PEOPLE[to], FIRMS[to % FIRMS.len()]);
                let (ty, from, to) = match ty {
                    0 => (TieType::Family, own, other),
                    1 => (TieType::Associate, own, other),
                    2 | 3 => (TieType::Call, own, other),
                    4 => (TieType::Payment, firm, own),
                    5 => (TieType::Payment, own, other),
                    6 => (TieType::Ownership, own, firm),
                    7 => (TieType::Same, own, other),
                    8 => (TieType::Protects, own, ["g1", "g2"][to % 2]),
                    _ => (TieType::About, LEADS[from % LEADS.len()], if to == 0 { "g1" } else { other }),
                };
                let day = format!("2019-05-{:02}", 1 + at % 28);
                let column = match ty {
                    TieType::Call => ("start", day.as_str()),
                    TieType::Payment => ("amount", "50000"),
                    TieType::Ownership => ("share", "40"),
                    _ => ("", ""),
                };
                if from != to {
                    town.add(ty, from, to, if column.0.is_empty() { &[] } else { std::slice::from_ref(&column) });
                }
            }
            let (network, likely) = (town.network(), positions(&town.network()));
            let globals = super::super::globals(&network);
            let ready = Ready::of(&network, &likely, &globals, &Weights::default());
            let plain = || Ground::new(&network, Profiles::of(&network), &likely);
            let few = Options { officials: officials.iter().map(|&at| Id::from(PEOPLE[at])).collect(), ..Options::default() };
            let nearer = Weights { near_kin: 0.5, near_friend: 0.9, ..Weights::default() };
            let other = Options { weights: nearer, expected_umbrellas: Some(3.0), ..Options::default() };
            for (by, options) in [&Options::default(), &few, &other].into_iter().enumerate() {
                for &gang in &super::super::gangs(&network, &[]) {
                    let ground = plain();
                    let ball = Ball::of(&ground, gang, reaches::ALL);
                    let walked = run_ball(&ball, &globals, options);
                    TOLD[usize::from(by == 2)].fetch_add(walked.pairs.len(), Ordering::Relaxed);
                    prop_assert_eq!(&ready.gang(gang, options), &walked);
                    // Twice: what the first left behind is what the second finds.
                    prop_assert_eq!(&ready.gang(gang, options), &walked);
                    for one in network.nodes().filter(|&node| network.is_official(node)) {
                        let asked = BTreeSet::from([one]);
                        let pairs = score_with(&ball, &globals, Some(&asked), options);
                        prop_assert_eq!(ready.pairs(gang, Some(&asked), options), pairs);
                    }
                }
                let leads = ready.leads(&LEADS, options);
                TOLD[2].fetch_add(leads.iter().map(|lead| lead.pairs.len()).sum(), Ordering::Relaxed);
                prop_assert_eq!(&leads, &score_leads(&network, &LEADS, options));
                let many: Vec<&str> = LEADS.into_iter().cycle().take(LEADS.len() * (MANY_LEADS + 1)).collect();
                for (at, lead) in score_leads(&network, &many, options).iter().enumerate() {
                    prop_assert_eq!(lead, &leads[at % LEADS.len()]);
                }
                prop_assert_eq!(ready.run(options), super::super::run(&network, options));
            }
        }
    }
}
