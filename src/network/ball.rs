//! What one gang's score may see: a network, and which of its nodes were walked.
//!
//! A [`Ball`] shows the ties that were opened of each node, with their claims, the number of ties
//! of every node as its source counts them ([`Profiles`]), and what was cut and why. It borrows a
//! network: the whole one of a city in memory, or one assembled from a store's answers. An
//! analysis that reads only through a ball gives the same answer from either.

mod kept;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::frontier::Faced;
use super::marks::{Marks, Sparse, in_order};
use super::reach::{
    Around, AroundOne, Chosen, Cut, Reaches, Seen, Stage, Ties, Types, Walk, opened_from, walk_at_once,
};
use super::{Arc, Network, NodeIx, TieRef};
use crate::model::{Date, Kind, Layer, TieType};
pub use kept::Kept;

/// What a source knows of nodes beside the ties that were opened: how many ties a layer each has, in the order of
/// [`Layer::ALL`], and whether it is an official. Of a part of a source it is known of some; who else is asked for is
/// noted, so that it can be read and the same be asked again.
#[derive(Debug, Default)]
pub struct Profiles {
    rows: Vec<[u32; Layer::ALL.len()]>,
    part: Option<Told>,
}

/// Of which nodes of a part something is known.
#[derive(Debug, Default)]
struct Told {
    /// Whether a node was told of, and whether it is an official.
    of: Vec<Option<bool>>,
    /// Who else was asked for.
    lacking: Mutex<BTreeSet<NodeIx>>,
}

impl Profiles {
    /// The profiles of a network that holds everything. Cost: one pass over the ties.
    pub fn of(network: &Network) -> Self {
        let mut rows = vec![[0; Layer::ALL.len()]; network.node_count()];
        for tie in network.ties().map(|tie| network.tie(tie)).filter(|tie| tie.from() != tie.to()) {
            let layer = tie.layer() as usize;
            rows[tie.from().at()][layer] += 1;
            rows[tie.to().at()][layer] += 1;
        }
        Self { rows, part: None }
    }

    /// Those of a part of so many nodes, of which nothing is known yet.
    pub fn of_part(nodes: usize) -> Self {
        let told = Told { of: vec![None; nodes], ..Told::default() };
        Self { rows: vec![Default::default(); nodes], part: Some(told) }
    }

    /// Tells of a node of a part.
    pub fn tell(&mut self, node: NodeIx, ties: [u32; Layer::ALL.len()], is_official: bool) {
        let told = self.part.as_mut().and_then(|part| part.of.get_mut(node.at()));
        told.into_iter().for_each(|told| *told = Some(is_official));
        self.rows.get_mut(node.at()).into_iter().for_each(|row| *row = ties);
    }

    /// Who was asked for and not told of, in order.
    pub fn lacking(self) -> BTreeSet<NodeIx> {
        let lacking = self.part.map(|part| part.lacking.into_inner().unwrap_or_else(PoisonError::into_inner));
        lacking.unwrap_or_default()
    }

    /// What was told of a node of a part: whether it is an official.
    fn told(&self, node: NodeIx) -> Option<bool> {
        let part = self.part.as_ref()?;
        let told = part.of.get(node.at()).copied().flatten();
        if told.is_none() {
            part.lacking.lock().unwrap_or_else(PoisonError::into_inner).insert(node);
        }
        told
    }

    /// How many ties a node has in a layer.
    pub fn ties(&self, node: NodeIx, layer: Layer) -> u32 {
        self.told(node);
        self.rows.get(node.at()).map_or(0, |row| row[layer as usize])
    }

    /// How many ties a node has in all.
    pub fn all(&self, node: NodeIx) -> u32 {
        self.told(node);
        self.rows.get(node.at()).map_or(0, |row| row.iter().sum())
    }
}

/// Two nodes that are likely one, with the probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Twin {
    /// The other node.
    pub node: NodeIx,
    /// How likely the two are one.
    pub probability: f64,
}

/// The likely doubles of a network's nodes. Walks ask it of everybody they open, and hardly anybody has one.
#[derive(Debug)]
struct Twins {
    /// Who has any.
    has: Marks,
    /// The twins of each of these, in order: so many from here on.
    of: Vec<(NodeIx, usize)>,
    twins: Vec<Twin>,
}

impl Twins {
    fn new(nodes: usize, pairs: &[(NodeIx, NodeIx, f64)]) -> Self {
        let twin = |node, probability| Twin { node, probability };
        let both = pairs.iter().flat_map(|&(a, b, likely)| [(a, twin(b, likely)), (b, twin(a, likely))]);
        let mut rows: Vec<(NodeIx, Twin)> = both.collect();
        // Those of one node stay in the order of the pairs.
        rows.sort_by_key(|(node, _)| *node);
        let mut told =
            Self { has: Marks::none_of(nodes), of: Vec::new(), twins: Vec::with_capacity(rows.len()) };
        for (node, twin) in rows {
            if told.of.last().is_none_or(|(last, _)| *last != node) {
                told.has.add(node);
                told.of.push((node, told.twins.len()));
            }
            told.twins.push(twin);
        }
        told
    }

    fn of(&self, node: NodeIx) -> &[Twin] {
        let find = || self.of.binary_search_by_key(&node, |(own, _)| *own).ok();
        let Some(at) = self.has.has(node).then(find).flatten() else { return &[] };
        let end = self.of.get(at + 1).map_or(self.twins.len(), |(_, end)| *end);
        self.twins.get(self.of[at].1..end).unwrap_or_default()
    }
}

/// What the walks of a ball start from: a gang and its cases.
const SEEDS: &[Kind] = &[Kind::Gang, Kind::Case];

/// What there is around officials is kept up to so many officials a node, all nodes together.
const MOST: usize = 32;

/// A network with what stands beside it: profiles and likely doubles.
#[derive(Debug)]
pub struct Ground<'n> {
    network: &'n Network,
    profiles: Profiles,
    twins: Twins,
    cases: BTreeMap<String, Vec<NodeIx>>,
    around: Around,
    doubted: Option<Marks>,
}

impl<'n> Ground<'n> {
    /// The ground of a network. `twins` are pairs of nodes that are likely one.
    pub fn new(network: &'n Network, profiles: Profiles, pairs: &[(NodeIx, NodeIx, f64)]) -> Self {
        let twins = Twins::new(network.node_count(), pairs);
        let mut cases: BTreeMap<String, Vec<NodeIx>> = BTreeMap::new();
        for node in network.nodes().filter(|&node| network.kind(node) == Kind::Case) {
            if let Some(gang) = network.prop(node, "gang") {
                cases.entry(gang.to_owned()).or_default().push(node);
            }
        }
        Self { network, profiles, twins, cases, around: Around::default(), doubted: None }
    }

    /// The same, made ready for many balls of these reaches; of a part, as it is. Cost: of some dozens of balls.
    #[must_use]
    pub fn ready_for(self, reaches: &Reaches) -> Self {
        let most = MOST * self.network.node_count().max(1 << 10);
        self.ready_within(reaches, most)
    }

    /// The same, of which no more than so many officials at nodes are kept.
    #[must_use]
    pub(crate) fn ready_within(mut self, reaches: &Reaches, most: usize) -> Self {
        if self.profiles.part.is_none() {
            let (nodes, officials) = (self.network.node_count(), self.officials());
            self.around = Around::of(&self, nodes, officials, (reaches, SEEDS), most);
        }
        self
    }

    /// How many looking stages are known of it, and whether circles are.
    #[cfg(test)]
    pub(crate) fn known(&self) -> (usize, bool) {
        self.around.known()
    }

    /// The officials of the network, in order.
    fn officials(&self) -> Vec<NodeIx> {
        self.network.nodes().filter(|&node| self.network.is_official(node)).collect()
    }

    /// The same, with whom of its officials an analysis takes for none, which is found out once: by all their ties. Of a
    /// part, as it is.
    #[must_use]
    pub fn doubting(mut self, doubts: impl Fn(&Ball<'_>, NodeIx) -> bool + Sync) -> Self {
        if self.profiles.part.is_some() {
            return self;
        }
        let officials = self.officials();
        let open = officials.iter().map(|&official| (official, Types::ALL)).collect();
        let walk = Walk { opened: open, reached: officials.clone(), cut: BTreeSet::new() };
        let mut doubted = Marks::none_of(self.network.node_count());
        // Whose ball it is matters to nobody who is asked about.
        if let Some(&any) = officials.first() {
            let ball = Ball::walked(&self, any, walk);
            let found: Vec<NodeIx> =
                officials.into_par_iter().filter(|&official| doubts(&ball, official)).collect();
            found.into_iter().for_each(|official| doubted.add(official));
        }
        self.doubted = Some(doubted);
        self
    }

    /// The network.
    pub fn network(&self) -> &'n Network {
        self.network
    }

    /// How many officials there are of whose circles it was found out once what is in them.
    pub fn surrounded(&self) -> usize {
        self.around.surrounded()
    }

    /// Who was asked for of whom the profiles do not tell.
    pub fn lacking(self) -> BTreeSet<NodeIx> {
        self.profiles.lacking()
    }

    /// Whether a node is an official, as far as is known.
    fn is_official(&self, node: NodeIx) -> bool {
        self.network.is_official(node) || self.profiles.told(node) == Some(true)
    }

    /// The cases that are put down to a gang.
    pub fn cases_of(&self, gang: NodeIx) -> &[NodeIx] {
        self.cases.get(self.network.id(gang)).map_or(&[], Vec::as_slice)
    }

    /// The gangs whose walks may come to one of these people, whoever he is likely to be as well, and open all his
    /// ties: no less than the gangs that he is scored for.
    pub fn gangs_to(&self, people: &BTreeSet<NodeIx>, reaches: &Reaches) -> BTreeSet<NodeIx> {
        let people = self.with_twins(people);
        let from = opened_from(self, &people, reaches, SEEDS);
        let gang = |node: NodeIx| match self.network.kind(node) {
            Kind::Gang => Some(node),
            Kind::Case => self.network.node(self.network.prop(node, "gang")?),
            _ => None,
        };
        from.into_iter().filter_map(gang).filter(|&gang| self.network.kind(gang) == Kind::Gang).collect()
    }

    /// Some people, and whoever they are likely to be as well.
    pub fn with_twins(&self, people: &BTreeSet<NodeIx>) -> BTreeSet<NodeIx> {
        let twins = people.iter().flat_map(|&node| self.twins_of(node)).map(|twin| twin.node);
        people.iter().copied().chain(twins).collect()
    }

    fn twins_of(&self, node: NodeIx) -> &[Twin] {
        self.twins.of(node)
    }

    /// The ties of a frontier; days, which lie far off in memory, only where they are asked for.
    fn seen(
        &self,
        frontier: &[NodeIx],
        types: &[TieType],
        inward_days: bool,
        each: &mut dyn FnMut(Seen<NodeIx>),
    ) {
        let (wanted, network) = (Types::of(types), self.network);
        network.faced(frontier, wanted, &mut |faced| {
            let kinds: Vec<Kind> = faced.iter().map(|faced| network.kind(faced.far)).collect();
            let is_told = |faced: &Faced| Types::PASSED.has(faced.ty) && (faced.outward || inward_days);
            let start = |faced: &Faced| is_told(faced).then(|| network.start_at(faced.at)).flatten();
            let starts: Vec<Option<Date>> = faced.iter().map(start).collect();
            for ((&Faced { near, far, ty, outward, .. }, kind), start) in faced.iter().zip(kinds).zip(starts)
            {
                each(Seen { near, far, ty, kind: Some(kind), outward, start });
            }
        });
        if !wanted.has(TieType::Same) {
            return;
        }
        for (near, &node) in frontier.iter().enumerate() {
            for twin in self.twins_of(node) {
                let (ty, kind) = (TieType::Same, Some(network.kind(twin.node)));
                each(Seen { near, far: twin.node, ty, kind, outward: true, start: None });
            }
        }
    }
}

impl Ties for Ground<'_> {
    type Node = NodeIx;

    fn kinds_of(&self, nodes: &[NodeIx]) -> Vec<Kind> {
        nodes.iter().map(|&node| self.network.kind(node)).collect()
    }

    fn officials_of(&self, nodes: &[NodeIx]) -> Vec<bool> {
        nodes.iter().map(|&node| self.network.is_official(node)).collect()
    }

    fn counts_of(&self, nodes: &[NodeIx]) -> Vec<u32> {
        nodes.iter().map(|&node| self.profiles.all(node)).collect()
    }

    fn in_order(&self, nodes: Vec<NodeIx>) -> Vec<NodeIx> {
        in_order(nodes, self.network.node_count())
    }

    fn officials_near(&self, nodes: &[NodeIx], stage: &Stage) -> Option<Vec<NodeIx>> {
        self.around.near(nodes, stage)
    }

    fn ties_of(&self, frontier: &[NodeIx], types: &[TieType], each: &mut dyn FnMut(Seen<NodeIx>)) {
        self.seen(frontier, types, false, each);
    }

    fn dated_ties_of(&self, frontier: &[NodeIx], types: &[TieType], each: &mut dyn FnMut(Seen<NodeIx>)) {
        self.seen(frontier, types, true, each);
    }
}

/// Whether anybody asks how many ties a node of this kind has: actors, and what they hold.
pub const fn is_counted(kind: Kind) -> bool {
    use Kind as K;
    matches!(kind, K::Person | K::Company | K::Organisation | K::Gang | K::Account | K::Phone)
}

/// What a gang's score may see. See the module's documentation.
#[derive(Clone, Debug)]
pub struct Ball<'g> {
    ground: &'g Ground<'g>,
    gang: NodeIx,
    /// Of which nodes something was opened, and which of `sets`: few bytes, since every tie asks.
    opened: Sparse<u16>,
    /// The sets of types that something was opened for.
    sets: Vec<Types>,
    /// Nodes of which everything was opened, in order.
    whole: Vec<NodeIx>,
    reached: Marks,
    /// The officials whose circles are told by the ground, where no walk opened them.
    chosen: Option<Chosen>,
    /// What was reached and not opened.
    pub cut: BTreeSet<Cut<NodeIx>>,
}

impl<'g> Ball<'g> {
    /// The ball of a gang: the union of these reaches, from the gang and its cases.
    pub fn of(ground: &'g Ground<'g>, gang: NodeIx, reaches: &Reaches) -> Self {
        let mut seeds = vec![gang];
        seeds.extend(ground.cases_of(gang));
        match ground.around.but_circles(reaches) {
            Some(reaches) => Self::of_officials(ground, gang, walk_at_once(ground, &seeds, &reaches)),
            None => Self::walked(ground, gang, walk_at_once(ground, &seeds, reaches)),
        }
    }

    /// The ball of a gang whose walks went as far as officials: of those, everything is opened, and their circles are
    /// what the ground knows.
    fn of_officials(ground: &'g Ground<'g>, gang: NodeIx, mut walk: Walk<NodeIx>) -> Self {
        let around = &ground.around;
        let (officials, chosen) = around.choose(ground, &walk.reached);
        walk.open_whole(officials);
        walk.cut.extend(around.cut(&chosen).cloned());
        let mut ball = Self { chosen: Some(chosen), ..Self::walked(ground, gang, walk) };
        let cut = std::mem::take(&mut ball.cut);
        ball.cut = cut.into_iter().filter(|cut| ball.opened(cut.node).is_empty()).collect();
        ball
    }

    /// The ball of a gang whose reaches were walked elsewhere: in the store that the ground was
    /// assembled from.
    pub fn walked(ground: &'g Ground<'g>, gang: NodeIx, walk: Walk<NodeIx>) -> Self {
        let count = ground.network.node_count();
        let mut reached = Marks::none_of(count);
        let (mut sets, mut whole): (Vec<Types>, Vec<NodeIx>) = (Vec::new(), Vec::new());
        let opened = walk.opened.into_iter().map(|(node, types)| {
            let known = sets.iter().position(|set| *set == types);
            let set = known.unwrap_or(sets.len()) as u16;
            sets.extend(known.is_none().then_some(types));
            whole.extend((types == Types::ALL).then_some(node));
            (node, set)
        });
        let opened = Sparse::of(count, opened);
        walk.reached.into_iter().for_each(|node| reached.add(node));
        Self { ground, gang, opened, sets, whole, reached, chosen: None, cut: walk.cut }
    }

    /// The network the ball borrows. Ties must be read by [`Ball::arcs`].
    pub fn network(&self) -> &'g Network {
        self.ground.network
    }

    /// The gang.
    pub fn gang(&self) -> NodeIx {
        self.gang
    }

    /// The gang's cases.
    pub fn cases(&self) -> &'g [NodeIx] {
        self.ground.cases_of(self.gang)
    }

    /// The nodes of which every tie is in the ball, in order.
    pub fn whole(&self) -> &[NodeIx] {
        &self.whole
    }

    /// Whether every tie of the node is in the ball.
    pub fn is_open(&self, node: NodeIx) -> bool {
        self.opened(node) == Types::ALL
    }

    /// Which of a node's ties were opened.
    fn opened(&self, node: NodeIx) -> Types {
        let walked = self.walked_open(node);
        match &self.chosen {
            Some(chosen) if walked != Types::ALL => walked.with(self.ground.around.opened(node, chosen)),
            _ => walked,
        }
    }

    fn walked_open(&self, node: NodeIx) -> Types {
        self.opened.get(node).map_or(Types::default(), |set| self.sets[usize::from(set)])
    }

    /// Whether a node was opened for ties of a type.
    fn has_opened(&self, node: NodeIx, ty: TieType) -> bool {
        let around =
            || self.chosen.as_ref().is_some_and(|chosen| self.ground.around.has_opened(node, ty, chosen));
        self.walked_open(node).has(ty) || around()
    }

    /// How many ties somebody, or an account or phone, has in a layer, as the source counts them; 0 of
    /// one that was not reached, and of what is [not counted](is_counted).
    pub fn degree(&self, node: NodeIx, layer: Layer) -> u32 {
        let known = self.is_reached(node) && is_counted(self.network().kind(node));
        if known { self.ground.profiles.ties(node, layer) } else { 0 }
    }

    /// Whether a node was reached: only of those is it known what they are beside their own rows.
    fn is_reached(&self, node: NodeIx) -> bool {
        let around =
            || self.chosen.as_ref().is_some_and(|chosen| self.ground.around.has_reached(node, chosen));
        self.reached.has(node) || around()
    }

    /// Whether a node is known as an official: it was reached and is one.
    pub fn is_official(&self, node: NodeIx) -> bool {
        self.is_reached(node) && self.ground.is_official(node)
    }

    /// The node's ties that are in the ball, both directions, in order.
    pub fn arcs(&self, node: NodeIx) -> impl Iterator<Item = Arc> + '_ {
        let (network, own) = (self.network(), self.opened(node));
        // What was opened of the other end lies far off in memory: it is looked up only where it matters.
        let is_in = move |(arc, ty, _): (Arc, TieType, bool)| {
            (own.has(ty) || self.has_opened(arc.neighbour, ty)).then_some(arc)
        };
        network.tagged_arcs(node).filter_map(is_in)
    }

    /// The node's ties of these types that are in the ball.
    pub fn ties<'a>(
        &'a self,
        node: NodeIx,
        types: &'a [TieType],
    ) -> impl Iterator<Item = TieRef<'g>> + use<'a, 'g> {
        self.facing(node, types).map(|(tie, _, _)| tie)
    }

    /// The same, each with its other end and whether it is outward: told without a look at the tie, which lies far off
    /// in memory.
    pub fn facing<'a>(
        &'a self,
        node: NodeIx,
        types: &'a [TieType],
    ) -> impl Iterator<Item = (TieRef<'g>, NodeIx, bool)> + use<'a, 'g> {
        let (network, own, wanted) = (self.ground.network, self.opened(node), Types::of(types));
        let is_in = move |(arc, ty, outward): (Arc, TieType, bool)| {
            let is_in = wanted.has(ty) && (own.has(ty) || self.has_opened(arc.neighbour, ty));
            is_in.then(|| (network.tie(arc.tie), arc.neighbour, outward))
        };
        network.tagged_arcs(node).filter_map(is_in)
    }

    /// What is around an official whose circle belongs to the ball, where that was found out once: it is in every ball
    /// of this ground that his circle belongs to.
    pub(crate) fn around(&self, official: NodeIx) -> Option<AroundOne<'g>> {
        self.ground.around.one(official, self.chosen.as_ref()?)
    }

    /// Whether an official of whom everything is open is one in doubt; nothing where that was not found out once.
    pub fn is_doubted(&self, official: NodeIx) -> Option<bool> {
        Some(self.ground.doubted.as_ref()?.has(official))
    }

    /// Whether it is a ball of a whole network, of which nothing can be lacking.
    pub fn is_of_whole(&self) -> bool {
        self.ground.profiles.part.is_none()
    }

    /// Who is likely the same as the node, or would say so of it: reached or not.
    pub fn either_twins(&self, node: NodeIx) -> &'g [Twin] {
        self.ground.twins_of(node)
    }

    /// Who is likely the same as the node; nobody of one that was not reached.
    pub fn twins(&self, node: NodeIx) -> &'g [Twin] {
        let twins = self.ground.twins_of(node);
        // Of a whole network hardly anybody has any, which is told sooner than whether he was reached.
        if twins.is_empty() && self.is_of_whole() || !self.is_reached(node) {
            return &[];
        }
        self.ground.profiles.told(node);
        twins
    }
}
