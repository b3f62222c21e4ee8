//! New leads on balls of a store beside which no network is kept (a server's, or as of an earlier day): their rows are laid
//! over it where it is read, and what a score must know of the whole file is put right by what they touch.

use std::collections::{BTreeMap, BTreeSet};

use super::after::{Around, NAMES};
use super::held::{Held, until_answered};
use super::laid::{Answers, Scored, answered, cases_of, new_leads, says_more};
use super::part::Walked;
use super::statistics::Doubles;
use super::walk::Reader;
use super::{Source, is_far};
use crate::analysis::doubles::touched::Change;
use crate::analysis::umbrella::{self, Globals, LeadOutcome, Options};
use crate::model::{Id, Kind, TieType};
use crate::network::ball::Ball;
use crate::network::reach::{Types, opened_from};
use crate::network::{Extent, Network, NodeIx};
use crate::store::{ClaimOf, Handle, Link, View};
use crate::tasks::TaskError;

/// More leads are scored sooner on the whole network: each looks at what it names anew.
const MOST_LEADS: usize = 24;

/// The claim of a tie that new rows bring, which the store does not have.
const NEW: u64 = u64::MAX;

/// A store as new rows would have it: whoever is touched has other ties then, and nobody else.
pub(super) struct Revised<'c> {
    change: &'c Network,
    pairs: &'c [(Id, Id)],
    /// Everybody of the change, in the order of its nodes; those whom it brings are numbered from behind.
    handles: Vec<Handle>,
    new: BTreeSet<Handle>,
    /// Between whom the ties are those of the change.
    replaced: BTreeSet<(Handle, Handle)>,
    links: BTreeMap<Handle, Vec<Link>>,
    /// Whom they name.
    named: BTreeSet<Handle>,
}

impl<'c> Revised<'c> {
    /// Of a change, as [`Network::changed`] takes it, and what it touches.
    fn of(around: &Around, change: &'c Network, pairs: &'c [(Id, Id)], named: BTreeSet<Handle>) -> Self {
        let mut new: BTreeSet<Handle> = BTreeSet::new();
        let number = |node| {
            around.touched.get(change.id(node)).copied().unwrap_or_else(|| {
                let next = Handle(u32::MAX - new.len() as u32);
                new.insert(next);
                next
            })
        };
        let handles: Vec<Handle> = change.nodes().map(number).collect();
        let handle = |node: NodeIx| handles[node.at()];
        let at = |id: &Id| change.node(id.as_str()).map(handle);
        let mut replaced: BTreeSet<(Handle, Handle)> =
            pairs.iter().filter_map(|(from, to)| Some((at(from)?, at(to)?))).collect();
        let mut links: BTreeMap<Handle, Vec<Link>> = BTreeMap::new();
        for node in change.nodes() {
            let near = handle(node);
            for (arc, ty, outward) in change.tagged_arcs(node) {
                let (tie, far) = (change.tie(arc.tie), handle(arc.neighbour));
                replaced.insert(if outward { (near, far) } else { (far, near) });
                let claim = ClaimOf { tie: NEW, claim: NEW };
                let (layer, start) = (tie.layer(), tie.start().filter(|_| outward));
                let link = Link { near, far, ty, layer, outward, start, claim, again: false };
                links.entry(near).or_default().push(link);
            }
        }
        Self { change, pairs, handles, new, replaced, links, named }
    }

    /// Whether the store does not have this one.
    pub fn is_new(&self, node: Handle) -> bool {
        self.new.contains(&node)
    }

    /// Whether the change says anything of this one.
    pub fn touches(&self, id: &str) -> bool {
        self.change.node(id).is_some()
    }

    /// Whether a tie of the store is there after the change as well, and as it was.
    pub fn leaves(&self, link: &Link) -> bool {
        let ends = if link.outward { (link.near, link.far) } else { (link.far, link.near) };
        !self.replaced.contains(&ends)
    }

    /// The ties of the change.
    pub fn links_of(&self, node: Handle) -> &[Link] {
        self.links.get(&node).map_or(&[], Vec::as_slice)
    }

    /// Whether a tie is one of those.
    pub fn brought(link: &Link) -> bool {
        link.claim.claim == NEW
    }

    fn nodes(&self) -> impl Iterator<Item = (NodeIx, Handle)> {
        self.change.nodes().zip(self.handles.iter().copied())
    }

    /// What everybody of the change is.
    pub fn kinds(&self) -> impl Iterator<Item = (Handle, Kind)> {
        self.nodes().map(|(node, handle)| (handle, self.change.kind(node)))
    }

    /// Whether he is an official by what the change says.
    pub fn officials(&self) -> impl Iterator<Item = (Handle, bool)> {
        self.nodes().map(|(node, handle)| (handle, self.change.is_official(node)))
    }

    /// The people of the change: whether one is an official his ties tell.
    pub fn people(&self) -> Vec<Handle> {
        self.kinds().filter(|(_, kind)| *kind == Kind::Person).map(|(handle, _)| handle).collect()
    }

    /// Everybody of the change, and whom these name.
    pub fn everybody(&self) -> impl Iterator<Item = Handle> {
        self.handles.iter().chain(&self.named).copied()
    }

    /// Those whom the store does not have.
    pub fn new_ids(&self) -> impl Iterator<Item = (Handle, Id)> {
        let new = self.nodes().filter(|(_, handle)| self.is_new(*handle));
        new.map(|(node, handle)| (handle, Id::from(self.change.id(node))))
    }

    /// The change over a part of the store that has everybody whom it touches, people with all their ties.
    pub fn over(&self, part: &Network) -> Network {
        part.changed(self.change, self.pairs)
    }

    fn find(&self, view: &dyn View, ids: &BTreeSet<Id>) -> Result<BTreeMap<Id, Handle>, TaskError> {
        let known = self.nodes().map(|(node, handle)| (Id::from(self.change.id(node)), handle));
        let mut found: BTreeMap<Id, Handle> = known.filter(|(id, _)| ids.contains(id)).collect();
        let others: Vec<Id> = ids.iter().filter(|id| !found.contains_key(*id)).cloned().collect();
        found.extend(view.handles(&others)?);
        Ok(found)
    }

    /// Who may be whom after the change; nothing where only the whole file tells.
    fn doubles(
        &self,
        source: &Source<'_>,
        before: &Network,
        around: &Around,
        doubles: &Doubles,
    ) -> Result<Option<Doubles>, TaskError> {
        let (was, is) = (Reader::new(source, doubles), Reader::new(source, doubles).with(self));
        let node = |handle: Handle| NodeIx(handle.0);
        let near = |reader: &Reader<'_, '_>, of: NodeIx| {
            reader.near(Handle(of.0)).into_iter().map(|(far, ty)| (node(far), ty)).collect::<Vec<_>>()
        };
        let touched: BTreeSet<NodeIx> = self.handles.iter().copied().map(node).collect();
        let prop = |of: NodeIx, key: &str| {
            before.prop(before.node(around.entities.get(&Handle(of.0))?.id.as_str())?, key)
        };
        let likely = |a: NodeIx, b: NodeIx| {
            doubles.of(Handle(a.0)).find(|(twin, _)| twin.0 == b.0).map(|(_, likely)| *likely)
        };
        let told = Change {
            touched: &touched,
            before: &|of| if self.is_new(Handle(of.0)) { Vec::new() } else { near(&was, of) },
            after: &|of| near(&is, of),
            kind: &|of| is.kind(Handle(of.0)),
            prop: &prop,
            likely: &likely,
        }
        .told();
        was.sound()?;
        is.sound()?;
        let handles = |(a, b, likely): (NodeIx, NodeIx, Option<f64>)| (Handle(a.0), Handle(b.0), likely);
        Ok(told.map(|told| doubles.changed(&told.into_iter().map(handles).collect::<Vec<_>>())))
    }
}

/// Whom a change names, of the store.
fn named_by(view: &dyn View, change: &Network) -> Result<BTreeSet<Handle>, TaskError> {
    let named = change.nodes().flat_map(|node| NAMES.map(|key| change.prop(node, key).map(Id::from)));
    let named: BTreeSet<Id> = named.flatten().collect();
    let found = view.handles(&named.into_iter().collect::<Vec<_>>())?;
    Ok(found.into_iter().map(|(_, handle)| handle).collect())
}

/// What new leads come to: see [`Source::leads`].
pub(super) fn leads(
    source: &Source<'_>,
    (change, pairs): (&Network, &[(Id, Id)]),
    is_new: &dyn Fn(&str) -> bool,
    options: &Options,
) -> Result<Option<Vec<LeadOutcome>>, TaskError> {
    let leads = change.nodes().filter(|&node| change.kind(node) == Kind::Lead && is_new(change.id(node)));
    if leads.count() > MOST_LEADS {
        return Ok(None);
    }
    let ids: Vec<Id> = change.nodes().map(|node| change.id(node).into()).collect();
    let Some(mut around) = Around::of(source.view(), &ids)? else { return Ok(None) };
    let named = named_by(source.view(), change)?;
    around.add(source.view(), &named)?;
    let before = around.network(source.access().as_of)?;
    let touched: BTreeSet<Handle> = around.touched.values().copied().collect();
    let mut near = around.near.values().flat_map(BTreeMap::values);
    if near.any(|(far, ty)| *ty == TieType::Same && touched.contains(far)) || says_more(change, &before) {
        return Ok(None);
    }
    let statistics = source.statistics()?;
    let Some(globals) = statistics.globals.changed(&before, &before.changed(change, pairs)) else {
        return Ok(None);
    };
    let revised = Revised::of(&around, change, pairs, named);
    let Some(doubles) = revised.doubles(source, &before, &around, &statistics.doubles)? else {
        return Ok(None);
    };
    let reader = Reader::new(source, &doubles).with(&revised);
    let asked = Asked { source, revised: &revised, reader: &reader, ids: &ids, globals: &globals, options };
    answered(&asked, &new_leads(change, &before, is_new), (&globals, options))
}

/// Who answers of a store.
struct Asked<'a, 's> {
    source: &'a Source<'s>,
    revised: &'a Revised<'a>,
    reader: &'a Reader<'a, 's>,
    /// Everybody of the change.
    ids: &'a [Id],
    globals: &'a Globals,
    options: &'a Options,
}

impl Answers for Asked<'_, '_> {
    type Node = Handle;
    type Why = TaskError;

    fn most_gangs(&self) -> usize {
        if is_far(self.source.store) { 32 } else { 8 }
    }

    fn ask<T>(&self, _: &Id, question: impl Fn(&Network) -> T) -> Result<T, TaskError> {
        let Source { view, access, store, .. } = self.source;
        let doubles = || self.reader.doubles.by_id(*store, access);
        // How much there is in all is told at the head of a page; no lead asks it, and a server would have to count.
        let held = Held::new(view.as_ref(), access.as_of, Extent::default()).with(self.revised, &doubles);
        until_answered(held, self.ids, &question)
    }

    fn with_twins(&self, people: &BTreeSet<Id>) -> Result<BTreeSet<Handle>, TaskError> {
        let people: Vec<Handle> = self.revised.find(self.source.view(), people)?.into_values().collect();
        let mut all: BTreeSet<Handle> = people.iter().copied().collect();
        // Whoever is on record as another is not among the likely ones.
        self.reader.links(&people, Types::of(&[TieType::Same]), &mut |_, link| {
            all.insert(link.far);
        });
        self.reader.sound()?;
        all.extend(people.iter().flat_map(|&node| self.reader.doubles.of(node)).map(|(twin, _)| *twin));
        Ok(all)
    }

    fn gangs_to(&self, people: &BTreeSet<Handle>) -> Result<Vec<Id>, TaskError> {
        let seeds = [Kind::Gang, Kind::Case];
        let from: Vec<Handle> =
            opened_from(self.reader, people, umbrella::reaches(), &seeds).into_iter().collect();
        let kinds = self.reader.kinds(&from);
        self.reader.sound()?;
        let stored = from.iter().zip(kinds).filter(|(_, kind)| seeds.contains(kind)).map(|(node, _)| *node);
        let stored: Vec<Handle> = stored.filter(|node| !self.revised.is_new(*node)).collect();
        let change = self.revised.change;
        let gang_of = |entity: &crate::model::Entity| match change.node(entity.id.as_str()) {
            Some(node) => change.prop(node, "gang").map(Id::from),
            None => entity.prop("gang").map(Id::from),
        };
        let mut gangs: BTreeSet<Id> = BTreeSet::new();
        for (_, entity) in self.source.view().entities_at(&stored)? {
            gangs.extend(if entity.kind == Kind::Gang { Some(entity.id) } else { gang_of(&entity) });
        }
        for (node, handle) in self.revised.nodes().filter(|(_, handle)| from.binary_search(handle).is_ok()) {
            gangs.extend((change.kind(node) == Kind::Gang).then(|| Id::from(change.id(node))));
            let case = change.kind(node) == Kind::Case && self.revised.is_new(handle);
            gangs.extend(change.prop(node, "gang").filter(|_| case).map(Id::from));
        }
        let found = self.revised.find(self.source.view(), &gangs)?;
        let handles: Vec<Handle> = found.values().copied().collect();
        let kinds = self.reader.kinds(&handles);
        self.reader.sound()?;
        let are_gangs = found.into_keys().zip(kinds).filter(|(_, kind)| *kind == Kind::Gang);
        Ok(are_gangs.map(|(id, _)| id).collect())
    }

    fn pairs<'g>(&self, asked: &'g [(Id, Option<BTreeSet<Handle>>)]) -> Result<Scored<'g>, TaskError> {
        let mut scored = Scored::new();
        for (gang, officials) in asked {
            let view = self.source.view();
            let mut seeds: BTreeSet<Id> = cases_of(view, self.revised.change, gang)?.into_iter().collect();
            seeds.insert(gang.clone());
            let seeds: BTreeSet<Handle> = self.revised.find(view, &seeds)?.into_values().collect();
            let walked = Walked::of_gang(self.reader, &seeds.into_iter().collect::<Vec<_>>())?;
            // Nobody is scored for a gang whose walks do not come to him.
            if officials.as_ref().is_some_and(|some| !walked.reached_any(some)) {
                continue;
            }
            let part = walked.part()?;
            let Some(node) = part.network.node(gang.as_str()) else { continue };
            let asked = officials.as_ref().map(|some| part.nodes_of(some));
            let score =
                |ball: &Ball<'_>| umbrella::score_with(ball, self.globals, asked.as_ref(), self.options);
            scored.insert(gang, walked.score(&part, node, score)?);
        }
        Ok(scored)
    }
}
