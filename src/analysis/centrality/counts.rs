//! Measures that are counts made elsewhere: cores, triangles, cut points, whom somebody has in common.

use super::ego::mutual;
use super::{RankError, RankOptions, triangles};
use crate::analysis::groups;
use crate::analysis::missing::{Nearby, nearby_of_all};
use crate::network::Projection;

/// [`groups::cores`] as a measure.
pub fn core(projection: &Projection, _: &RankOptions) -> Result<Vec<f64>, RankError> {
    Ok(groups::cores(projection).into_iter().map(f64::from).collect())
}

/// [`triangles()`] as a measure; where arcs lead one way, those of ties, whichever way they lead.
pub fn triangles_of(projection: &Projection, _: &RankOptions) -> Result<Vec<f64>, RankError> {
    Ok(triangles(&*mutual(projection)?)?.into_iter().map(|count| count as f64).collect())
}

/// Into how many parts the component of each node comes apart without it ([`groups::Blocks::parts`]): two or
/// more is a cut point.
pub fn parts(projection: &Projection, _: &RankOptions) -> Result<Vec<f64>, RankError> {
    let blocks = groups::blocks(projection);
    Ok(projection.nodes().map(|node| blocks.parts(node) as f64).collect())
}

/// Whom the nodes of `options.from` are likely tied to without a record: scores of [`Nearby`], added up;
/// 0 for those they are tied to, for themselves, and for those too far.
fn missing(projection: &Projection, options: &RankOptions, by: Nearby) -> Result<Vec<f64>, RankError> {
    let nodes = projection.node_count();
    let mut from: Vec<_> = options.from.iter().copied().filter(|node| node.at() < nodes).collect();
    from.sort_unstable();
    from.dedup();
    if from.is_empty() && nodes > 0 {
        return Err(RankError::NothingToStartFrom);
    }
    let mut values = vec![0.0; nodes];
    for (node, score) in nearby_of_all(projection, &from, by).into_iter().flatten() {
        values[node.at()] += score;
    }
    from.iter().for_each(|node| values[node.at()] = 0.0);
    Ok(values)
}

/// Common neighbours with those the measure starts from.
pub fn common_neighbours(projection: &Projection, options: &RankOptions) -> Result<Vec<f64>, RankError> {
    missing(projection, options, Nearby::Common)
}

/// Adamic and Adar's score with those the measure starts from.
pub fn adamic_adar(projection: &Projection, options: &RankOptions) -> Result<Vec<f64>, RankError> {
    missing(projection, options, Nearby::AdamicAdar)
}

/// Resource allocation from those the measure starts from.
pub fn resource_allocation(projection: &Projection, options: &RankOptions) -> Result<Vec<f64>, RankError> {
    missing(projection, options, Nearby::Allocation)
}

/// Ways of three hops to those the measure starts from.
pub fn l3(projection: &Projection, options: &RankOptions) -> Result<Vec<f64>, RankError> {
    missing(projection, options, Nearby::Three)
}
