//! Surfacing umbrella ties in a store.

use std::collections::BTreeMap;

use crate::analysis::umbrella::{self, Options, Outcome, Pair};
use crate::model::{Access, Id, Message};
use crate::network::{Network, NodeIx};
use crate::store::Store;

use super::{TaskError, named, open};

/// The reporting line, unless told otherwise.
pub const LINE: f64 = 0.5;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// Only this gang, by id or name.
    pub gang: Option<String>,
    /// Only this official, by id or name.
    pub official: Option<String>,
    /// The reporting line.
    pub line: f64,
}

impl Default for Request {
    fn default() -> Self {
        Self { gang: None, official: None, line: LINE }
    }
}

impl Request {
    /// One pair.
    pub fn pair(official: &str, gang: &str) -> Self {
        Self { gang: Some(gang.to_owned()), official: Some(official.to_owned()), line: LINE }
    }

    /// The analysis's options for this network.
    pub fn options(&self, network: &Network) -> Result<Options, TaskError> {
        let gang = self.gang.as_deref().map(|gang| named::gang(network, gang)).transpose()?;
        let official =
            self.official.as_deref().map(|official| named::official(network, official)).transpose()?;
        let ids = |node: Option<NodeIx>| node.map(|node| Id::from(network.id(node))).into_iter().collect();
        Ok(Options { line: self.line, gangs: ids(gang), officials: ids(official), ..Options::default() })
    }
}

/// The pairs of a store, best first.
pub fn run(store: &dyn Store, access: &Access, request: &Request) -> Result<Outcome, TaskError> {
    let network = open::network(store, access)?;
    let options = request.options(&network)?;
    Ok(umbrella::run(&network, &options))
}

/// One pair of a store in full.
pub fn pair(store: &dyn Store, access: &Access, request: &Request) -> Result<Explained, TaskError> {
    let network = open::network(store, access)?;
    let (_, pair) = find(&network, request)?;
    let ids = pair.paths.iter().flat_map(|path| &path.nodes);
    let name = |id: &Id| Some((id.clone(), network.name(network.node(id.as_str())?).to_owned()));
    let names = ids.filter_map(name).collect();
    Ok(Explained { pair, names })
}

/// A pair in full, with the names of those on its paths.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The pair.
    pub pair: Pair,
    /// Names by id.
    pub names: BTreeMap<Id, String>,
}

/// One pair of a network, with the outcome it stands in.
pub fn find(network: &Network, request: &Request) -> Result<(Outcome, Pair), TaskError> {
    let outcome = umbrella::run(network, &request.options(network)?);
    let pair = outcome.pairs.first().cloned().ok_or_else(|| {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        TaskError::Nothing(
            Message::new("explain-nothing")
                .text("official", text(&request.official))
                .text("gang", text(&request.gang)),
        )
    })?;
    Ok((outcome, pair))
}
