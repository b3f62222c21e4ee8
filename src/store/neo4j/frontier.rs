//! The ties of a frontier, told from sheaves: a row or two a node of the server, and of a hub no more than it takes to
//! know that it is one.
//!
//! No sheaf has a tie to oneself: those are asked for beside.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::remote::texts;
use super::sheaf::Sheaf;
use super::sheaves::Own;
use super::view::Neo4jView;
use super::{bind, cells, query};
use crate::model::{Id, Layer};
use crate::store::sqlite::links::Entry;
use crate::store::sqlite::ties::ClaimRow;
use crate::store::{Frontier, Profile, StoreError, TieFilter};

/// Bytes that a claim takes in a sheaf, about.
const CLAIM: usize = 256;

/// A claim of a tie, from one of its ends: the node, the layer, the tie, the claim.
type Found = (i64, Layer, i64, i64);

/// The ties of some nodes as far as the reader sees them and a filter takes them.
struct Near {
    /// The nodes that he sees.
    nodes: BTreeMap<i64, Id>,
    sheaves: BTreeMap<i64, Arc<Sheaf>>,
    /// Claims of ties to oneself, by number.
    own: BTreeMap<i64, Own>,
    /// In order: those of one tie of a node stand together.
    found: Vec<Found>,
    /// The nodes, and who is at the other ends.
    ends: BTreeSet<i64>,
}

impl Neo4jView<'_> {
    /// The ties of those nodes that are open, and which are not.
    pub(super) fn frontier(&self, nodes: &[Id], filter: &TieFilter) -> Result<Frontier, StoreError> {
        let mut open = self.nodes(nodes)?;
        let crowds = self.crowds(&open, filter)?;
        let mut capped: BTreeSet<Id> = crowds.iter().filter_map(|n| open.remove(n)).collect();
        let mut near = self.near(open, filter)?;
        capped.extend(near.cap(filter.cap));
        self.sheaves.learn(&near.ends);
        let claims = self.claims_of(near)?;
        Ok(Frontier {
            ties: self.brought_together(claims, &BTreeMap::new())?,
            capped: Vec::from_iter(capped),
        })
    }

    /// How many ties nodes have, a layer.
    pub(super) fn profiles_of(&self, ids: &[Id]) -> Result<Vec<Profile>, StoreError> {
        let near = self.near(self.nodes(ids)?, &TieFilter::default())?;
        let mut profiles: BTreeMap<&Id, Vec<u32>> =
            near.nodes.values().map(|id| (id, vec![0; Layer::ALL.len()])).collect();
        for (node, layer) in near.ties() {
            let ties = near.nodes.get(&node).and_then(|id| profiles.get_mut(id));
            if let Some(ties) = ties.and_then(|ties| ties.get_mut(layer as usize)) {
                *ties += 1;
            }
        }
        Ok(profiles.into_iter().map(|(id, ties)| Profile { id: id.clone(), ties }).collect())
    }

    /// The entities with these ids that there are, whoever may see them.
    fn nodes(&self, ids: &[Id]) -> Result<BTreeMap<i64, Id>, StoreError> {
        Ok(self.numbered(ids)?.into_iter().map(|(id, n)| (n, id)).collect())
    }

    /// Those of these nodes who have more ties than the filter's cap, as the server counts them: it is asked of whoever's
    /// sheaf goes on after the pieces that so many ties would fill, before the rest of them comes over. Everybody else's
    /// sheaf is read here.
    fn crowds(&self, nodes: &BTreeMap<i64, Id>, filter: &TieFilter) -> Result<Vec<i64>, StoreError> {
        let (remote, point) = (&self.store.remote, &self.point);
        // What a reader does not see at the other ends the server does not know.
        let cap = filter.cap.filter(|_| !self.part.may_hide_entities()).map(i64::from);
        let parts = cap.map_or(i64::MAX, |cap| 1 + cap * CLAIM as i64 / bind::LONG as i64);
        let nodes: Vec<i64> = nodes.keys().copied().collect();
        let long = self.sheaves.begin(remote, point, &nodes, parts)?;
        let (Some(cap), false) = (cap, long.is_empty()) else { return Ok(Vec::new()) };
        let codes: Vec<&str> = filter.types.iter().map(|ty| ty.code()).collect();
        let layers: Vec<&str> = filter.layers.iter().map(|layer| layer.code()).collect();
        let question =
            query!("sizes_of_nodes").param("ns", Vec::from_iter(long)).param("types", texts(&codes));
        let question = question.param("layers", texts(&layers)).param("most", cap + 1);
        let question = question.param("last", point.claims).param("now", point.change as i64);
        let mut crowds = Vec::new();
        let counted = remote.ask(question, |row| {
            let (n, ties): (i64, i64) = cells::cells(row)?;
            crowds.extend((ties > cap).then_some(n));
            Ok(())
        });
        match counted {
            // A server that does not understand the question: they are read.
            Err(StoreError::Io(_)) => Ok(Vec::new()),
            other => other.map(|()| crowds),
        }
    }

    fn near(&self, mut nodes: BTreeMap<i64, Id>, filter: &TieFilter) -> Result<Near, StoreError> {
        let (remote, point) = (&self.store.remote, &self.point);
        let ns: Vec<i64> = nodes.keys().copied().collect();
        self.sheaves.begin(remote, point, &ns, i64::MAX)?;
        let sheaves: BTreeMap<i64, Arc<Sheaf>> = self.sheaves.of(remote, point, &ns)?.into_iter().collect();
        let own: BTreeMap<i64, Own> =
            self.sheaves.own(remote, point, &ns)?.into_iter().map(|own| (own.claim, own)).collect();
        let mut ends: BTreeSet<i64> = ns.into_iter().collect();
        let mut found: Vec<(Found, i64)> = Vec::new();
        let mut take = |entry: &Entry, claim: i64| {
            let Entry { ends: (node, far), ty, layer, tie, .. } = *entry;
            if filter.takes(ty, layer) && self.part.is_seen(entry) {
                ends.insert(far);
                found.push(((node, layer, tie, claim), far));
            }
        };
        let tied = sheaves.values().flat_map(|sheaf| &sheaf.ties);
        tied.for_each(|tied| take(&tied.entry, tied.claim));
        own.values().for_each(|own| take(&own.entry(), own.claim));
        let hidden = self.hidden(|| ends.clone())?;
        nodes.retain(|n, _| !hidden.contains(n));
        found.retain(|((node, ..), far)| !hidden.contains(node) && !hidden.contains(far));
        let mut found: Vec<Found> = found.into_iter().map(|(found, _)| found).collect();
        found.sort_unstable();
        Ok(Near { nodes, sheaves, own, found, ends })
    }

    /// The claims that were found, each once, though both of its ends may have been asked for.
    fn claims_of(&self, mut near: Near) -> Result<Vec<ClaimRow>, StoreError> {
        let ends: BTreeMap<i64, i64> = near.found.iter().map(|&(node, .., claim)| (claim, node)).collect();
        let mut claims = Vec::with_capacity(ends.len());
        for (claim, node) in ends {
            if let Some(own) = near.own.remove(&claim) {
                claims.push(own.row);
                continue;
            }
            let bound = near.sheaves.get(&node).and_then(|sheaf| sheaf.claim(claim));
            let bound = bound.ok_or_else(|| self.part.damaged("a claim is not where a walk found it"))?;
            claims.push(bound.map_err(|why| self.store.remote.err(why.into()))?);
        }
        Ok(claims)
    }
}

impl Near {
    /// The ties of each node, with their layers.
    fn ties(&self) -> impl Iterator<Item = (i64, Layer)> {
        let of_one = self.found.chunk_by(|a, b| (a.0, a.1, a.2) == (b.0, b.1, b.2));
        of_one.filter_map(|claims| claims.first()).map(|&(node, layer, ..)| (node, layer))
    }

    /// Leaves those closed who have more ties than this; gives them.
    fn cap(&mut self, cap: Option<u32>) -> Vec<Id> {
        let Some(cap) = cap else { return Vec::new() };
        let mut sizes: BTreeMap<i64, usize> = BTreeMap::new();
        self.ties().for_each(|(node, _)| *sizes.entry(node).or_default() += 1);
        sizes.retain(|_, ties| *ties > cap as usize);
        self.found.retain(|(node, ..)| !sizes.contains_key(node));
        sizes.keys().filter_map(|node| self.nodes.get(node).cloned()).collect()
    }
}
