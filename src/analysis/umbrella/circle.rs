//! The official's circle: himself, his likely doubles, his kin, his friends, and how near each is.
//!
//! Kinship is a channel for an act, never a factor: a circle says who may stand in for the
//! official, not that anybody does.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rayon::prelude::*;

use super::people::{People, Way};
use super::side::worth;
use super::weights::Weights;
use crate::model::{Kind, TieType};
use crate::network::ball::Ball;
use crate::network::reach::Types;
use crate::network::{NodeIx, TieRef};

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

/// What is an official's own, beside what is somebody's who is of his house.
const OWN_CLAIM: f64 = 4.0;
/// Who is less near than this to another official is not told to speak for him too.
const RIVAL: f64 = 0.4;
const KIN: &[TieType] = &[TieType::Family];
const FRIENDS: &[TieType] = &[TieType::Associate];
const OWNS: &[TieType] = &[TieType::Ownership, TieType::Directorship];
/// Steps of kinship in a circle.
const KIN_STEPS: usize = 3;
/// People of one home, at most.
const MOST_HOUSEMATES: usize = 6;

impl Circle {
    /// An official, and nobody else.
    fn alone(official: NodeIx) -> Self {
        let mut near = People::default();
        let own = Near { weight: 1.0, nominal: 1.0, way: Way::default(), inferred: false, own: true };
        near.put(official, own);
        Self { official, near }
    }

    /// Reads an official's circle from a ball.
    pub fn of(ball: &Ball<'_>, official: NodeIx, weights: &Weights) -> Self {
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
    fn kin(&mut self, ball: &Ball<'_>, frontier: &[NodeIx], step: f64) -> Vec<NodeIx> {
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

    fn friends(&mut self, ball: &Ball<'_>, selves: &[NodeIx], weights: &Weights) {
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
            for home in ball.ties(node, &[TieType::Holder]).filter(|tie| tie.from() == node) {
                if ball.network().kind(home.to()) == Kind::Address {
                    self.housemates(ball, node, home, weights);
                }
            }
        }
    }

    /// People of one address may be kin that nobody recorded.
    fn housemates(&mut self, ball: &Ball<'_>, node: NodeIx, home: TieRef<'_>, weights: &Weights) {
        for tie in housemates(ball, home).into_iter().filter(|tie| tie.from() != node) {
            let weight = weights.near_address * worth(tie) * worth(home);
            let way = Way::default().on((home.to(), Some(home.ix()))).on((tie.from(), Some(tie.ix())));
            let near = Near { weight, nominal: weights.near_address, way, inferred: true, own: false };
            self.near.add(tie.from(), near);
        }
    }

    /// Likely doubles of the circle's people.
    fn doubles(&mut self, ball: &Ball<'_>) {
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
    fn companies(&mut self, ball: &Ball<'_>) {
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

/// The officials of a ball with their circles, and who stands in whose.
///
/// All stand in one another's way, but of hundreds of circles few hold anybody who has to do with the gang. So in whose
/// circles somebody may stand is found from him ([`may_be_near`]), and of a whole network only those circles are read. Of
/// a part all are: there circles tell what is lacking.
pub(super) struct Circles<'a> {
    ball: &'a Ball<'a>,
    weights: &'a Weights,
    /// The officials, in order, each with whether something is asked of him.
    officials: Vec<(NodeIx, bool)>,
    /// Whether something is asked of all of them.
    all_asked: bool,
    read: Vec<OnceLock<Circle>>,
    /// Circles of whom nobody asked about stands near: the officials alone.
    alone: Vec<OnceLock<Circle>>,
    /// Who stands in which circle, in order; nothing where only some circles are read.
    of: Option<Vec<(NodeIx, u32)>>,
    /// The same of whoever was asked about.
    found: Mutex<Places>,
}

/// In whose circles each of some nodes may stand.
type Places = BTreeMap<NodeIx, Arc<[u32]>>;

impl<'a> Circles<'a> {
    /// The circles of these officials, who are in order, of whom `is_asked` are to be scored.
    pub fn of(
        ball: &'a Ball<'a>,
        officials: &[NodeIx],
        weights: &'a Weights,
        is_asked: impl Fn(NodeIx) -> bool,
    ) -> Self {
        let mut circles = Self::unread(ball, officials, weights, is_asked);
        if !ball.is_of_whole() {
            circles.read_all();
        }
        circles
    }

    /// The same, none of them read yet.
    fn unread(
        ball: &'a Ball<'a>,
        officials: &[NodeIx],
        weights: &'a Weights,
        is_asked: impl Fn(NodeIx) -> bool,
    ) -> Self {
        let officials: Vec<(NodeIx, bool)> = officials.iter().map(|&one| (one, is_asked(one))).collect();
        let all_asked = officials.iter().all(|(_, asked)| *asked);
        let none = || officials.iter().map(|_| OnceLock::new()).collect();
        let (read, alone) = (none(), none());
        Self { ball, weights, officials, all_asked, read, alone, of: None, found: Mutex::default() }
    }

    /// Reads all of them.
    fn read_all(&mut self) {
        let (ball, weights) = (self.ball, self.weights);
        let read: Vec<Circle> =
            self.officials.par_iter().map(|&(one, _)| Circle::of(ball, one, weights)).collect();
        let mut of: Vec<(NodeIx, u32)> =
            Vec::with_capacity(read.iter().map(|circle| circle.near.len()).sum());
        for (at, circle) in (0..).zip(&read) {
            of.extend(circle.near.nodes().map(|node| (node, at)));
        }
        of.par_sort_unstable();
        self.read = read.into_iter().map(OnceLock::from).collect();
        self.of = Some(of);
    }

    /// The circle of the official at a place.
    pub fn at(&self, at: usize) -> &Circle {
        self.read[at].get_or_init(|| Circle::of(self.ball, self.officials[at].0, self.weights))
    }

    /// The officials, in order.
    pub fn officials(&self) -> impl Iterator<Item = NodeIx> + '_ {
        self.officials.iter().map(|(official, _)| *official)
    }

    /// The circles of the officials of whom something is asked, each with its place.
    fn asked(&self) -> impl Iterator<Item = (usize, &Circle)> + '_ {
        let asked = self.officials.iter().enumerate().filter(|(_, (_, asked))| *asked);
        asked.map(|(at, _)| (at, self.at(at)))
    }

    /// The circles of the officials of whom something is asked, in order, for a question about some nodes. Who has none
    /// of them in his circle may be told alone.
    pub fn asked_about(&self, nodes: impl Iterator<Item = NodeIx>) -> Vec<&Circle> {
        if self.of.is_some() || !self.all_asked {
            return self.asked().map(|(_, circle)| circle).collect();
        }
        let touched = self.touched(nodes);
        self.read_these(&touched);
        let circle = |at: u32| {
            if touched.contains(&at) { self.at(at as usize) } else { self.alone(at as usize) }
        };
        (0..self.officials.len() as u32).map(circle).collect()
    }

    /// Reads the circles in which some nodes stand, at the same time, where all are asked about: what is asked of these
    /// nodes next is there.
    pub fn read_about(&self, nodes: impl Iterator<Item = NodeIx>) {
        if self.of.is_none() && self.all_asked {
            self.read_these(&self.touched(nodes));
        }
    }

    /// The places of the circles in which some nodes may stand.
    fn touched(&self, nodes: impl Iterator<Item = NodeIx>) -> BTreeSet<u32> {
        let nodes: BTreeSet<NodeIx> = nodes.collect();
        let known = self.places();
        let unknown: Vec<NodeIx> = nodes.iter().copied().filter(|node| !known.contains_key(node)).collect();
        drop(known);
        let new: Vec<(NodeIx, Arc<[u32]>)> =
            unknown.par_iter().map(|&node| (node, self.may_hold(node))).collect();
        let mut known = self.places();
        known.extend(new);
        nodes.iter().filter_map(|node| known.get(node)).flat_map(|places| places.iter().copied()).collect()
    }

    /// Reads the circles at these places, at the same time.
    fn read_these(&self, places: &BTreeSet<u32>) {
        let unread = places.iter().map(|&at| at as usize).filter(|&at| self.read[at].get().is_none());
        let unread: Vec<(usize, NodeIx)> = unread.map(|at| (at, self.officials[at].0)).collect();
        let (ball, weights) = (self.ball, self.weights);
        let read: Vec<(usize, Circle)> =
            unread.par_iter().map(|&(at, one)| (at, Circle::of(ball, one, weights))).collect();
        for (at, circle) in read {
            self.read[at].get_or_init(|| circle);
        }
    }

    /// The official at a place, and nobody else of his circle.
    fn alone(&self, at: usize) -> &Circle {
        self.alone[at].get_or_init(|| Circle::alone(self.officials[at].0))
    }

    /// The circles a node stands in, each with how near it is.
    pub fn near(&self, node: NodeIx) -> Vec<(usize, &Near)> {
        let near = |at: u32| self.at(at as usize).near.get(&node).map(|near| (at as usize, near));
        match &self.of {
            Some(of) => {
                let first = of.partition_point(|(other, _)| *other < node);
                let places = of.iter().skip(first).take_while(|(other, _)| *other == node);
                places.filter_map(|&(_, at)| near(at)).collect()
            }
            None => self.found(node).iter().filter_map(|&at| near(at)).collect(),
        }
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose circles a node may stand in.
    fn found(&self, node: NodeIx) -> Arc<[u32]> {
        if let Some(found) = self.places().get(&node) {
            return Arc::clone(found);
        }
        let found = self.may_hold(node);
        self.places().insert(node, Arc::clone(&found));
        found
    }

    /// The same, found out.
    fn may_hold(&self, node: NodeIx) -> Arc<[u32]> {
        let place = |person: NodeIx| self.officials.binary_search_by_key(&person, |(one, _)| *one).ok();
        let places = may_be_near(self.ball, node).into_iter().filter_map(place);
        places.map(|at| at as u32).collect()
    }

    /// Those of the circles that a node stands in of whose officials something is asked.
    pub fn near_asked(&self, node: NodeIx) -> Vec<(usize, &Near)> {
        if self.of.is_some() || self.all_asked {
            let all = self.near(node).into_iter();
            return all.filter(|(at, _)| self.officials[*at].1).collect();
        }
        self.asked().filter_map(|(at, circle)| Some((at, circle.near.get(&node)?))).collect()
    }

    /// How much of what somebody does falls to one of the circles he stands in: he may stand in for any
    /// of these officials, the nearer the likelier, and what is an official's own is his before it is
    /// his relatives'. 1 where he stands in no other circle.
    pub fn share(&self, at: usize, node: NodeIx) -> f64 {
        let claim = |near: &Near| {
            let own = if near.own { OWN_CLAIM } else { 1.0 };
            own * near.nominal * near.nominal
        };
        let near = self.near(node);
        let all: f64 = near.iter().map(|(_, near)| claim(near)).sum();
        let own = near.iter().find(|(circle, _)| *circle == at).map_or(0.0, |(_, near)| claim(near));
        if all > 0.0 { own / all } else { 1.0 }
    }

    /// The official beside this one whom somebody is nearest to, where he is near at all: whom the same
    /// rows speak for too.
    pub fn rival(&self, at: usize, node: NodeIx) -> Option<(&Circle, &Near)> {
        let others =
            self.near(node).into_iter().filter(|(circle, near)| *circle != at && near.nominal >= RIVAL);
        let nearest = others.max_by(|a, b| {
            (a.1.own, a.1.nominal)
                .partial_cmp(&(b.1.own, b.1.nominal))
                .unwrap_or(Ordering::Equal)
                .then(b.0.cmp(&a.0))
        });
        nearest.map(|(circle, near)| (self.at(circle), near))
    }
}

/// People in whose circles a node may stand, by the steps of [`Circle::of`] walked from their end: its owners, their
/// doubles, then kin, friends and housemates, and these one's doubles. No less than those in whose circles it does, and
/// so by all ties that there are: circles know of those that are in the ball.
fn may_be_near(ball: &Ball<'_>, node: NodeIx) -> Vec<NodeIx> {
    let network = ball.network();
    let across = |node: NodeIx, types: Types| {
        let arcs = network.tagged_arcs(node).filter(move |(_, ty, _)| types.has(*ty));
        arcs.map(|(arc, _, outward)| (arc.neighbour, outward))
    };
    let (owns, kin, friends, holds) =
        (Types::of(OWNS), Types::of(KIN), Types::of(FRIENDS), Types::of(&[TieType::Holder]));
    let owners = across(node, owns).filter(|(_, outward)| !outward).map(|(owner, _)| owner);
    let ends = with_doubles(ball, owners.chain([node]).collect());
    let mut people = ends.clone();
    let mut frontier = ends.clone();
    for _ in 0..KIN_STEPS {
        let near = frontier.iter().flat_map(|&one| across(one, kin)).map(|(one, _)| one).collect();
        frontier = each_once(near);
        frontier.retain(|one| people.binary_search(one).is_err());
        people.extend_from_slice(&frontier);
        people.sort();
    }
    for &one in &ends {
        people.extend(across(one, friends).map(|(friend, _)| friend));
        for (home, _) in across(one, holds).filter(|(_, outward)| *outward) {
            if network.kind(home) == Kind::Address {
                people.extend(across(home, holds).filter(|(_, outward)| !outward).map(|(one, _)| one));
            }
        }
    }
    with_doubles(ball, people)
}

/// Some people and whoever they are likely to be as well, in order.
fn with_doubles(ball: &Ball<'_>, mut people: Vec<NodeIx>) -> Vec<NodeIx> {
    let doubles = people.iter().flat_map(|&one| ball.either_twins(one)).map(|twin| twin.node);
    let doubles: Vec<NodeIx> = doubles.collect();
    people.extend(doubles);
    each_once(people)
}

fn each_once(mut people: Vec<NodeIx>) -> Vec<NodeIx> {
    people.sort_unstable();
    people.dedup();
    people
}

/// Who holds a home, those of a house of many left out: its people need not know one another. A row with its ends
/// turned round, by which the home holds somebody, is left out: a home is nobody's housemate.
fn housemates<'g>(ball: &Ball<'g>, home: TieRef<'_>) -> Vec<TieRef<'g>> {
    let holds = |tie: &TieRef<'_>| tie.to() == home.to();
    let all: Vec<TieRef<'_>> = ball.ties(home.to(), &[TieType::Holder]).filter(holds).collect();
    if all.len() > MOST_HOUSEMATES { Vec::new() } else { all }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use proptest::prelude::*;

    use super::super::towns::quiet;
    use super::super::{officials, reaches};
    use super::*;
    use crate::model::Table;
    use crate::network::ball::{Ground, Profiles};

    /// Officials, kin, members, homes and firms between whom rows are drawn.
    const PEOPLE: [&str; 12] =
        ["o00", "o01", "o10", "o20", "p00", "p01", "p02", "p03", "p04", "p05", "m-g1-0", "m-g1-1"];
    const HOMES: [&str; 2] = ["h0", "h1"];
    const FIRMS: [&str; 3] = ["c00", "c01", "c-g1"];

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

    /// Circles of several people of whom the official alone was told, and those that were read.
    static SEEN: [AtomicUsize; 2] = [AtomicUsize::new(0), AtomicUsize::new(0)];
    #[test]
    fn circles_are_the_same_whether_all_are_read_or_a_few() {
        few_and_all_show_the_same();
        let [alone, read] = SEEN.each_ref().map(|seen| seen.load(Ordering::Relaxed));
        assert!(alone > 20 && read > 20, "{alone} alone, {read} read");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Whoever is asked about stands in the same circles, whether all of them were read or those few.
        fn few_and_all_show_the_same(
            rows in proptest::collection::vec((0..6_usize, 0..12_usize, 0..12_usize), 10..50),
            asked in proptest::collection::vec(0..12_usize, 0..3),
            doubles in proptest::collection::vec([0..12_usize, 0..12_usize], 0..4),
            narrow in any::<bool>(),
        ) {
            let mut town = quiet();
            for home in HOMES {
                town.entity(home, Kind::Address, Table::Objects, &[]);
            }
            for (ty, from, to) in rows {
                let (own, other) = (PEOPLE[from], PEOPLE[to]);
                let (ty, from, to) = match ty {
                    0 => (TieType::Family, own, other),
                    1 => (TieType::Associate, own, other),
                    2 => (TieType::Same, own, other),
                    3 => (TieType::Holder, own, HOMES[to % HOMES.len()]),
                    // With its ends turned round.
                    4 => (TieType::Holder, HOMES[from % HOMES.len()], other),
                    _ => (TieType::Ownership, own, FIRMS[to % FIRMS.len()]),
                };
                if from != to {
                    town.add(ty, from, to, &[("share", if ty == TieType::Ownership { "60" } else { "" })]);
                }
            }
            let (network, weights) = (town.network(), Weights::default());
            // Doubles that no row tells of are in no tie.
            let mut likely = crate::analysis::doubles::positions(&network);
            let drawn = doubles.iter().map(|pair| pair.map(|at| network.node(PEOPLE[at]).unwrap()));
            likely.extend(drawn.filter(|[a, b]| a != b).map(|[a, b]| (a, b, 0.7)));
            let gang = network.node("g1").unwrap();
            let reaches = if narrow { reaches::NARROW } else { reaches::ALL };
            let ground = Ground::new(&network, Profiles::of(&network), &likely).ready_for(reaches);
            let ball = Ball::of(&ground, gang, reaches);
            let of_ball = officials(&ball);
            let mut all = Circles::unread(&ball, &of_ball, &weights, |_| true);
            all.read_all();
            let some = Circles::of(&ball, &of_ball, &weights, |_| false);
            let late = Circles::of(&ball, &of_ball, &weights, |_| true);
            prop_assert!(some.of.is_none() && late.of.is_none());
            let people: Vec<NodeIx> = asked.iter().filter_map(|&at| network.node(PEOPLE[at])).collect();
            let about = late.asked_about(people.iter().copied());
            prop_assert_eq!(about.len(), of_ball.len());
            for (circle, (_, whole)) in about.into_iter().zip(all.asked()) {
                let same = format!("{circle:?}") == format!("{whole:?}");
                let holds = people.iter().any(|node| whole.near.contains_key(node));
                prop_assert!(same || !holds && circle.near.len() == 1, "{}", network.id(whole.official));
                if whole.near.len() > 1 {
                    SEEN[usize::from(same)].fetch_add(1, Ordering::Relaxed);
                }
                prop_assert_eq!(circle.official, whole.official);
            }
            let ready = Circles::of(&ball, &of_ball, &weights, |_| true);
            ready.read_about(people.iter().copied());
            for &node in &people {
                prop_assert!(ready.found(node).iter().all(|&at| ready.read[at as usize].get().is_some()));
                prop_assert_eq!(ready.found(node).to_vec(), late.found(node).to_vec());
            }
            for node in network.nodes() {
                let told = |circles: &Circles<'_>| format!("{:?}", circles.near(node));
                prop_assert_eq!(told(&some), told(&all), "{}", network.id(node));
                prop_assert_eq!(told(&late), told(&all), "{}", network.id(node));
                prop_assert_eq!(told(&ready), told(&all), "{}", network.id(node));
                prop_assert_eq!(
                    format!("{:?}", late.near_asked(node)),
                    format!("{:?}", all.near_asked(node)),
                );
            }
        }
    }
}
