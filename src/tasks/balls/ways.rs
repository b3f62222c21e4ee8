//! The best paths between two, over no more of a store than lies between them.
//!
//! Both ends are opened, then whoever stands around them, a hop at a time on the side with fewer to open,
//! until enough paths are found or every path that may still be asked for is there; then everything that
//! is near enough for a better path ([`crate::analysis::paths::part`]). So the paths are those of the whole
//! network. Where that would take too much of it, the best of what was read are the answer, with the number
//! of hops up to which nothing was left out; of a store on a server, where it is not too large to be opened, the whole is.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Source;
use super::held::{Held, Part};
use super::lifted::{Lifted, Unread};
use crate::analysis::paths::part::{Known, is_settled};
use crate::model::{Id, Kind, TieType};
use crate::network::{Layers, Network, NodeIx, Over, Projection, ProjectionOptions};
use crate::tasks::TaskError;
use crate::tasks::paths::{self, Answer, Outcome, Request};

/// So many nodes are opened at most: more would take longer than anybody waits for an answer.
const MOST: usize = 3_000;

/// So often more is opened at most: each time all paths over what is there are looked for anew.
const ROUNDS: usize = 32;

/// Opened at once where as many may be on a better path: so many, and this share of what is open.
const SOME: usize = 32;
const SHARE: usize = 4;

/// The best paths between two, by their ids, of the network that is kept beside the store, else of the store, else of the
/// whole network if that can be opened at once.
pub(super) fn ways(source: &Source<'_>, request: &Request) -> Result<Answer, TaskError> {
    if let Some(kept) = source.kept() {
        let types = types(paths::layers(request.layers.as_deref()));
        let lifted = Lifted::new(Over::plain(kept), source.extent()?).of_types(&types);
        match (Search { part: lifted, request, most: MOST }.ways()) {
            Ok(answer) => return Ok(answer),
            Err(Unread::Other(why)) => return Err(why),
            Err(Unread::Hurt) => source.forget_hurt(),
        }
    }
    match source.most()? {
        Some(most) => ways_up_to(source, request, most),
        None => ways_of_store(source, request, MOST),
    }
}

/// The same of the store, if so much of it is enough, else of the whole network; and of that where it was opened before.
pub(super) fn ways_up_to(source: &Source<'_>, request: &Request, most: usize) -> Result<Answer, TaskError> {
    if let Some(network) = source.opened() {
        return of_whole(network, request);
    }
    let answer = ways_of_store(source, request, most)?;
    let whole = if answer.looked.is_some() { source.whole()? } else { None };
    whole.map_or(Ok(answer), |network| of_whole(network, request))
}

fn of_whole(network: Arc<Network>, request: &Request) -> Result<Answer, TaskError> {
    let outcome = paths::run(&network, request)?;
    Ok(Answer { network, outcome, looked: None })
}

/// The same, of the store alone.
fn ways_of_store(source: &Source<'_>, request: &Request, most: usize) -> Result<Answer, TaskError> {
    let types = types(paths::layers(request.layers.as_deref()));
    let held = Held::new(source.view(), source.access().as_of, source.extent()?).of_types(types);
    Search { part: held, request, most }.ways()
}

/// Types of tie that can be of one of these layers.
fn types(layers: Layers) -> Vec<TieType> {
    let walked = |ty: &TieType| Kind::ALL.iter().any(|kind| layers.has(ty.layer(*kind)));
    TieType::ALL.iter().copied().filter(walked).collect()
}

struct Search<'r, P> {
    part: P,
    request: &'r Request,
    /// Nodes that are opened at most.
    most: usize,
}

/// The paths of what was read so far.
struct Found {
    network: Network,
    projection: Projection,
    whole: Vec<bool>,
    ends: [NodeIx; 2],
    outcome: Outcome,
}

impl<P: Part> Search<'_, P> {
    fn ways(mut self) -> Result<Answer, P::Why> {
        let ends = [&self.request.a, &self.request.b].map(|end| Id::from(end.as_str()));
        self.part.open(&ends)?;
        // Hops from each end up to which all nodes were opened.
        let mut opened = [0_u32; 2];
        let mut round = 0;
        loop {
            round += 1;
            let found = self.found()?;
            // Of a path of so many hops every tie has an end that is open.
            let all = opened.iter().sum::<u32>() + 2;
            let [a, b] = found.ends.map(|end| found.around(end));
            if all >= self.request.max_hops || a.is_empty() || b.is_empty() {
                return Ok(found.answer(None));
            }
            let (next, side) = match found.worst(self.request.k) {
                None => {
                    if a.len() <= b.len() {
                        (a, Some(0))
                    } else {
                        (b, Some(1))
                    }
                }
                Some(worst) => {
                    let known = found.known();
                    if is_settled(&known[0], &known[1], worst) {
                        return Ok(found.answer(None));
                    }
                    (found.near(&known, worst), None)
                }
            };
            if round > ROUNDS || self.part.opened() + next.len() > self.most {
                return Ok(found.answer(Some(all)));
            }
            self.part.open_nodes(&found.network, &next)?;
            side.and_then(|side: usize| opened.get_mut(side)).into_iter().for_each(|hops| *hops += 1);
        }
    }

    fn found(&mut self) -> Result<Found, P::Why> {
        let network = self.part.network()?;
        let layers = paths::layers(self.request.layers.as_deref());
        let options = ProjectionOptions { layers, ..ProjectionOptions::default() };
        let projection = Projection::new(&network, options);
        let whole = network.nodes().map(|node| self.part.is_whole(&network, node)).collect();
        let end = |id: &str| network.node(id).ok_or_else(|| TaskError::Unknown(id.to_owned()));
        let ends = [end(&self.request.a)?, end(&self.request.b)?];
        let outcome = paths::run(&network, self.request)?;
        Ok(Found { network, projection, whole, ends, outcome })
    }
}

impl Found {
    fn answer(self, looked: Option<u32>) -> Answer {
        Answer { network: Arc::new(self.network), outcome: self.outcome, looked }
    }

    /// What the last of the paths costs, where there are as many as were asked for.
    fn worst(&self, k: usize) -> Option<f64> {
        self.outcome.paths.get(k.saturating_sub(1)).map(|path| path.cost)
    }

    fn is_whole(&self, node: NodeIx) -> bool {
        self.whole.get(node.at()).copied().unwrap_or(false)
    }

    /// What is reached from an end over whole nodes, and is not whole.
    fn around(&self, end: NodeIx) -> BTreeSet<NodeIx> {
        let mut seen = vec![false; self.whole.len()];
        let mut ring = vec![end];
        let mut around = BTreeSet::new();
        while let Some(node) = ring.pop() {
            let Some(seen) = seen.get_mut(node.at()).filter(|seen| !**seen) else { continue };
            *seen = true;
            if self.is_whole(node) {
                ring.extend(self.projection.neighbours(node).iter().map(|&near| NodeIx(near)));
            } else {
                around.insert(node);
            }
        }
        around
    }

    /// What is known from each end.
    fn known(&self) -> [Known; 2] {
        self.ends.map(|end| Known::from(&self.projection, end, |node| self.is_whole(node)))
    }

    /// Whom to open next so that no path cheaper than `worst` is missed: what is near one of the ends, of
    /// the two the fewer. Behind whoever is opened others are near again, a few at a time: so never less is opened than
    /// a share of what is open, as long as it may be on such a path.
    fn near(&self, known: &[Known; 2], worst: f64) -> BTreeSet<NodeIx> {
        let [a, b] = known;
        let least = SOME.max(self.whole.iter().filter(|whole| **whole).count() / SHARE);
        let near = |own: &Known, other: &Known| -> BTreeSet<NodeIx> {
            let limit = worst - other.radius();
            let far = own.radius().max(limit.min(worst / 2.0));
            own.within(far, least, limit).collect()
        };
        let (a, b) = (near(a, b), near(b, a));
        if a.len() <= b.len() { a } else { b }
    }
}
