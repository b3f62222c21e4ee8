//! A centrality of everybody, ranked.

use crate::analysis::centrality::{
    BandOptions, Dropped, RankError, RankOptions, RankOutcome, Selection, bands, by_layer, rank,
    restart_nodes,
};
use crate::analysis::nulls::{Draws, Margins, ranks_by_chance};
use crate::analysis::{self, Analysis, Watch};
use crate::model::{Arg, Kind, Layer, Message};
use crate::network::{Network, NodeIx, Projection, ProjectionOptions};

use super::{TaskError, named, paths};

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The measure's name.
    pub by: String,
    /// Whom a personalised measure starts from, by id or name.
    pub from: Vec<String>,
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Everybody, not only subjects.
    pub all_people: bool,
    /// How many at most.
    pub top: Option<usize>,
    /// Whether to say how firm the ranks are when something is missing.
    pub bands: Option<Dropped>,
    /// Whether to say who has more of it than his number of ties alone would bring.
    pub chance: bool,
    /// How far off an estimate may be, as a share of all pairs; `None` takes one in a hundred.
    pub epsilon: Option<f64>,
    /// How many draws bands and chance take; `None` takes 200.
    pub draws: Option<u64>,
    /// Whether to say what the measure is in each layer alone.
    pub by_layer: bool,
    /// Whether ties that have a direction are walked only forwards.
    pub directed: bool,
    /// The layers to walk.
    pub layers: Option<Vec<Layer>>,
    /// The seed of all draws.
    pub seed: u64,
    /// Who looks on.
    pub watch: Watch,
}

/// The measure of a name.
pub fn measure(name: &str) -> Result<&'static Analysis, TaskError> {
    let known = || analysis::ALL.iter().map(|analysis| analysis.name).collect::<Vec<_>>().join(", ");
    analysis::measure(name).ok_or_else(|| {
        TaskError::Usage(Message::new("error-measure").text("name", name).text("known", known()))
    })
}

/// The ranks.
pub fn run(network: &Network, request: &Request) -> Result<RankOutcome, TaskError> {
    let analysis = measure(&request.by)?;
    refuse_idle(analysis, request)?;
    let named: Result<Vec<NodeIx>, TaskError> =
        request.from.iter().map(|text| named::node(network, text)).collect();
    let options = RankOptions {
        from: restart_nodes(network, &named?),
        seed: request.seed,
        watch: request.watch.clone(),
        epsilon: request.epsilon.unwrap_or(RankOptions::default().epsilon),
        ..RankOptions::default()
    };
    let selection = Selection { kind: request.kind, all_people: request.all_people, top: request.top };
    let projected = ProjectionOptions { directed: request.directed, ..walked(request) };
    let projection = Projection::new(network, projected);
    let mut outcome = rank(network, &projection, analysis, &options, &selection).map_err(failed)?;
    drop(projection);
    if request.by_layer {
        by_layer(network, projected, analysis, &options, &mut outcome).map_err(failed)?;
    }
    if let Some(what) = request.bands {
        let usual = BandOptions::default();
        let draws = request.draws.unwrap_or(usual.draws);
        let draws = BandOptions { draws, what, seed: request.seed, ..usual };
        bands(network, projected, analysis, &options, &selection, &draws, &mut outcome).map_err(failed)?;
    }
    if request.chance {
        let count = request.draws.unwrap_or(Draws::default().count);
        let draws = Draws { count, seed: request.seed };
        // q is over all who are ranked, shown or not.
        let nodes = selection.nodes(network);
        let margins = Margins::new(network, projected);
        let likely = ranks_by_chance(&margins, analysis, &options, &nodes, &draws).map_err(failed)?;
        for row in &mut outcome.rows {
            row.likely = nodes.binary_search(&row.node).ok().and_then(|at| likely.get(at).copied());
        }
    }
    Ok(outcome)
}

/// Refuses what would have no effect, so that nobody takes it for having had one.
fn refuse_idle(analysis: &Analysis, request: &Request) -> Result<(), TaskError> {
    let idle = [
        (!request.from.is_empty() && !analysis.needs_from, "error-rank-no-from"),
        (request.epsilon.is_some() && !analysis.is_estimate, "error-rank-no-epsilon"),
        (request.draws.is_some() && request.bands.is_none() && !request.chance, "error-rank-no-draws"),
    ];
    match idle.into_iter().find(|(is_idle, _)| *is_idle) {
        Some((_, key)) => Err(TaskError::Usage(Message::new(key).text("measure", analysis.name))),
        None => Ok(()),
    }
}

/// What somebody should know when he reads a rank, besides the numbers: how far off estimates may be.
pub fn remarks(request: &Request, outcome: &RankOutcome) -> Vec<Message> {
    let error = outcome.error.map(|(error, delta)| {
        let seed = request.seed.to_string();
        let message = Message::new("rank-estimate")
            .with("error", Arg::Number(if error >= 1.0 { libm::round(error) } else { error }));
        message.with("delta", Arg::Share(delta)).text("seed", seed)
    });
    let is_estimated = analysis::measure(&request.by).is_some_and(|measure| measure.in_draws.is_some());
    let bands = (request.bands.is_some() && is_estimated).then(|| Message::new("rank-bands-estimated"));
    error.into_iter().chain(bands).collect()
}

/// Why nobody is ranked, and what to try.
pub fn nobody(request: &Request) -> Message {
    let is_of_missing = analysis::measure(&request.by).is_some_and(|measure| measure.is_of_missing);
    Message::new(if is_of_missing { "rank-nobody-missing" } else { "rank-nothing" })
}

fn walked(request: &Request) -> ProjectionOptions {
    ProjectionOptions { layers: paths::layers(request.layers.as_deref()), ..ProjectionOptions::default() }
}

/// From which share of calls on a measure of missing ties is warned of.
const MANY_CALLS: f64 = 0.5;

/// What somebody should know before he reads a rank: where most ties are calls, whom two have in common
/// says little of a missing tie.
pub fn warning(network: &Network, request: &Request) -> Option<Message> {
    let options = walked(request);
    if !measure(&request.by).ok()?.is_of_missing {
        return None;
    }
    let taken = || network.ties().map(|ix| network.tie(ix)).filter(|tie| options.layers.has(tie.layer()));
    let (all, calls) = (taken().count(), taken().filter(|tie| tie.layer() == Layer::Communication).count());
    let share = calls as f64 / all.max(1) as f64;
    (share >= MANY_CALLS).then(|| Message::new("rank-many-calls").with("share", Arg::Share(share)))
}

fn failed(error: RankError) -> TaskError {
    match error {
        RankError::NothingToStartFrom => TaskError::Usage(Message::new("error-rank-from")),
        other => TaskError::Usage(Message::new("error-rank").text("reason", other.to_string())),
    }
}
