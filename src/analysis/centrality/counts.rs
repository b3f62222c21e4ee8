//! Measures that are counts made elsewhere: cores, triangles, cut points, whom somebody has in common.

use super::ego::mutual;
use super::{RankError, RankOptions, personalised_pagerank, triangles};
use crate::analysis::groups;
use crate::analysis::missing::{Nearby, nearby_of_all};
use crate::network::{NodeIx, Projection};

/// [`groups::cores`] as a measure; where arcs lead one way, those of ties, whichever way they lead.
pub fn core(projection: &Projection, _: &RankOptions) -> Result<Vec<f64>, RankError> {
    Ok(groups::cores(&*mutual(projection)?).into_iter().map(f64::from).collect())
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
/// 0 for those that any of them is tied to, for themselves, and for those too far.
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
    only_untied(projection, &from, &mut values);
    Ok(values)
}

/// Nothing for some nodes and for whom any of them is tied to: no tie is missing there.
pub(super) fn only_untied(projection: &Projection, from: &[NodeIx], values: &mut [f64]) {
    for &node in from {
        values[node.at()] = 0.0;
        let back = if projection.is_directed() { projection.sources(node) } else { &[] };
        projection.neighbours(node).iter().chain(back).for_each(|&tied| values[tied as usize] = 0.0);
    }
}

/// [`personalised_pagerank`] as a score of a missing tie: how often a walker is there who starts anew from
/// `options.from`; 0 for those that any of them is tied to, and for themselves (D. Liben-Nowell and J.
/// Kleinberg, *The link-prediction problem for social networks*, JASIST 58, 2007: rooted PageRank).
///
/// Cost: as [`personalised_pagerank`].
///
/// ```
/// use parasol::analysis::centrality::{RankOptions, pagerank_from, personalised_pagerank};
/// use parasol::network::{NodeIx, Projection};
///
/// let line = Projection::from_arcs(3, &[(0, 1, 1.0), (1, 2, 1.0)], false)?;
/// let options = RankOptions { from: vec![NodeIx(0)], ..RankOptions::default() };
/// let (all, missing) = (personalised_pagerank(&line, &options)?, pagerank_from(&line, &options)?);
/// assert_eq!(missing, [0.0, 0.0, all[2]]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn pagerank_from(projection: &Projection, options: &RankOptions) -> Result<Vec<f64>, RankError> {
    let mut values = personalised_pagerank(projection, options)?;
    let nodes = values.len();
    let from: Vec<NodeIx> = options.from.iter().copied().filter(|node| node.at() < nodes).collect();
    only_untied(projection, &from, &mut values);
    Ok(values)
}

/// Common neighbours with those the measure starts from.
///
/// ```
/// use parasol::analysis::centrality::{RankOptions, common_neighbours};
/// use parasol::network::{NodeIx, Projection};
///
/// // 0 and 3 both know 1 and 2.
/// let arcs = [(0, 1, 1.0), (0, 2, 1.0), (1, 3, 1.0), (2, 3, 1.0)];
/// let options = RankOptions { from: vec![NodeIx(0)], ..RankOptions::default() };
/// assert_eq!(common_neighbours(&Projection::from_arcs(4, &arcs, false)?, &options)?, [0.0, 0.0, 0.0, 2.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn common_neighbours(projection: &Projection, options: &RankOptions) -> Result<Vec<f64>, RankError> {
    missing(projection, options, Nearby::Common)
}

/// Adamic and Adar's score with those the measure starts from.
///
/// ```
/// use parasol::analysis::centrality::{RankOptions, adamic_adar};
/// use parasol::network::{NodeIx, Projection};
///
/// // 0 and 2 both know 1, who has three contacts.
/// let arcs = [(0, 1, 1.0), (1, 2, 1.0), (1, 3, 1.0)];
/// let options = RankOptions { from: vec![NodeIx(0)], ..RankOptions::default() };
/// let values = adamic_adar(&Projection::from_arcs(4, &arcs, false)?, &options)?;
/// assert!((values[2] - 1.0 / 3.0_f64.ln()).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn adamic_adar(projection: &Projection, options: &RankOptions) -> Result<Vec<f64>, RankError> {
    missing(projection, options, Nearby::AdamicAdar)
}

/// Resource allocation from those the measure starts from.
///
/// ```
/// use parasol::analysis::centrality::{RankOptions, resource_allocation};
/// use parasol::network::{NodeIx, Projection};
///
/// // 0 and 2 both know 1, who has three contacts.
/// let arcs = [(0, 1, 1.0), (1, 2, 1.0), (1, 3, 1.0)];
/// let options = RankOptions { from: vec![NodeIx(0)], ..RankOptions::default() };
/// let values = resource_allocation(&Projection::from_arcs(4, &arcs, false)?, &options)?;
/// assert!((values[2] - 1.0 / 3.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn resource_allocation(projection: &Projection, options: &RankOptions) -> Result<Vec<f64>, RankError> {
    missing(projection, options, Nearby::Allocation)
}

/// Ways of three hops to those the measure starts from.
///
/// ```
/// use parasol::analysis::centrality::{RankOptions, l3};
/// use parasol::network::{NodeIx, Projection};
///
/// // One way of three hops from 0 to 3, over 1 and 2, who have two contacts each.
/// let line = Projection::from_arcs(4, &[(0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0)], false)?;
/// let values = l3(&line, &RankOptions { from: vec![NodeIx(0)], ..RankOptions::default() })?;
/// assert!((values[3] - 0.5).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn l3(projection: &Projection, options: &RankOptions) -> Result<Vec<f64>, RankError> {
    missing(projection, options, Nearby::Three)
}
