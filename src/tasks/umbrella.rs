//! Surfacing umbrella ties in a store.

use crate::analysis::paths::Path;
use crate::analysis::umbrella::{self, Options, Outcome, Pair};
use crate::model::{Access, Id, Message};
use crate::network::{Network, NodeIx};
use crate::store::{Store, View};

use super::balls::{Scored, Source};
use super::{TaskError, named, open, paths};

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
        let id = |node: NodeIx| Id::from(network.id(node));
        Ok(self.asked(gang.map(id), official.map(id)))
    }

    /// The options, with whom is asked for found in a view.
    fn options_in(&self, view: &dyn View) -> Result<Options, TaskError> {
        let gang = self.gang.as_deref().map(|gang| named::gang_in(view, gang)).transpose()?;
        let official =
            self.official.as_deref().map(|official| named::official_in(view, official)).transpose()?;
        Ok(self.asked(gang, official))
    }

    fn asked(&self, gang: Option<Id>, official: Option<Id>) -> Options {
        let one = |id: Option<Id>| id.into_iter().collect();
        Options { line: self.line, gangs: one(gang), officials: one(official), ..Options::default() }
    }
}

/// The pairs of a store, best first. Of one gang only its ball is read; of all gangs everything.
pub fn run(store: &dyn Store, access: &Access, request: &Request) -> Result<Outcome, TaskError> {
    if request.gang.is_some() {
        return Ok(of_gang(&Source::open(store, access)?, request)?.outcome);
    }
    let network = open::network(store, access)?;
    Ok(umbrella::run(&network, &request.options(&network)?))
}

/// The pairs of the gang that is asked for, from its ball.
fn of_gang(source: &Source<'_>, request: &Request) -> Result<Scored, TaskError> {
    let options = request.options_in(source.view())?;
    let gang = options.gangs.first().cloned().unwrap_or_else(|| Id::from(""));
    source.gang(&gang, &options)
}

/// One pair of a store in full, from the gang's ball.
pub fn pair(store: &dyn Store, access: &Access, request: &Request) -> Result<Explained, TaskError> {
    let Scored { network, outcome } = of_gang(&Source::open(store, access)?, request)?;
    let pair = first(&outcome, request)?;
    let best =
        paths::run(&network, &paths::Request::between(pair.official.id.as_str(), pair.gang.id.as_str()))?;
    Ok(Explained { pair, best: best.paths, network })
}

/// A pair in full, with the part of the network that was read for it.
pub struct Explained {
    /// The pair.
    pub pair: Pair,
    /// The most reliable paths from the official to the gang in that part, whether or not a mechanism
    /// speaks of them. A way that leaves the part is not among them; `paths` looks through everything.
    pub best: Vec<Path>,
    /// The part: what the gang's reaches opened.
    pub network: Network,
}

/// One pair of a store, from the gang's ball, with the outcome it stands in.
pub fn find_in(source: &Source<'_>, request: &Request) -> Result<(Outcome, Pair), TaskError> {
    let outcome = of_gang(source, request)?.outcome;
    let pair = first(&outcome, request)?;
    Ok((outcome, pair))
}

/// One pair of a network, with the outcome it stands in.
pub fn find(network: &Network, request: &Request) -> Result<(Outcome, Pair), TaskError> {
    let outcome = umbrella::run(network, &request.options(network)?);
    let pair = first(&outcome, request)?;
    Ok((outcome, pair))
}

/// The pair that was asked for.
fn first(outcome: &Outcome, request: &Request) -> Result<Pair, TaskError> {
    outcome.pairs.first().cloned().ok_or_else(|| {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        TaskError::Nothing(
            Message::new("explain-nothing")
                .text("official", text(&request.official))
                .text("gang", text(&request.gang)),
        )
    })
}
