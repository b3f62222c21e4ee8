//! A network that is ready to be asked: of one gang or lead after the other, each in moments.
//!
//! What there is around officials is found out once ([`Ground::ready_for`]), and once of each gang what it rests on
//! whoever is asked about: its ball, its officials and its [`Basis`]. A lead that names an official alone then goes to
//! the gangs whose balls hold him.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::basis::Basis;
use super::circle::Circles;
use super::outcome::Outcome;
use super::{
    FEW, Globals, Options, Pair, Weights, officials, outcome_of, protectors, reaches, run_ball, score_on,
    score_with,
};
use crate::model::Kind;
use crate::network::ball::{Ball, Ground, Kept};
use crate::network::{Network, NodeIx};

/// A network that stands ready, or that is asked too little for that.
pub struct Ready<'n> {
    ground: Ground<'n>,
    globals: &'n Globals,
    weights: Weights,
    /// Every gang; nothing where so few questions are asked that each is answered from the ground.
    gangs: Option<BTreeMap<NodeIx, Standing>>,
}

/// What is known of a gang before anybody is asked about.
struct Standing {
    ball: Kept,
    officials: Vec<NodeIx>,
    /// Whom a row calls its umbrella.
    called: Vec<NodeIx>,
    basis: Basis,
}

impl Standing {
    fn of(ground: &Ground<'_>, gang: NodeIx, globals: &Globals, weights: &Weights) -> Self {
        let ball = Ball::of(ground, gang, reaches::ALL);
        let (officials, called) = (officials(&ball), protectors(&ball).collect());
        let circles = Circles::of(&ball, &officials, weights, |_| true);
        let basis = Basis::of(&ball, &circles, globals, weights);
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
    /// Cost: two passes over its ties, the circles of all officials, and of each gang about half of what its pairs take.
    pub fn of(
        network: &'n Network,
        likely: &[(NodeIx, NodeIx, f64)],
        globals: &'n Globals,
        weights: &Weights,
    ) -> Self {
        let ground = super::ready(network, likely);
        let gangs: Vec<NodeIx> = network.nodes().filter(|&node| network.kind(node) == Kind::Gang).collect();
        let standing = |&gang: &NodeIx| (gang, Standing::of(&ground, gang, globals, weights));
        let gangs: Vec<(NodeIx, Standing)> = gangs.par_iter().map(standing).collect();
        let gangs = Some(gangs.into_iter().collect());
        Self { ground, globals, weights: weights.clone(), gangs }
    }

    /// A network for so many questions: ready, where that pays.
    pub(super) fn for_some(
        network: &'n Network,
        globals: &'n Globals,
        questions: usize,
        weights: &Weights,
    ) -> Self {
        if questions > FEW {
            return Self::of(network, &crate::analysis::doubles::positions(network), globals, weights);
        }
        let ground = super::ground(network, questions);
        Self { ground, globals, weights: weights.clone(), gangs: None }
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

    /// The pairs of a gang with these officials, `None` being all.
    pub(super) fn pairs(
        &self,
        gang: NodeIx,
        asked: Option<&BTreeSet<NodeIx>>,
        options: &Options,
    ) -> Vec<Pair> {
        match self.standing(gang) {
            None => score_with(&self.walk(gang), self.globals, asked, options),
            Some(standing) if asked.is_some_and(|asked| !standing.may_be_of(asked)) => Vec::new(),
            Some(standing) => self.score(standing, &standing.ball.ball(&self.ground), asked, options),
        }
    }

    /// The pairs of one gang: as [`run`](super::run) asked for this gang alone says them.
    pub fn gang(&self, gang: NodeIx, options: &Options) -> Outcome {
        let Some(standing) = self.standing(gang) else {
            return run_ball(&self.walk(gang), self.globals, options);
        };
        let ball = standing.ball.ball(&self.ground);
        let asked = options.asked(self.network());
        outcome_of(&ball, self.score(standing, &ball, asked.as_ref(), options), self.globals, options)
    }

    fn standing(&self, gang: NodeIx) -> Option<&Standing> {
        self.gangs.as_ref()?.get(&gang)
    }

    fn walk(&self, gang: NodeIx) -> Ball<'_> {
        Ball::of(&self.ground, gang, reaches::ALL)
    }

    /// Of weights that the network was not made ready for less is known.
    fn score(
        &self,
        standing: &Standing,
        ball: &Ball<'_>,
        asked: Option<&BTreeSet<NodeIx>>,
        options: &Options,
    ) -> Vec<Pair> {
        let basis = (self.weights == options.weights).then_some(&standing.basis);
        score_on(ball, &standing.officials, basis, self.globals, asked, options)
    }
}
