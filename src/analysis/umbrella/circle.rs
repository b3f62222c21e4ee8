//! The official's circle: himself, his likely doubles, his kin, his friends, and how near each is.
//!
//! Kinship is a channel for an act, never a factor: a circle says who may stand in for the
//! official, not that anybody does.

use std::cell::RefCell;
use std::sync::Arc;

use super::people::{People, Way};
use super::side::worth;
use super::weights::Weights;
use crate::model::{Kind, TieType};
use crate::network::ball::{Ball, Twin};
use crate::network::reach::{AroundOne, Types};
use crate::network::{NodeIx, TieIx, TieRef};

/// Somebody of the circle.
#[derive(Clone, Debug)]
pub(super) struct Near {
    /// How near, claims' strength included.
    pub weight: f64,
    /// How near if every tie were certain: for expectations, which refuted claims must not lower.
    pub nominal: f64,
    /// The way from the official: nodes after him, and the tie to each (`None` for a double).
    pub way: Way,
    /// Whether nobody stated it.
    pub inferred: bool,
    /// Whether the official himself (or a double) stands here.
    pub own: bool,
}

/// An official's circle.
#[derive(Clone, Debug)]
pub(super) struct Circle {
    pub official: NodeIx,
    pub near: People,
}

pub(super) const KIN: &[TieType] = &[TieType::Family];
pub(super) const FRIENDS: &[TieType] = &[TieType::Associate];
pub(super) const HOLDS: &[TieType] = &[TieType::Holder];
pub(super) const OWNS: &[TieType] = &[TieType::Ownership, TieType::Directorship];
/// Steps of kinship in a circle.
pub(super) const KIN_STEPS: usize = 3;
/// People of one home, at most.
const MOST_HOUSEMATES: usize = 6;

/// A ball as one circle is read from it.
struct View<'b, 'g> {
    ball: &'b Ball<'g>,
    around: Option<AroundOne<'g>>,
    /// What was looked at that is not around the official: other balls of this ground may show something else there.
    own: RefCell<Vec<Looked>>,
}

/// What a ball showed somewhere.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Looked {
    /// A node's ties of some types.
    Ties(NodeIx, &'static [TieType], Box<[TieIx]>),
    /// Whether a node is told of as nobody's double.
    Twins(NodeIx, bool),
}

impl Looked {
    fn ties(ball: &Ball<'_>, node: NodeIx, types: &'static [TieType]) -> Self {
        Self::Ties(node, types, ball.facing(node, types).map(|(tie, ..)| tie.ix()).collect())
    }

    fn twins(ball: &Ball<'_>, node: NodeIx) -> Self {
        Self::Twins(node, ball.twins(node).is_empty())
    }

    /// Whether a ball shows the same there.
    fn is_shown(&self, ball: &Ball<'_>) -> bool {
        match self {
            Self::Ties(node, types, ties) => {
                ball.facing(*node, types).map(|(tie, ..)| tie.ix()).eq(ties.iter().copied())
            }
            Self::Twins(node, are_none) => ball.twins(*node).is_empty() == *are_none,
        }
    }
}

impl<'b, 'g> View<'b, 'g> {
    fn of(ball: &'b Ball<'g>, official: NodeIx) -> Self {
        Self { ball, around: ball.around(official), own: RefCell::default() }
    }

    /// The node's ties of these types, each with its other end and whether it is outward.
    fn facing<'v>(
        &'v self,
        node: NodeIx,
        types: &'static [TieType],
    ) -> impl Iterator<Item = (TieRef<'g>, NodeIx, bool)> + use<'v, 'b, 'g> {
        if self.around.as_ref().is_some_and(|around| !around.opens(node, Types::of(types))) {
            self.own.borrow_mut().push(Looked::ties(self.ball, node, types));
        }
        self.ball.facing(node, types)
    }

    fn twins(&self, node: NodeIx) -> &'g [Twin] {
        // Who has none has none in any ball.
        let has_any = || !self.ball.either_twins(node).is_empty();
        if self.around.as_ref().is_some_and(|around| has_any() && !around.reaches(node)) {
            self.own.borrow_mut().push(Looked::twins(self.ball, node));
        }
        self.ball.twins(node)
    }
}

/// A circle that one ball showed, and whatever of it another may show otherwise.
#[derive(Debug)]
pub(super) struct Remembered {
    pub circle: Arc<Circle>,
    own: Box<[Looked]>,
}

impl Remembered {
    /// Whether every ball shows the same.
    #[cfg(test)]
    pub fn is_sure(&self) -> bool {
        self.own.is_empty()
    }

    /// Whether a ball shows other doubles, and all ties alike.
    #[cfg(test)]
    pub fn is_of_other_doubles(&self, ball: &Ball<'_>) -> bool {
        let other = self.own.iter().filter(|looked| !looked.is_shown(ball)).collect::<Vec<_>>();
        !other.is_empty() && other.iter().all(|looked| matches!(looked, Looked::Twins(..)))
    }

    /// Whether a ball of the same ground that the circle belongs to shows the same.
    pub fn is_shown(&self, ball: &Ball<'_>) -> bool {
        self.own.iter().all(|looked| looked.is_shown(ball))
    }
}

impl Circle {
    /// An official, and nobody else.
    pub fn alone(official: NodeIx) -> Self {
        let mut near = People::default();
        let own = Near { weight: 1.0, nominal: 1.0, way: Way::default(), inferred: false, own: true };
        near.put(official, own);
        Self { official, near }
    }

    /// Reads an official's circle from a ball.
    #[cfg(test)]
    pub fn of(ball: &Ball<'_>, official: NodeIx, weights: &Weights) -> Arc<Self> {
        Self::read(ball, official, weights).circle
    }

    /// Reads an official's circle from a ball.
    pub fn read(ball: &Ball<'_>, official: NodeIx, weights: &Weights) -> Remembered {
        let view = View::of(ball, official);
        let mut circle = Self::seen(&view, official, weights);
        circle.near.shrink();
        Remembered { circle: Arc::new(circle), own: view.own.into_inner().into() }
    }

    fn seen(ball: &View<'_, '_>, official: NodeIx, weights: &Weights) -> Self {
        let mut circle = Self::alone(official);
        for twin in ball.twins(official) {
            let way = Way::default().on((twin.node, None));
            let (weight, nominal) = (twin.probability, twin.probability);
            circle.near.put(twin.node, Near { weight, nominal, way, inferred: true, own: true });
        }
        let selves: Vec<NodeIx> = circle.near.nodes().collect();
        let mut frontier = selves.clone();
        let steps: [f64; KIN_STEPS] = [weights.near_kin, weights.second_kin, weights.third_kin];
        for step in steps {
            frontier = circle.kin(ball, &frontier, step);
        }
        circle.friends(ball, &selves, weights);
        circle.doubles(ball);
        circle.companies(ball);
        circle
    }

    /// One more step of kinship; gives the people it brought.
    fn kin(&mut self, ball: &View<'_, '_>, frontier: &[NodeIx], step: f64) -> Vec<NodeIx> {
        let mut next = Vec::new();
        for &node in frontier {
            for (tie, far, _) in ball.facing(node, KIN) {
                if self.offer(node, (tie, far), step) {
                    next.push(far);
                }
            }
        }
        next.sort_unstable();
        next.dedup();
        next
    }

    fn friends(&mut self, ball: &View<'_, '_>, selves: &[NodeIx], weights: &Weights) {
        for &node in selves {
            for (tie, far, _) in ball.facing(node, FRIENDS) {
                let step = match tie.role() {
                    Some("sworn_sibling") => weights.near_sworn,
                    Some("friend") => weights.near_friend,
                    Some("same_hometown") => continue,
                    _ => weights.near_other,
                };
                self.offer(node, (tie, far), step);
            }
            for (home, ..) in ball.facing(node, HOLDS).filter(|(tie, ..)| tie.from() == node) {
                if ball.ball.network().kind(home.to()) == Kind::Address {
                    self.housemates(ball, node, home, weights);
                }
            }
        }
    }

    /// People of one address may be kin that nobody recorded.
    fn housemates(&mut self, ball: &View<'_, '_>, node: NodeIx, home: TieRef<'_>, weights: &Weights) {
        for tie in housemates(ball, home).into_iter().filter(|tie| tie.from() != node) {
            let weight = weights.near_address * worth(tie) * worth(home);
            let way = Way::default().on((home.to(), Some(home.ix()))).on((tie.from(), Some(tie.ix())));
            let near = Near { weight, nominal: weights.near_address, way, inferred: true, own: false };
            self.near.add(tie.from(), near);
        }
    }

    /// Likely doubles of the circle's people.
    fn doubles(&mut self, ball: &View<'_, '_>) {
        for node in self.near.nodes().collect::<Vec<_>>() {
            for twin in ball.twins(node) {
                let Some(near) = self.near.get(&node) else { continue };
                let (weight, nominal) = (near.weight * twin.probability, near.nominal * twin.probability);
                let way = near.way.on((twin.node, None));
                self.near.add(twin.node, Near { weight, nominal, way, inferred: true, own: near.own });
            }
        }
    }

    /// Companies that the circle owns or directs: where money may end.
    fn companies(&mut self, ball: &View<'_, '_>) {
        let close = self.near.iter().filter(|(_, near)| near.nominal >= 0.4);
        for node in close.map(|(&node, _)| node).collect::<Vec<_>>() {
            for (tie, far, outward) in ball.facing(node, OWNS) {
                if outward && tie.share().is_none_or(|share| share >= 20.0) {
                    self.offer(node, (tie, far), 0.5);
                }
            }
        }
    }

    /// Offers a tie as the way to somebody; says whether he is new to the circle.
    fn offer(&mut self, node: NodeIx, (tie, to): (TieRef<'_>, NodeIx), step: f64) -> bool {
        let Some(from) = self.near.get(&node) else { return false };
        let (most, nominal, inferred) = (from.weight * step, from.nominal * step, from.inferred);
        // No tie is worth more than 1: where that would not do, nobody need look what this one is worth. The way is put
        // together only where it is taken, since most offers are of somebody who is nearer already.
        let known = self.near.get(&to).map(|known| known.weight);
        let weight = known.is_none_or(|known| known < most).then(|| most * worth(tie));
        let better = weight.filter(|&weight| known.is_none_or(|known| known < weight));
        let way = better.map(|weight| (weight, from.way.on((to, Some(tie.ix())))));
        match (self.near.get_mut(&to), way) {
            (None, Some((weight, way))) => {
                self.near.add(to, Near { weight, nominal, way, inferred, own: false });
                true
            }
            (Some(known), way) => {
                known.nominal = known.nominal.max(nominal);
                if let Some((weight, way)) = way {
                    (known.weight, known.way, known.inferred) = (weight, way, inferred);
                }
                false
            }
            (None, None) => false,
        }
    }

    /// How large the circle is, ties taken as certain.
    pub fn size(&self) -> f64 {
        self.near.values().map(|near| near.nominal).sum()
    }
}

/// Who holds a home, those of a house of many left out: its people need not know one another. A row with its ends
/// turned round, by which the home holds somebody, is left out: a home is nobody's housemate.
fn housemates<'g>(ball: &View<'_, 'g>, home: TieRef<'_>) -> Vec<TieRef<'g>> {
    let holds = |tie: &TieRef<'_>| tie.to() == home.to();
    let all: Vec<TieRef<'_>> = ball.facing(home.to(), HOLDS).map(|(tie, ..)| tie).filter(holds).collect();
    if all.len() > MOST_HOUSEMATES { Vec::new() } else { all }
}

#[cfg(test)]
mod tests {
    use super::super::reaches;
    use super::super::towns::quiet;
    use super::*;
    use crate::network::ball::{Ground, Profiles};

    #[test]
    fn of_two_ties_to_somebody_the_stronger_makes_him_near_in_whatever_order_they_come() {
        for grades in [["A1", "B3"], ["B3", "A1"]] {
            let mut town = quiet();
            town.add(TieType::Ownership, "p50", "c-g1", &[("share", "30")]);
            for (grade, role) in grades.into_iter().zip(["sibling", "other"]) {
                town.add(TieType::Family, "o20", "p50", &[("role", role), ("grade", grade)]);
            }
            let (network, weights) = (town.network(), Weights::default());
            let ground = Ground::new(&network, Profiles::of(&network), &[]);
            let [official, gang, brother] = ["o20", "g1", "p50"].map(|id| network.node(id).unwrap());
            let circle = Circle::of(&Ball::of(&ground, gang, reaches::ALL), official, &weights);
            let ties: Vec<TieRef<'_>> =
                network.between(official, brother).map(|tie| network.tie(tie)).collect();
            let best = ties.iter().max_by(|a, b| worth(**a).total_cmp(&worth(**b))).unwrap();
            assert_eq!(ties.len(), 2);
            assert!(ties.iter().all(|tie| worth(*tie) > 0.5) && worth(ties[0]) != worth(ties[1]));
            let near = circle.near.get(&brother).unwrap();
            assert_eq!(near.weight, weights.near_kin * worth(*best));
            assert_eq!(&*near.way, [(brother, Some(best.ix()))]);
        }
    }
}
