//! A store's view as a walk asks it.

use std::cell::{Ref, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use super::Source;
use super::revised::Revised;
use super::statistics::Doubles;
use crate::model::{Kind, Layer, TieType};
use crate::network::reach::{Seen, Ties, Types};
use crate::store::{Handle, Link, StoreError, View};

/// Ties a layer, in the order of [`Layer::ALL`].
pub(super) type Profile = [u32; Layer::ALL.len()];

/// What was read of a node's ties.
#[derive(Clone, Debug, Default)]
struct Own {
    /// Ties of these types were read.
    types: Types,
    links: Vec<Link>,
}

impl Own {
    fn profile(&self) -> Profile {
        let mut profile = Profile::default();
        for link in self.links.iter().filter(|link| !link.again) {
            profile.get_mut(link.layer as usize).into_iter().for_each(|ties| *ties += 1);
        }
        profile
    }

    fn has_duty(&self) -> bool {
        self.links.iter().any(|link| link.outward && link.ty.makes_official())
    }
}

/// Answers walks from a view. What was read once is kept: the walks of one gang share their ways.
/// A failed read answers nothing and is told by [`Reader::sound`].
pub(super) struct Reader<'v, 's> {
    pub source: &'v Source<'s>,
    pub doubles: &'v Doubles,
    /// New rows that are laid over the store.
    pub revised: Option<&'v Revised<'v>>,
    own: RefCell<BTreeMap<Handle, Own>>,
    kinds: RefCell<BTreeMap<Handle, Kind>>,
    /// Who stands in `officials.csv`.
    listed: RefCell<BTreeMap<Handle, bool>>,
    failed: RefCell<Option<StoreError>>,
}

impl<'v, 's> Reader<'v, 's> {
    pub fn new(source: &'v Source<'s>, doubles: &'v Doubles) -> Self {
        let (own, kinds, listed) = Default::default();
        Self { source, doubles, revised: None, own, kinds, listed, failed: RefCell::default() }
    }

    /// The same of a store as new rows would have it.
    pub fn with(self, revised: &'v Revised<'v>) -> Self {
        let kinds = RefCell::new(revised.kinds().collect());
        let listed = RefCell::new(revised.officials().collect());
        Self { revised: Some(revised), kinds, listed, ..self }
    }

    /// The first read that failed, if any did since it was asked last.
    pub fn sound(&self) -> Result<(), StoreError> {
        self.failed.borrow_mut().take().map_or(Ok(()), Err)
    }

    /// Hands out the ties of these nodes of some types, with the place of the node; once for each claim.
    pub fn links(&self, nodes: &[Handle], types: Types, each: &mut dyn FnMut(usize, &Link)) {
        self.read(nodes, types);
        let own = self.own.borrow();
        for (at, node) in nodes.iter().enumerate() {
            let links = own.get(node).map_or(&[][..], |own| own.links.as_slice());
            links.iter().filter(|link| types.has(link.ty)).for_each(|link| each(at, link));
        }
    }

    /// Makes sure that the ties of these types are known: one question for all nodes of which as much is
    /// missing.
    fn read(&self, nodes: &[Handle], types: Types) {
        let mut missing: BTreeMap<Types, BTreeSet<Handle>> = BTreeMap::new();
        let mut own = self.own.borrow_mut();
        for node in nodes {
            let types = types.without(own.get(node).map_or(Types::default(), |own| own.types));
            if !types.is_empty() {
                missing.entry(types).or_default().insert(*node);
            }
        }
        for (types, nodes) in missing {
            let asked = if types == Types::ALL { Vec::new() } else { types.list() };
            for node in &nodes {
                let own = own.entry(*node).or_default();
                own.types = own.types.with(types);
            }
            if types == Types::ALL || !asked.is_empty() {
                let is_new = |node: &Handle| self.revised.is_some_and(|revised| revised.is_new(*node));
                let stored: Vec<Handle> = nodes.iter().copied().filter(|node| !is_new(node)).collect();
                let links = |view: &dyn View, nodes: &[Handle]| {
                    let mut links = Vec::new();
                    view.links(nodes, &asked, &mut |link| links.push(link)).map(|()| links)
                };
                let (near, far) = self.note(self.source.in_halves(&stored, links)).unwrap_or_default();
                let stays = |link: &Link| self.revised.is_none_or(|revised| revised.leaves(link));
                for link in near.into_iter().chain(far.into_iter().flatten()).filter(stays) {
                    own.entry(link.near).or_default().links.push(link);
                }
                let brought = |node| self.revised.into_iter().flat_map(move |revised| revised.links_of(node));
                for link in nodes.into_iter().flat_map(brought).filter(|link| types.has(link.ty)) {
                    own.entry(link.near).or_default().links.push(*link);
                }
            }
        }
    }

    /// To whom a node is tied, and by which type of tie.
    pub fn near(&self, node: Handle) -> Vec<(Handle, TieType)> {
        let mut near = Vec::new();
        self.links(&[node], Types::ALL, &mut |_, link| {
            near.extend((!link.again).then_some((link.far, link.ty)));
        });
        near
    }

    /// Ties a layer of each node.
    pub fn profiles(&self, nodes: &[Handle]) -> Vec<Profile> {
        self.read(nodes, Types::ALL);
        let own = self.own.borrow();
        nodes.iter().map(|node| own.get(node).map(Own::profile).unwrap_or_default()).collect()
    }

    /// What is known of those whose ties were all read: ties a layer, and whether one is a duty of theirs.
    pub fn known(&self) -> Vec<(Handle, Profile, bool)> {
        let own = self.own.borrow();
        let known = own.iter().filter(|(_, own)| own.types == Types::ALL);
        known.map(|(node, own)| (*node, own.profile(), own.has_duty())).collect()
    }

    /// What each of these is.
    pub fn kinds(&self, nodes: &[Handle]) -> Vec<Kind> {
        let missing = absent(&self.kinds.borrow(), nodes);
        if let Some(found) = self.note(self.source.view().kinds(&missing)).filter(|_| !missing.is_empty()) {
            self.kinds.borrow_mut().extend(missing.into_iter().zip(found));
        }
        let kinds = self.kinds.borrow();
        nodes.iter().map(|node| kinds.get(node).copied().unwrap_or(Kind::Organisation)).collect()
    }

    /// What this one is.
    pub fn kind(&self, node: Handle) -> Kind {
        self.kinds(&[node]).first().copied().unwrap_or(Kind::Organisation)
    }

    fn note<T>(&self, read: Result<T, StoreError>) -> Option<T> {
        match read {
            Ok(read) => Some(read),
            Err(why) => {
                self.failed.borrow_mut().get_or_insert(why);
                None
            }
        }
    }

    fn listed(&self, nodes: &[Handle]) -> Ref<'_, BTreeMap<Handle, bool>> {
        let missing = absent(&self.listed.borrow(), nodes);
        let officials = |view: &dyn View, nodes: &[Handle]| view.officials(nodes);
        if let Some((near, far)) = self.note(self.source.in_halves(&missing, officials)) {
            let found = near.into_iter().chain(far.into_iter().flatten());
            self.listed.borrow_mut().extend(missing.into_iter().zip(found));
        }
        self.listed.borrow()
    }
}

/// Those of the nodes that are not known yet, each once.
fn absent<T>(known: &BTreeMap<Handle, T>, nodes: &[Handle]) -> Vec<Handle> {
    let missing: BTreeSet<Handle> = nodes.iter().filter(|node| !known.contains_key(node)).copied().collect();
    missing.into_iter().collect()
}

impl Ties for Reader<'_, '_> {
    type Node = Handle;

    fn kinds_of(&self, nodes: &[Handle]) -> Vec<Kind> {
        self.kinds(nodes)
    }

    fn officials_of(&self, nodes: &[Handle]) -> Vec<bool> {
        let kinds = self.kinds_of(nodes);
        let people: Vec<Handle> =
            nodes.iter().zip(&kinds).filter(|(_, kind)| **kind == Kind::Person).map(|(n, _)| *n).collect();
        let mut known: BTreeSet<Handle> = BTreeSet::new();
        let listed = self.listed(&people);
        known.extend(people.iter().filter(|node| listed.get(node).copied().unwrap_or(false)));
        let others: Vec<Handle> = people.into_iter().filter(|node| !known.contains(node)).collect();
        let duties: Vec<TieType> = TieType::ALL.iter().copied().filter(|ty| ty.makes_official()).collect();
        self.links(&others, Types::of(&duties), &mut |at, link| {
            known.extend(others.get(at).filter(|_| link.outward));
        });
        nodes.iter().map(|node| known.contains(node)).collect()
    }

    fn counts_of(&self, nodes: &[Handle]) -> Vec<u32> {
        self.profiles(nodes).iter().map(|profile| profile.iter().sum()).collect()
    }

    fn ties_of(&self, frontier: &[Handle], types: &[TieType], each: &mut dyn FnMut(Seen<Handle>)) {
        self.links(frontier, Types::of(types), &mut |near, link| {
            if link.again {
                return;
            }
            each(Seen {
                near,
                far: link.far,
                ty: link.ty,
                kind: None,
                outward: link.outward,
                start: link.start,
            });
        });
        if types.contains(&TieType::Same) {
            for (near, node) in frontier.iter().enumerate() {
                for &(far, _) in self.doubles.of(*node) {
                    each(Seen { near, far, ty: TieType::Same, kind: None, outward: true, start: None });
                }
            }
        }
    }
}
