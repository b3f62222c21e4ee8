//! A store's view as a walk asks it.

use std::cell::{Ref, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use super::statistics::Doubles;
use crate::model::{Kind, Layer, TieType};
use crate::network::reach::{Nature, Seen, Ties};
use crate::store::{Handle, Link, StoreError, View};

/// Ties a layer, in the order of [`Layer::ALL`].
pub(super) type Profile = [u32; Layer::ALL.len()];

/// Answers walks from a view. What was read once is kept: the walks of one gang share their ways.
/// A failed read answers nothing and is told by [`Reader::end`].
pub(super) struct Reader<'v> {
    view: &'v dyn View,
    doubles: &'v Doubles,
    links: RefCell<BTreeMap<Handle, Vec<Link>>>,
    kinds: RefCell<BTreeMap<Handle, Kind>>,
    /// Who stands in `officials.csv`.
    listed: RefCell<BTreeMap<Handle, bool>>,
    failed: RefCell<Option<StoreError>>,
}

impl<'v> Reader<'v> {
    pub fn new(view: &'v dyn View, doubles: &'v Doubles) -> Self {
        let (links, kinds, listed) = Default::default();
        Self { view, doubles, links, kinds, listed, failed: RefCell::default() }
    }

    /// The first read that failed, if any did.
    pub fn end(self) -> Result<(), StoreError> {
        self.failed.into_inner().map_or(Ok(()), Err)
    }

    /// Every tie of these nodes, from each of them.
    pub fn links(&self, nodes: &[Handle]) -> Ref<'_, BTreeMap<Handle, Vec<Link>>> {
        let missing = absent(&self.links.borrow(), nodes);
        if !missing.is_empty() {
            let mut links = self.links.borrow_mut();
            missing.iter().for_each(|node| drop(links.insert(*node, Vec::new())));
            self.note(self.view.links(&missing, &mut |link| {
                links.entry(link.near).or_default().push(link);
            }));
        }
        self.links.borrow()
    }

    /// Ties a layer of each node.
    pub fn profiles(&self, nodes: &[Handle]) -> Vec<Profile> {
        let links = self.links(nodes);
        let profile = |node: &Handle| {
            let mut profile = Profile::default();
            for link in links.get(node).into_iter().flatten() {
                profile.get_mut(link.layer as usize).into_iter().for_each(|ties| *ties += 1);
            }
            profile
        };
        nodes.iter().map(profile).collect()
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
        if let Some(found) = self.note(self.view.officials(&missing)).filter(|_| !missing.is_empty()) {
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

impl Ties for Reader<'_> {
    type Node = Handle;

    fn kinds_of(&self, nodes: &[Handle]) -> Vec<Kind> {
        let missing = absent(&self.kinds.borrow(), nodes);
        if let Some(found) = self.note(self.view.kinds(&missing)).filter(|_| !missing.is_empty()) {
            self.kinds.borrow_mut().extend(missing.into_iter().zip(found));
        }
        let kinds = self.kinds.borrow();
        nodes.iter().map(|node| kinds.get(node).copied().unwrap_or(Kind::Organisation)).collect()
    }

    fn natures_of(&self, nodes: &[Handle]) -> Vec<Nature> {
        let kinds = self.kinds_of(nodes);
        let people: Vec<Handle> =
            nodes.iter().zip(&kinds).filter(|(_, kind)| **kind == Kind::Person).map(|(n, _)| *n).collect();
        let listed = self.listed(&people);
        let links = self.links(nodes);
        let nature = |(node, kind): (&Handle, Kind)| {
            let own = links.get(node).map_or(&[][..], Vec::as_slice);
            let duty = || own.iter().any(|link| link.outward && link.ty.makes_official());
            let official = kind == Kind::Person && (listed.get(node).copied().unwrap_or(false) || duty());
            Nature { official, ties: own.len() as u32 }
        };
        nodes.iter().zip(kinds).map(nature).collect()
    }

    fn ties_of(&self, frontier: &[Handle], types: &[TieType], each: &mut dyn FnMut(Seen<Handle>)) {
        let links = self.links(frontier);
        for (near, node) in frontier.iter().enumerate() {
            let own = links.get(node).into_iter().flatten().filter(|link| types.contains(&link.ty));
            own.for_each(|link| each(Seen { near, far: link.far, ty: link.ty, outward: link.outward }));
            if types.contains(&TieType::Same) {
                for &(far, _) in self.doubles.of(*node) {
                    each(Seen { near, far, ty: TieType::Same, outward: true });
                }
            }
        }
    }
}
