//! A centrality of everybody, ranked.

use crate::analysis::centrality::{
    BandOptions, RankError, RankOptions, RankOutcome, Selection, bands, rank, restart_nodes,
};
use crate::analysis::{self, Analysis};
use crate::model::{Kind, Layer, Message};
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
    /// Whether to say how firm the ranks are.
    pub bands: bool,
    /// The layers to walk.
    pub layers: Option<Vec<Layer>>,
    /// The seed of the bands' draws.
    pub seed: u64,
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
    let named: Result<Vec<NodeIx>, TaskError> =
        request.from.iter().map(|text| named::node(network, text)).collect();
    let options = RankOptions { from: restart_nodes(network, &named?), ..RankOptions::default() };
    let selection = Selection { kind: request.kind, all_people: request.all_people, top: request.top };
    let projected = ProjectionOptions {
        layers: paths::layers(request.layers.as_deref()),
        ..ProjectionOptions::default()
    };
    let projection = Projection::new(network, projected);
    let mut outcome = rank(network, &projection, analysis, &options, &selection).map_err(failed)?;
    if request.bands {
        let draws = BandOptions { seed: request.seed, ..BandOptions::default() };
        bands(network, projected, analysis, &options, &selection, &draws, &mut outcome).map_err(failed)?;
    }
    Ok(outcome)
}

fn failed(error: RankError) -> TaskError {
    match error {
        RankError::NothingToStartFrom => TaskError::Usage(Message::new("error-rank-from")),
        other => TaskError::Usage(Message::new("error-rank").text("reason", other.to_string())),
    }
}
