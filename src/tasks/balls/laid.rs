//! New leads on balls of the network that is kept beside a large store: their rows are laid over it where it is read
//! (`network::Over`), and what a score must know of the whole file is put right by what they touch.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::held::until_answered;
use super::kept::{Part, Walked};
use super::lifted::{Lifted, Unread};
use super::{GIVEN, Source};
use crate::analysis::doubles;
use crate::analysis::doubles::touched::Change;
use crate::analysis::umbrella::{self, Globals, LeadOutcome, Options, Pair};
use crate::model::{Id, Kind, TieType};
use crate::network::ball::Ball;
use crate::network::reach::opened_from;
use crate::network::{ByteSource, Laid, Network, NodeIx, OnDisk, Over, TieIx};
use crate::store::View;
use crate::tasks::TaskError;

/// What is touched may have so many ties: more are counted sooner with all others.
const MOST_TIES: usize = 100_000;

/// What new leads come to: see [`Source::leads`].
pub(super) fn leads(
    source: &Source<'_>,
    disk: &OnDisk<impl ByteSource>,
    (change, pairs): (&Network, &[(Id, Id)]),
    is_new: &dyn Fn(&str) -> bool,
    options: &Options,
) -> Result<Option<Vec<LeadOutcome>>, Unread> {
    let Some(around) = Around::of(disk, change)? else { return Ok(None) };
    let after = around.network.changed(change, pairs);
    let new = new_leads(change, &around.network, is_new);
    let globals = &source.statistics()?.globals;
    let (Some(globals), Some(laid)) =
        (globals.changed(&around.network, &after), around.laid(disk, change, pairs))
    else {
        return Ok(None);
    };
    let over = Over::with(disk, &laid);
    answered(&Asked { source, over, change, globals: &globals, options }, &new, (&globals, options))
}

/// The leads that a change brings, of those that `is_new` takes.
pub(super) fn new_leads(change: &Network, before: &Network, is_new: &dyn Fn(&str) -> bool) -> Vec<Id> {
    let is_new = |node: &NodeIx| {
        let known = before.node(change.id(*node));
        let was_lead = known.is_some_and(|known| before.kind(known) == Kind::Lead);
        change.kind(*node) == Kind::Lead && !was_lead && is_new(change.id(*node))
    };
    change.nodes().filter(is_new).map(|node| change.id(node).into()).collect()
}

/// Whether a change says of somebody what is another matter for others as well: what people are told apart by, or a
/// place that others have from there; or who is on record as one with another. `before` has whoever it touches.
pub(super) fn says_more(change: &Network, before: &Network) -> bool {
    let of = |node| {
        let kind = change.kind(node);
        let Some(known) = before.node(change.id(node)) else {
            let gives = GIVEN.iter().any(|key| change.prop(node, key).is_some());
            let may_be_named = matches!(kind, Kind::Agency | Kind::Gang | Kind::Company | Kind::Organisation);
            return kind == Kind::Person || may_be_named && gives;
        };
        let is_same = |key: &&str| change.prop(node, key) == before.prop(known, key);
        let is_same_card = || doubles::is_same_card((change, node), (before, known));
        !GIVEN.iter().all(is_same) || kind == Kind::Person && !is_same_card()
    };
    change.nodes().any(of) || change.ties().any(|tie| change.tie(tie).ty() == TieType::Same)
}

/// The cases of a gang after a change.
pub(super) fn cases_of(view: &dyn View, change: &Network, gang: &Id) -> Result<Vec<Id>, TaskError> {
    let mut cases = view.cases_of(gang)?;
    cases.retain(|case| change.node(case.as_str()).is_none());
    let told = change
        .nodes()
        .filter(|&node| change.kind(node) == Kind::Case && change.prop(node, "gang") == Some(gang.as_str()));
    cases.extend(told.map(|node| Id::from(change.id(node))));
    Ok(cases)
}

/// The pairs of gangs.
pub(super) type Scored<'g> = BTreeMap<&'g Id, Vec<Pair>>;

/// Who answers for leads: a network that is kept with what is laid over it, or a store with the same.
pub(super) trait Answers {
    /// How it names nodes.
    type Node: Ord + Copy;
    /// Why it could not be asked.
    type Why: From<TaskError>;

    /// Of more gangs than this opening the whole network takes less than their balls.
    fn most_gangs(&self) -> usize;

    /// Asks a question that begins with a lead.
    fn ask<T>(&self, lead: &Id, question: impl Fn(&Network) -> T) -> Result<T, Self::Why>;

    /// These people, and whoever they are likely to be as well.
    fn with_twins(&self, people: &BTreeSet<Id>) -> Result<BTreeSet<Self::Node>, Self::Why>;

    /// The gangs whose walks may come to one of these people: as `Ground::gangs_to` says it.
    fn gangs_to(&self, people: &BTreeSet<Self::Node>) -> Result<Vec<Id>, Self::Why>;

    /// The pairs of some gangs, each with these officials; with all, where none are told.
    fn pairs<'g>(&self, asked: &'g [(Id, Option<BTreeSet<Self::Node>>)]) -> Result<Scored<'g>, Self::Why>;
}

/// What new leads come to; nothing where they are about too many gangs.
pub(super) fn answered<A: Answers>(
    by: &A,
    leads: &[Id],
    (globals, options): (&Globals, &Options),
) -> Result<Option<Vec<LeadOutcome>>, A::Why> {
    let (mut all, mut gangs): (Vec<Named<A::Node>>, BTreeSet<Id>) = Default::default();
    for lead in leads {
        let one = named(by, lead)?;
        gangs.extend(one.gangs.iter().cloned());
        if gangs.len() > by.most_gangs() {
            return Ok(None);
        }
        all.push(one);
    }
    let asked = umbrella::asked_of_gangs(all.iter().map(|one| (&one.gangs, one.officials.clone())));
    let asked: Vec<(Id, Option<BTreeSet<A::Node>>)> = asked.into_iter().collect();
    let scored = by.pairs(&asked)?;
    let mut outcomes = Vec::new();
    for (lead, named) in leads.iter().zip(&all) {
        let pairs: Vec<Pair> =
            named.gangs.iter().filter_map(|gang| scored.get(gang)).flatten().cloned().collect();
        outcomes.push(
            by.ask(lead, |network| umbrella::score_lead_among(network, globals, lead, &pairs, options))?,
        );
    }
    Ok(Some(outcomes))
}

/// Whom a lead is about.
struct Named<N> {
    /// The gangs that it names; where it names none, those that its officials may be scored for.
    gangs: Vec<Id>,
    /// The officials that it names, and whoever they are likely to be as well; `None` where it names none.
    officials: Option<BTreeSet<N>>,
}

fn named<A: Answers>(by: &A, lead: &Id) -> Result<Named<A::Node>, A::Why> {
    let (gangs, officials) = by.ask(lead, |network| {
        let lead = lead.as_str();
        (umbrella::gangs_named(network, lead), umbrella::officials_named(network, lead))
    })?;
    let officials = Some(by.with_twins(&officials.into_iter().collect())?);
    let officials = officials.filter(|officials| !officials.is_empty());
    let gangs = match &officials {
        Some(officials) if gangs.is_empty() => by.gangs_to(officials)?,
        _ => gangs,
    };
    Ok(Named { gangs, officials })
}

/// What a change touches, before it: everybody and everything with all ties, whom these lead to, and the agencies and
/// gangs that they name.
pub(super) struct Around {
    pub network: Network,
    places: Vec<NodeIx>,
}

impl Around {
    /// Nothing where a change touches more than it says: where it tells of somebody anew by what people are told
    /// apart, or of a place that others have from there, or who is on record as one with another; or too much of all.
    pub fn of(disk: &OnDisk<impl ByteSource>, change: &Network) -> Result<Option<Self>, Unread> {
        let known = |node: NodeIx| disk.find(change.id(node));
        let touched: BTreeSet<NodeIx> = change.nodes().filter_map(known).collect();
        let (mut nodes, mut ties): (BTreeSet<NodeIx>, BTreeSet<TieIx>) = (touched.clone(), BTreeSet::new());
        for near in touched.iter().flat_map(|&node| disk.near(node)) {
            if near.ty == TieType::Same && touched.contains(&near.far) || ties.len() > MOST_TIES {
                return Ok(None);
            }
            nodes.insert(near.far);
            ties.insert(near.tie);
        }
        let named = ["agency", "parent", "gang"];
        for (node, key) in change.nodes().flat_map(|node| named.map(|key| (node, key))) {
            nodes.extend(change.prop(node, key).and_then(|id| disk.find(id)));
        }
        let (network, places) = disk.part(nodes, &ties, &named).ok_or(Unread::Hurt)?;
        Ok(Some(Self { network, places }).filter(|around| !says_more(change, &around.network)))
    }

    /// The change as it lies over the kept network, with who may be whom after it.
    pub fn laid(&self, disk: &OnDisk<impl ByteSource>, change: &Network, pairs: &[(Id, Id)]) -> Option<Laid> {
        let mut laid = Laid::over(disk, change.clone(), pairs.to_vec())?;
        let (was, is) = (Over::plain(disk), Over::with(disk, &laid));
        let touched: BTreeSet<NodeIx> = laid.places().iter().copied().collect();
        let told = Change {
            touched: &touched,
            before: &|node| was.near(node).map(|near| (near.far, near.ty)).collect(),
            after: &|node| is.near(node).map(|near| (near.far, near.ty)).collect(),
            kind: &|node| is.kind(node),
            prop: &|node, key| self.network.prop(NodeIx(self.places.binary_search(&node).ok()? as u32), key),
            likely: &|a, b| disk.twins(a).find(|(twin, _)| *twin == b).map(|(_, likely)| likely),
        }
        .told()?;
        laid.tell_twins(disk, &told);
        Some(laid)
    }
}

/// Who answers of a kept network.
struct Asked<'a, 's, S> {
    source: &'a Source<'s>,
    over: Over<'a, S>,
    change: &'a Network,
    globals: &'a Globals,
    options: &'a Options,
}

impl<S: ByteSource> Answers for Asked<'_, '_, S> {
    type Node = NodeIx;
    type Why = Unread;

    fn most_gangs(&self) -> usize {
        24
    }

    fn ask<T>(&self, lead: &Id, question: impl Fn(&Network) -> T) -> Result<T, Unread> {
        let lifted = Lifted::new(self.over, self.source.extent()?);
        until_answered(lifted, std::slice::from_ref(lead), &question)
    }

    fn with_twins(&self, people: &BTreeSet<Id>) -> Result<BTreeSet<NodeIx>, Unread> {
        let people: BTreeSet<NodeIx> = people.iter().filter_map(|id| self.over.find(id.as_str())).collect();
        let twins = people.iter().flat_map(|&node| self.over.twins(node)).map(|(twin, _)| twin);
        let all = people.iter().copied().chain(twins).collect();
        if self.over.is_sound() { Ok(all) } else { Err(Unread::Hurt) }
    }

    fn gangs_to(&self, people: &BTreeSet<NodeIx>) -> Result<Vec<Id>, Unread> {
        let from = opened_from(&self.over, people, umbrella::reaches(), &[Kind::Gang, Kind::Case]);
        let is_seed = |node: &NodeIx| matches!(self.over.kind(*node), Kind::Gang | Kind::Case);
        let seeds: BTreeSet<NodeIx> = from.into_iter().filter(is_seed).collect();
        let part = self.over.part(seeds.clone(), &BTreeSet::new(), &["gang"]);
        let (network, places) = part.filter(|_| self.over.is_sound()).ok_or(Unread::Hurt)?;
        let gang = |node: NodeIx| match network.kind(node) {
            Kind::Case => network.node(network.prop(node, "gang")?),
            _ => Some(node),
        };
        let seeds = network.nodes().zip(&places).filter(|(_, place)| seeds.contains(place));
        let gangs: BTreeSet<NodeIx> = seeds.filter_map(|(node, _)| gang(node)).collect();
        let gangs = gangs.into_iter().filter(|&gang| network.kind(gang) == Kind::Gang);
        Ok(gangs.map(|gang| network.id(gang).into()).collect())
    }

    /// One part is read for all gangs, since who is near one is near the next as well.
    fn pairs<'g>(&self, asked: &'g [(Id, Option<BTreeSet<NodeIx>>)]) -> Result<Scored<'g>, Unread> {
        let mut cases: Vec<Vec<Id>> = Vec::new();
        for (gang, _) in asked {
            cases.push(cases_of(self.source.view(), self.change, gang)?);
        }
        let Self { over, globals, options, .. } = self;
        type Of<'g> = (&'g Id, Option<&'g BTreeSet<NodeIx>>, Walked);
        let walk = |((gang, officials), cases): (&'g (Id, Option<BTreeSet<NodeIx>>), &Vec<Id>)| {
            Some((gang, officials.as_ref(), Walked::of(*over, gang, cases)?))
        };
        let walked: Option<Vec<Of<'g>>> = asked.par_iter().zip(&cases).map(walk).collect();
        let mut walked = walked.filter(|_| over.is_sound()).ok_or(Unread::Hurt)?;
        // Nobody is scored for a gang whose walks do not come to him.
        walked.retain(|(_, officials, walked)| officials.is_none_or(|some| walked.reached_any(some)));
        let all: Vec<&Walked> = walked.iter().map(|(.., walked)| walked).collect();
        let part = Part::of(*over, &all).ok_or(Unread::Hurt)?;
        let score = |(gang, officials, walked): &Of<'g>| {
            let asked = officials.map(|all| all.iter().filter_map(|&node| part.place(node)).collect());
            let score = |ball: &Ball<'_>| umbrella::score_with(ball, globals, asked.as_ref(), options);
            part.score(walked, score).map(|pairs| (*gang, pairs))
        };
        let scored: Option<Vec<(&Id, Vec<Pair>)>> = walked.par_iter().map(score).collect();
        Ok(scored.ok_or(Unread::Hurt)?.into_iter().collect())
    }
}
