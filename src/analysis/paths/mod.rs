//! Paths between two nodes, with the evidence of each hop.
//!
//! The strength of a hop is the merged strength of all its parallel ties in the layers walked. A
//! path's **reliability** is the plain product of the strengths of its hops; its cost is −ln of
//! it, and paths are ordered by cost, then by hops, then by the ids of their nodes. Only loopless
//! paths count.
//!
//! The product takes hops for independent. Where several hops rest wholly on one voice (each has
//! claims by that voice and by nobody else, refuting claims apart), they are one thing to doubt:
//! [`Path::shared_sources`] names the voice and the hops, so that whoever shows the path can say
//! so. It changes neither the reliability nor the order.
//!
//! Start at [`paths`]; [`best_routes`] is the same on a plain graph.

mod chains;
mod cost;
mod drawn;
mod end;
mod frontier;
mod lens;
pub mod part;
mod relevant;
mod reliable;
mod search;
mod together;
mod within;
mod yen;

use std::collections::BTreeMap;

use crate::model::{Message, Status, Voice};
use crate::network::{Network, NodeIx, Projection, TieIx};
pub use chains::{Chain, ChainOptions, Chains, WAIT, chains};
pub use cost::Costs;
pub use reliable::most_reliable;
pub use together::{Together, reliability};
pub use within::{COUNTED, Within, routes_within};
pub use yen::{MAX_HOPS, PATHS, PathOptions, best_routes, best_routes_by, best_routes_to_any};

/// The paths between two nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct PathsOutcome {
    /// From where.
    pub from: NodeIx,
    /// To where.
    pub to: NodeIx,
    /// The paths, best first; empty where there is none.
    pub paths: Vec<Path>,
}

/// A path from one node to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Its nodes, one more than it has hops.
    pub nodes: Vec<NodeIx>,
    /// Its hops, in order; never empty.
    pub hops: Vec<Hop>,
    /// The product of its hops' strengths.
    pub reliability: f64,
    /// The sum of its hops' −ln strength.
    pub cost: f64,
    /// Which hop is the weakest: the first of the least strength.
    pub weakest: usize,
    /// Voices that several hops rest on wholly, in the order of their first hop.
    pub shared_sources: Vec<SharedSource>,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct Hop {
    /// From where.
    pub from: NodeIx,
    /// To where.
    pub to: NodeIx,
    /// The parallel ties it stands for, in order; never empty.
    pub ties: Vec<TieIx>,
    /// The strongest of them: what the hop is called after.
    pub strongest: TieIx,
    /// Their merged strength.
    pub strength: f64,
    /// How many claims speak for or against the ties.
    pub claims: usize,
    /// How many independent voices speak for the ties.
    pub voices: usize,
}

/// Several hops of a path that rest on one voice: one thing to doubt.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedSource {
    /// The voice.
    pub voice: Voice,
    /// The hops, by their place in the path; two or more.
    pub hops: Vec<usize>,
}

impl Path {
    /// The ids of the rows behind the path's hops, in hop order, each once.
    pub fn rows<'n>(&self, network: &'n Network) -> Vec<&'n str> {
        let mut rows = Vec::new();
        for row in self.hops.iter().flat_map(|hop| hop.rows(network)) {
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
        rows
    }

    /// Whether all its hops, two or more, rest on one voice.
    pub fn one_source(&self) -> bool {
        self.shared_sources.iter().any(|shared| shared.hops.len() == self.hops.len())
    }
}

impl SharedSource {
    /// The notice that says so, hops counted from 1.
    pub fn notice(&self) -> Message {
        let hops: Vec<String> = self.hops.iter().map(|hop| (hop + 1).to_string()).collect();
        let key = match self.voice {
            Voice::Source(_) => "path-shared-source",
            Voice::Protected(_) => "path-shared-protected",
            Voice::Nobody => "path-shared-nobody",
        };
        let message = Message::new(key).text("hops", hops.join(", "));
        if let Voice::Source(id) = &self.voice { message.text("source", id.as_str()) } else { message }
    }
}

impl Hop {
    /// The ids of the rows behind the hop, sorted, each once.
    pub fn rows<'n>(&self, network: &'n Network) -> Vec<&'n str> {
        let mut rows: Vec<&str> = self.ties.iter().flat_map(|&tie| network.tie(tie).rows()).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

/// The best loopless paths between two nodes of a network, over a projection of it. See the
/// module's documentation for what is best. Cost: as [`best_routes`].
pub fn paths(
    network: &Network,
    projection: &Projection,
    from: NodeIx,
    to: NodeIx,
    options: &PathOptions,
) -> PathsOutcome {
    let paths = evidence(network, projection, best_routes(projection, from, to, options));
    PathsOutcome { from, to, paths }
}

/// Routes over a projection of a network with the evidence of each hop.
pub fn evidence(network: &Network, projection: &Projection, routes: Vec<Vec<NodeIx>>) -> Vec<Path> {
    routes.into_iter().filter_map(|nodes| path(network, projection, nodes)).collect()
}

/// A path over these nodes of a projection; none where two that follow each other are no
/// neighbours, and none of a single node.
pub fn path(network: &Network, projection: &Projection, nodes: Vec<NodeIx>) -> Option<Path> {
    let ends = nodes.iter().zip(nodes.iter().skip(1));
    let hops: Vec<Hop> =
        ends.map(|(&from, &to)| hop(network, projection, from, to)).collect::<Option<_>>()?;
    let cost = hops.iter().map(|hop| -libm::log(hop.strength)).sum::<f64>() + 0.0;
    let reliability = hops.iter().map(|hop| hop.strength).product();
    let weakest = (0..hops.len()).min_by(|&a, &b| hops[a].strength.total_cmp(&hops[b].strength))?;
    let shared_sources = shared_sources(network, &hops);
    Some(Path { nodes, hops, reliability, cost, weakest, shared_sources })
}

fn hop(network: &Network, projection: &Projection, from: NodeIx, to: NodeIx) -> Option<Hop> {
    let ties = projection.ties_between(network, from, to);
    let by_strength = |a: &TieIx, b: &TieIx| {
        network.tie(*a).strength().total_cmp(&network.tie(*b).strength()).then(b.cmp(a))
    };
    Some(Hop {
        from,
        to,
        strongest: ties.iter().copied().max_by(by_strength)?,
        strength: projection.weight(from, to)?,
        claims: ties.iter().map(|&tie| network.tie(tie).claims().len()).sum(),
        voices: voices(network, &ties).len(),
        ties,
    })
}

/// Who speaks for these ties, each once.
fn voices<'n>(network: &'n Network, ties: &[TieIx]) -> Vec<&'n Voice> {
    let claims = ties.iter().flat_map(|&tie| network.tie(tie).claims());
    let mut voices: Vec<&Voice> =
        claims.filter(|claim| claim.status() != Status::Refuted).map(|claim| claim.voice()).collect();
    voices.sort_unstable();
    voices.dedup();
    voices
}

fn shared_sources(network: &Network, hops: &[Hop]) -> Vec<SharedSource> {
    let mut alone: BTreeMap<&Voice, Vec<usize>> = BTreeMap::new();
    for (at, hop) in hops.iter().enumerate() {
        if let [voice] = voices(network, &hop.ties)[..] {
            alone.entry(voice).or_default().push(at);
        }
    }
    let mut shared: Vec<SharedSource> = alone
        .into_iter()
        .filter(|(_, hops)| hops.len() > 1)
        .map(|(voice, hops)| SharedSource { voice: voice.clone(), hops })
        .collect();
    shared.sort_by(|a, b| a.hops.cmp(&b.hops));
    shared
}

#[cfg(test)]
mod chains_tests;
#[cfg(test)]
mod tests;
