//! The official's circle: himself, his likely doubles, his kin, his friends, and how near each is.
//!
//! Kinship is a channel for an act, never a factor: a circle says who may stand in for the
//! official, not that anybody does.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use rayon::prelude::*;

use super::side::worth;
use super::weights::Weights;
use crate::model::{Kind, TieType};
use crate::network::ball::Ball;
use crate::network::{NodeIx, TieIx, TieRef};

/// Somebody of the circle.
#[derive(Clone, Debug)]
pub(super) struct Near {
    /// How near, claims' strength included.
    pub weight: f64,
    /// How near if every tie were certain: for expectations, which refuted claims must not lower.
    pub nominal: f64,
    /// The way from the official: nodes after him, and the tie to each (`None` for a double).
    pub way: Vec<(NodeIx, Option<TieIx>)>,
    /// Whether nobody stated it.
    pub inferred: bool,
    /// Whether the official himself (or a double) stands here.
    pub own: bool,
}

/// An official's circle.
#[derive(Clone, Debug)]
pub(super) struct Circle {
    pub official: NodeIx,
    pub near: BTreeMap<NodeIx, Near>,
}

/// What is an official's own, beside what is somebody's who is of his house.
const OWN_CLAIM: f64 = 4.0;
/// Who is less near than this to another official is not told to speak for him too.
const RIVAL: f64 = 0.4;
const KIN: &[TieType] = &[TieType::Family];
const FRIENDS: &[TieType] = &[TieType::Associate];

impl Circle {
    /// Reads an official's circle from a ball.
    pub fn of(ball: &Ball<'_>, official: NodeIx, weights: &Weights) -> Self {
        let mut circle = Self { official, near: BTreeMap::new() };
        let own = Near { weight: 1.0, nominal: 1.0, way: Vec::new(), inferred: false, own: true };
        circle.near.insert(official, own);
        for twin in ball.twins(official) {
            let way = vec![(twin.node, None)];
            let (weight, nominal) = (twin.probability, twin.probability);
            circle.near.insert(twin.node, Near { weight, nominal, way, inferred: true, own: true });
        }
        let selves: Vec<NodeIx> = circle.near.keys().copied().collect();
        let mut frontier = selves.clone();
        for step in [weights.near_kin, weights.second_kin, weights.third_kin] {
            frontier = circle.kin(ball, &frontier, step);
        }
        circle.friends(ball, &selves, weights);
        circle.doubles(ball);
        circle.companies(ball);
        circle
    }

    /// One more step of kinship; gives the people it brought.
    fn kin(&mut self, ball: &Ball<'_>, frontier: &[NodeIx], step: f64) -> Vec<NodeIx> {
        let mut next = Vec::new();
        for &node in frontier {
            for tie in ball.ties(node, KIN) {
                if self.offer(node, tie, step, false) {
                    next.push(tie.other_end(node));
                }
            }
        }
        next.sort_unstable();
        next.dedup();
        next
    }

    fn friends(&mut self, ball: &Ball<'_>, selves: &[NodeIx], weights: &Weights) {
        for &node in selves {
            for tie in ball.ties(node, FRIENDS) {
                let step = match tie.role() {
                    Some("sworn_sibling") => weights.near_sworn,
                    Some("friend") => weights.near_friend,
                    Some("same_hometown") => continue,
                    _ => weights.near_other,
                };
                self.offer(node, tie, step, false);
            }
            for home in ball.ties(node, &[TieType::Holder]).filter(|tie| tie.from() == node) {
                if ball.network().kind(home.to()) == Kind::Address {
                    self.housemates(ball, node, home, weights);
                }
            }
        }
    }

    /// People of one address may be kin that nobody recorded.
    fn housemates(&mut self, ball: &Ball<'_>, node: NodeIx, home: TieRef<'_>, weights: &Weights) {
        let others: Vec<TieRef<'_>> = ball.ties(home.to(), &[TieType::Holder]).collect();
        if others.len() > 6 {
            return;
        }
        for tie in others.into_iter().filter(|tie| tie.from() != node) {
            let weight = weights.near_address * worth(tie) * worth(home);
            let way = vec![(home.to(), Some(home.ix())), (tie.from(), Some(tie.ix()))];
            let near = Near { weight, nominal: weights.near_address, way, inferred: true, own: false };
            self.near.entry(tie.from()).or_insert(near);
        }
    }

    /// Likely doubles of the circle's people.
    fn doubles(&mut self, ball: &Ball<'_>) {
        for node in self.near.keys().copied().collect::<Vec<_>>() {
            for twin in ball.twins(node) {
                let Some(mut near) = self.near.get(&node).cloned() else { continue };
                near.weight *= twin.probability;
                near.nominal *= twin.probability;
                near.way.push((twin.node, None));
                near.inferred = true;
                self.near.entry(twin.node).or_insert(near);
            }
        }
    }

    /// Companies that the circle owns or directs: where money may end.
    fn companies(&mut self, ball: &Ball<'_>) {
        let close = self.near.iter().filter(|(_, near)| near.nominal >= 0.4);
        for node in close.map(|(&node, _)| node).collect::<Vec<_>>() {
            for tie in ball.ties(node, &[TieType::Ownership, TieType::Directorship]) {
                if tie.from() == node && tie.share().is_none_or(|share| share >= 20.0) {
                    self.offer(node, tie, 0.5, false);
                }
            }
        }
    }

    /// Offers a tie as the way to somebody; says whether he is new to the circle.
    fn offer(&mut self, node: NodeIx, tie: TieRef<'_>, step: f64, inferred: bool) -> bool {
        let Some(from) = self.near.get(&node) else { return false };
        let to = tie.other_end(node);
        let (weight, nominal) = (from.weight * step * worth(tie), from.nominal * step);
        let inferred = inferred || from.inferred;
        // The way is put together only where it is taken: most offers are of somebody who is nearer already.
        let way = || {
            let mut way = Vec::with_capacity(from.way.len() + 1);
            way.extend_from_slice(&from.way);
            way.push((to, Some(tie.ix())));
            way
        };
        let known = self.near.get(&to);
        let way = known.is_none_or(|known| known.weight < weight).then(way);
        match (self.near.get_mut(&to), way) {
            (Some(known), way) => {
                known.nominal = known.nominal.max(nominal);
                if let Some(way) = way {
                    (known.weight, known.way, known.inferred) = (weight, way, inferred);
                }
                false
            }
            (None, way) => {
                let way = way.unwrap_or_default();
                self.near.insert(to, Near { weight, nominal, way, inferred, own: false });
                true
            }
        }
    }

    /// How large the circle is, ties taken as certain.
    pub fn size(&self) -> f64 {
        self.near.values().map(|near| near.nominal).sum()
    }
}

/// The officials of a ball with their circles, and who stands in whose.
#[derive(Clone, Debug)]
pub(super) struct Circles {
    pub all: Vec<Circle>,
    /// Of which official of `all` something is asked: all stand in one another's way, but not all are to be scored.
    asked: Vec<bool>,
    /// Who stands in which of `all`, in order.
    of: Vec<(NodeIx, u32)>,
}

impl Circles {
    /// The circles of these officials, of whom `is_asked` are to be scored.
    pub fn of(
        ball: &Ball<'_>,
        officials: &[NodeIx],
        weights: &Weights,
        is_asked: impl Fn(NodeIx) -> bool,
    ) -> Self {
        let all: Vec<Circle> = officials.par_iter().map(|&o| Circle::of(ball, o, weights)).collect();
        let asked = all.iter().map(|circle| is_asked(circle.official)).collect();
        let people = all.iter().map(|circle| circle.near.len()).sum();
        let mut of: Vec<(NodeIx, u32)> = Vec::with_capacity(people);
        for (at, circle) in (0..).zip(&all) {
            of.extend(circle.near.keys().map(|&node| (node, at)));
        }
        of.sort_unstable();
        Self { all, asked, of }
    }

    /// The circles of the officials of whom something is asked.
    pub fn asked(&self) -> impl Iterator<Item = &Circle> + '_ {
        self.all.iter().zip(&self.asked).filter_map(|(circle, asked)| asked.then_some(circle))
    }

    /// The circles a node stands in, each with how near it is.
    pub fn near(&self, node: NodeIx) -> impl Iterator<Item = (usize, &Near)> + '_ {
        let first = self.of.partition_point(|(other, _)| *other < node);
        let places = self.of.iter().skip(first).take_while(move |(other, _)| *other == node);
        places
            .filter_map(move |&(_, at)| self.all[at as usize].near.get(&node).map(|near| (at as usize, near)))
    }

    /// Those of them of whose officials something is asked.
    pub fn near_asked(&self, node: NodeIx) -> impl Iterator<Item = (usize, &Near)> + '_ {
        self.near(node).filter(|(at, _)| self.asked[*at])
    }

    /// Whether a node stands in any circle.
    pub fn holds(&self, node: NodeIx) -> bool {
        self.of.binary_search_by_key(&node, |(other, _)| *other).is_ok()
    }

    /// How much of what somebody does falls to one of the circles he stands in: he may stand in for any
    /// of these officials, the nearer the likelier, and what is an official's own is his before it is
    /// his relatives'. 1 where he stands in no other circle.
    pub fn share(&self, at: usize, node: NodeIx) -> f64 {
        let claim = |near: &Near| {
            let own = if near.own { OWN_CLAIM } else { 1.0 };
            own * near.nominal * near.nominal
        };
        let all: f64 = self.near(node).map(|(_, near)| claim(near)).sum();
        let own = self.near(node).find(|(circle, _)| *circle == at).map_or(0.0, |(_, near)| claim(near));
        if all > 0.0 { own / all } else { 1.0 }
    }

    /// The official beside this one whom somebody is nearest to, where he is near at all: whom the same
    /// rows speak for too.
    pub fn rival(&self, at: usize, node: NodeIx) -> Option<(&Circle, &Near)> {
        let others = self.near(node).filter(|(circle, near)| *circle != at && near.nominal >= RIVAL);
        let nearest = others.max_by(|a, b| {
            (a.1.own, a.1.nominal)
                .partial_cmp(&(b.1.own, b.1.nominal))
                .unwrap_or(Ordering::Equal)
                .then(b.0.cmp(&a.0))
        });
        nearest.map(|(circle, near)| (&self.all[circle], near))
    }
}
