//! The circles of a ball's officials, and who stands in whose.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering as AtomicOrdering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rayon::prelude::*;

use super::circle::{Circle, FRIENDS, HOLDS, KIN, KIN_STEPS, Near, OWNS, Remembered};
use super::weights::Weights;
use crate::model::Kind;
use crate::network::NodeIx;
use crate::network::ball::{Ball, Ground};
use crate::network::reach::Types;

/// What is an official's own, beside what is somebody's who is of his house.
const OWN_CLAIM: f64 = 4.0;
/// Who is less near than this to another official is not told to speak for him too.
const RIVAL: f64 = 0.4;

/// So many people of circles are kept: of a city of a million, nearly all that there are. What a circle looked at beyond
/// what is around its official is a few rows.
const MOST: usize = 1 << 21;

/// Circles kept as they are read: nearly all balls of some ground show the same of an official.
pub(super) struct Alike {
    weights: Weights,
    /// By the places of the officials among all.
    circles: Vec<OnceLock<Remembered>>,
    /// How many people they have.
    people: AtomicUsize,
    most: usize,
}

impl Alike {
    /// None yet, of ground of which it is known what is around officials; for circles that are judged by these weights.
    pub fn none_of(ground: &Ground<'_>, weights: &Weights) -> Self {
        let circles = (0..ground.surrounded()).map(|_| OnceLock::new()).collect();
        Self { weights: weights.clone(), circles, people: AtomicUsize::new(0), most: MOST }
    }

    /// Whether these are the weights by which its circles are judged.
    pub fn is_by(&self, weights: &Weights) -> bool {
        self.weights == *weights
    }

    /// The weights by which its circles are judged.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    fn place(&self, ball: &Ball<'_>, official: NodeIx) -> Option<&OnceLock<Remembered>> {
        self.circles.get(ball.around(official)?.place())
    }

    /// The circle of an official who is in a ball.
    fn read(&self, ball: &Ball<'_>, official: NodeIx) -> Arc<Circle> {
        let place = self.place(ball, official);
        let kept = place.and_then(OnceLock::get);
        if let Some(kept) = kept.filter(|kept| kept.is_shown(ball)) {
            return Arc::clone(&kept.circle);
        }
        let read = Circle::read(ball, official, &self.weights);
        let circle = Arc::clone(&read.circle);
        let people = circle.near.len();
        let has_room = || self.people.load(AtomicOrdering::Relaxed) + people <= self.most;
        if let Some(place) = place.filter(|_| kept.is_none() && has_room())
            && place.set(read).is_ok()
        {
            self.people.fetch_add(people, AtomicOrdering::Relaxed);
        }
        circle
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
    read: Vec<OnceLock<Arc<Circle>>>,
    /// Those that are the same in other balls, where they are kept.
    alike: Option<&'a Alike>,
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
        alike: Option<&'a Alike>,
        is_asked: impl Fn(NodeIx) -> bool,
    ) -> Self {
        let mut circles = Self::unread(ball, officials, weights, is_asked);
        circles.alike = alike;
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
        let read = officials.iter().map(|_| OnceLock::new()).collect();
        let alone = officials.iter().map(|_| OnceLock::new()).collect();
        Self {
            ball,
            weights,
            officials,
            all_asked,
            read,
            alike: None,
            alone,
            of: None,
            found: Mutex::default(),
        }
    }

    /// Reads all of them.
    fn read_all(&mut self) {
        let read: Vec<Arc<Circle>> = self.officials.par_iter().map(|&(one, _)| self.read(one)).collect();
        let mut of: Vec<(NodeIx, u32)> =
            Vec::with_capacity(read.iter().map(|circle| circle.near.len()).sum());
        for (at, circle) in (0..).zip(&read) {
            of.extend(circle.near.nodes().map(|node| (node, at)));
        }
        of.par_sort_unstable();
        self.read = read.into_iter().map(OnceLock::from).collect();
        self.of = Some(of);
    }

    /// Whether a node may stand in any of the circles: none is read for it.
    pub fn may_hold_any(&self, node: NodeIx) -> bool {
        !self.found(node).is_empty()
    }

    /// Circles that other balls left behind.
    pub fn alike(&self) -> Option<&'a Alike> {
        self.alike
    }

    /// An official's circle, read or kept.
    fn read(&self, official: NodeIx) -> Arc<Circle> {
        match self.alike {
            Some(alike) => alike.read(self.ball, official),
            None => Circle::read(self.ball, official, self.weights).circle,
        }
    }

    /// The circle of the official at a place.
    pub fn at(&self, at: usize) -> &Circle {
        self.read[at].get_or_init(|| self.read(self.officials[at].0))
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
        let read: Vec<(usize, Arc<Circle>)> =
            unread.par_iter().map(|&(at, one)| (at, self.read(one))).collect();
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

/// People in whose circles a node may stand, by the steps of [`Circle::read`] walked from their end: its owners, their
/// doubles, then kin, friends and housemates, and these one's doubles. No less than those in whose circles it does, and
/// so by all ties that there are: circles know of those that are in the ball.
fn may_be_near(ball: &Ball<'_>, node: NodeIx) -> Vec<NodeIx> {
    let network = ball.network();
    let across = |node: NodeIx, types: Types| {
        let arcs = network.tagged_arcs(node).filter(move |(_, ty, _)| types.has(*ty));
        arcs.map(|(arc, _, outward)| (arc.neighbour, outward))
    };
    let (owns, kin, friends, holds) = (Types::of(OWNS), Types::of(KIN), Types::of(FRIENDS), Types::of(HOLDS));
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::towns::quiet;
    use super::super::{officials, reaches};
    use super::*;
    use crate::model::{Table, TieType};
    use crate::network::ball::Profiles;

    /// Officials, kin, members, homes and firms between whom rows are drawn.
    const PEOPLE: [&str; 14] = [
        "o00", "o01", "o10", "o20", "p00", "p01", "p02", "p03", "p04", "p05", "m-g1-0", "m-g1-1", "m-g2-0",
        "m-g2-1",
    ];
    const HOMES: [&str; 2] = ["h0", "h1"];
    const FIRMS: [&str; 3] = ["c00", "c01", "c-g1"];

    /// A relative of the official's, of whom both gangs' balls show all, has a brother whose double only one may tell of.
    #[test]
    fn a_circle_is_not_kept_for_a_ball_that_tells_of_other_doubles() {
        let mut town = quiet();
        town.people(&["p60", "p61", "p62"]).member("p60", "g1").member("p60", "g2");
        town.add(TieType::Family, "o20", "p60", &[("role", "sibling")]);
        town.add(TieType::Family, "p60", "p61", &[("role", "sibling")]);
        (0..4).for_each(|_| {
            town.add(TieType::Call, "p60", "p00", &[]);
        });
        town.add(TieType::Call, "m-g2-0", "p61", &[]);
        let (network, weights) = (town.network(), Weights::default());
        let at = |id: &str| network.node(id).unwrap();
        let likely = [(at("p61"), at("p62"), 0.7)];
        let ground = Ground::new(&network, Profiles::of(&network), &likely).ready_for(reaches::NARROW);
        let alike = Alike::none_of(&ground, &weights);
        let circles = ["g1", "g2"].map(|gang| {
            let ball = Ball::of(&ground, at(gang), reaches::NARROW);
            let (kept, read) = (alike.read(&ball, at("o20")), Circle::of(&ball, at("o20"), &weights));
            assert_eq!(format!("{kept:?}"), format!("{read:?}"), "{gang}");
            let place = alike.place(&ball, at("o20")).and_then(OnceLock::get).unwrap();
            (read.near.contains_key(&at("p62")), place.is_of_other_doubles(&ball))
        });
        assert_eq!(circles, [(false, false), (true, true)]);
    }

    /// Circles of several people of whom the official alone was told, and those that were read.
    static SEEN: [AtomicUsize; 2] = [AtomicUsize::new(0), AtomicUsize::new(0)];
    /// Circles that were kept of another ball: shown alike by this one, alike where it had to be looked, and not alike.
    /// Cases in which there was no room for all.
    static KEPT: [AtomicUsize; 4] = [const { AtomicUsize::new(0) }; 4];

    #[test]
    fn circles_are_the_same_whether_all_are_read_or_a_few() {
        few_and_all_show_the_same();
        let [alone, read] = SEEN.each_ref().map(|seen| seen.load(AtomicOrdering::Relaxed));
        assert!(alone > 20 && read > 20, "{alone} alone, {read} read");
        let kept = KEPT.each_ref().map(|seen| seen.load(AtomicOrdering::Relaxed));
        assert!(kept.iter().all(|&seen| seen > 10), "{kept:?} kept");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Whoever is asked about stands in the same circles, whether all of them were read or those few.
        fn few_and_all_show_the_same(
            rows in proptest::collection::vec((0..6_usize, 0..14_usize, 0..14_usize), 10..70),
            asked in proptest::collection::vec(0..14_usize, 0..3),
            doubles in proptest::collection::vec([0..14_usize, 0..14_usize], 0..4),
            narrow in any::<bool>(),
            most in proptest::sample::select(vec![0, 30, MOST]),
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
            let some = Circles::of(&ball, &of_ball, &weights, None, |_| false);
            let late = Circles::of(&ball, &of_ball, &weights, None, |_| true);
            prop_assert!(some.of.is_none() && late.of.is_none());
            let people: Vec<NodeIx> = asked.iter().filter_map(|&at| network.node(PEOPLE[at])).collect();
            let about = late.asked_about(people.iter().copied());
            prop_assert_eq!(about.len(), of_ball.len());
            for (circle, (_, whole)) in about.into_iter().zip(all.asked()) {
                let same = format!("{circle:?}") == format!("{whole:?}");
                let holds = people.iter().any(|node| whole.near.contains_key(node));
                prop_assert!(same || !holds && circle.near.len() == 1, "{}", network.id(whole.official));
                if whole.near.len() > 1 {
                    SEEN[usize::from(same)].fetch_add(1, AtomicOrdering::Relaxed);
                }
                prop_assert_eq!(circle.official, whole.official);
            }
            let ready = Circles::of(&ball, &of_ball, &weights, None, |_| true);
            ready.read_about(people.iter().copied());
            for &node in &people {
                prop_assert!(ready.found(node).iter().all(|&at| ready.read[at as usize].get().is_some()));
                prop_assert_eq!(ready.found(node).to_vec(), late.found(node).to_vec());
            }
            // What one ball leaves behind for others is what they would read.
            let alike = Alike { most, ..Alike::none_of(&ground, &weights) };
            for gang in ["g1", "g2", "g1"] {
                let ball = Ball::of(&ground, network.node(gang).unwrap(), reaches);
                for official in officials(&ball) {
                    let kept = alike.place(&ball, official).and_then(OnceLock::get);
                    let sort = kept.map(|kept| match (kept.is_shown(&ball), kept.is_sure()) {
                        (true, sure) => usize::from(!sure),
                        (false, _) => 2,
                    });
                    let (told, read) = (alike.read(&ball, official), Circle::of(&ball, official, &weights));
                    prop_assert_eq!(format!("{told:?}"), format!("{read:?}"), "{} {}", gang, network.id(official));
                    if let Some(sort) = sort.filter(|_| read.near.len() > 1) {
                        KEPT[sort].fetch_add(1, AtomicOrdering::Relaxed);
                    }
                }
            }
            let kept: usize = alike.circles.iter().filter_map(OnceLock::get).map(|kept| kept.circle.near.len()).sum();
            prop_assert!(kept <= most);
            if most < MOST {
                KEPT[3].fetch_add(1, AtomicOrdering::Relaxed);
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
