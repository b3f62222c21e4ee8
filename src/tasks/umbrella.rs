//! Surfacing umbrella ties in a store.

use serde::{Deserialize, Serialize};

use crate::analysis::Watch;
use crate::analysis::paths::Path;
use crate::analysis::umbrella::{self, Options, Outcome, Pair, Weights};
use crate::model::{Access, Id, Message};
use crate::network::{Network, NodeIx};
use crate::store::{Store, View};

use super::balls::{Scored, Source};
use super::cache::Cache;
use super::{TaskError, Watches, named, open, paths};

/// The reporting line, unless told otherwise.
pub const LINE: f64 = 0.5;

/// By what pairs are judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Yardstick {
    /// The reporting line, from 0 to 1.
    pub line: f64,
    /// How many umbrellas a gang is expected to have before any evidence, over 0; by its class unless told.
    pub expected: Option<f64>,
}

impl Default for Yardstick {
    fn default() -> Self {
        Self { line: LINE, expected: None }
    }
}

impl Yardstick {
    /// That of an outcome.
    pub fn of(outcome: &Outcome) -> Self {
        Self { line: outcome.line, expected: outcome.expected }
    }

    /// The analysis's options, of everything.
    pub fn options(self) -> Options {
        Options { line: self.line, expected_umbrellas: self.expected, ..Options::default() }
    }
}

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Only this gang, by id or name.
    pub gang: Option<String>,
    /// Only this official, by id or name.
    pub official: Option<String>,
    /// By what they are judged.
    pub yardstick: Yardstick,
    /// Who looks on.
    pub watches: Watches,
}

impl Request {
    /// One pair.
    pub fn pair(official: &str, gang: &str) -> Self {
        Self { gang: Some(gang.to_owned()), official: Some(official.to_owned()), ..Self::default() }
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
        let watch = self.watches.scoring.clone();
        Options { gangs: one(gang), officials: one(official), watch, ..self.yardstick.options() }
    }
}

/// The pairs of a store, best first. Of one gang only its ball is read; of all gangs everything.
pub fn run(store: &dyn Store, access: &Access, request: &Request) -> Result<Outcome, TaskError> {
    if request.gang.is_some() {
        return Ok(of_gang(&Source::open(store, access)?, request)?.outcome);
    }
    let edition = store.read(access)?.edition()?;
    let network = open::network_watched(store, access, &request.watches.opening)?;
    let outcome = umbrella::run(&network, &request.options(&network)?);
    if request.official.is_none() && request.yardstick == Yardstick::default() {
        keep(store, access, &edition, &network, &OverLine::of(&outcome));
    }
    Ok(outcome)
}

/// A pair over the reporting line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OverLine {
    /// The official.
    pub official: Id,
    /// The gang.
    pub gang: Id,
    /// Its score.
    pub score: f64,
}

impl OverLine {
    /// Those of an outcome, best first.
    pub fn of(outcome: &Outcome) -> Vec<Self> {
        let over = outcome.pairs.iter().filter(|pair| pair.over_line);
        let pair = |pair: &Pair| Self {
            official: pair.official.id.clone(),
            gang: pair.gang.id.clone(),
            score: pair.score,
        };
        over.map(pair).collect()
    }
}

/// The pairs over the reporting line of a whole store, whose network this is: those kept beside a large store
/// where they are of this very content and these weights, else scored, and kept for the next time. By another
/// yardstick than the usual one they are scored.
pub fn over_line(
    store: &dyn Store,
    access: &Access,
    edition: &str,
    network: &Network,
    yardstick: Yardstick,
    watch: &Watch,
) -> Result<Vec<OverLine>, TaskError> {
    let options = Options { watch: watch.clone(), ..yardstick.options() };
    if yardstick != Yardstick::default() {
        return Ok(OverLine::of(&umbrella::run(network, &options)));
    }
    let cache = Cache::of_pairs(store, access, edition, &Weights::default().digest());
    if let Some(kept) = cache.as_ref().and_then(Cache::read_json) {
        return Ok(kept);
    }
    let over = OverLine::of(&umbrella::run(network, &options));
    keep(store, access, edition, network, &over);
    Ok(over)
}

/// Keeps the pairs over the line of a network that was opened after its store had this edition: not where a
/// change ended meanwhile, since the network may then be of another content.
fn keep(store: &dyn Store, access: &Access, edition: &str, network: &Network, over: &[OverLine]) {
    let is_same = store.read(access).is_ok_and(|view| view.edition().is_ok_and(|now| now == edition));
    let cache = Cache::of_pairs(store, access, edition, &Weights::default().digest());
    if let Some(cache) = cache.filter(|_| is_same) {
        cache.keep_json(&over, network.tie_count() as u64);
    }
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
