//! What any graph library would rank by, over the layers that paths walk.
//!
//! Three say something of the official alone (degree, betweenness, PageRank), four of the pair.
//! A gang is taken as one node: itself, its listed members and the companies it is said to control.

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::centrality::{self, RankError, RankOptions};
use crate::analysis::missing::{Nearby, near_sides};
use crate::model::{Kind, TieType};
use crate::network::{Network, NodeIx, Projection, ProjectionOptions, Weight};

/// A pair and what a ranking says of it.
pub type PairScore = (NodeIx, NodeIx, f64);

/// A ranking to set beside.
#[derive(Clone, Copy, Debug)]
pub struct Baseline {
    /// Its name.
    pub name: &'static str,
    run: fn(&Ground<'_>) -> Result<Vec<PairScore>, RankError>,
}

/// All of them.
pub const BASELINES: &[Baseline] = &[
    Baseline { name: "degree", run: |ground| alone(ground, centrality::degree) },
    Baseline { name: "betweenness", run: |ground| alone(ground, centrality::betweenness) },
    Baseline { name: "pagerank", run: |ground| alone(ground, centrality::pagerank) },
    Baseline { name: "common_neighbours", run: |ground| Ok(shared(ground, Nearby::Common)) },
    Baseline { name: "adamic_adar", run: |ground| Ok(shared(ground, Nearby::AdamicAdar)) },
    Baseline { name: "katz", run: |ground| Ok(katz(ground)) },
    Baseline { name: "personalised_pagerank", run: near },
];

/// What all of them read.
struct Ground<'a> {
    projection: &'a Projection,
    officials: Vec<NodeIx>,
    /// Each gang with its side: itself, members, companies.
    gangs: Vec<(NodeIx, Vec<NodeIx>)>,
}

impl Baseline {
    /// All baselines of a network that `wanted` takes, each with the pairs it has something to say of.
    /// Cost: betweenness is nodes × arcs, the others arcs a gang.
    ///
    /// # Errors
    /// When a measure has no answer.
    pub fn all(
        network: &Network,
        wanted: impl Fn(&Self) -> bool,
    ) -> Result<Vec<(&'static str, Vec<PairScore>)>, RankError> {
        let options = ProjectionOptions { weight: Weight::One, ..ProjectionOptions::default() };
        let projection = Projection::new(network, options);
        let of_kind = |node: &NodeIx| network.kind(*node) == Kind::Gang;
        let ground = Ground {
            projection: &projection,
            officials: network.nodes().filter(|&node| network.is_official(node)).collect(),
            gangs: network.nodes().filter(of_kind).map(|gang| (gang, side(network, gang))).collect(),
        };
        let chosen = BASELINES.iter().filter(|baseline| wanted(baseline));
        chosen.map(|baseline| Ok((baseline.name, (baseline.run)(&ground)?))).collect()
    }
}

/// A gang, its listed members and its companies.
fn side(network: &Network, gang: NodeIx) -> Vec<NodeIx> {
    let ties = network.arcs(gang).map(|arc| (network.tie(arc.tie).ty(), arc.neighbour));
    let own = ties.filter(|(ty, _)| matches!(ty, TieType::Member | TieType::Controls));
    let mut side: BTreeSet<NodeIx> = own.map(|(_, node)| node).collect();
    side.insert(gang);
    side.into_iter().collect()
}

/// A measure of the official, the same with every gang.
fn alone(
    ground: &Ground<'_>,
    measure: fn(&Projection, &RankOptions) -> Result<Vec<f64>, RankError>,
) -> Result<Vec<PairScore>, RankError> {
    let values = measure(ground.projection, &RankOptions::default())?;
    Ok(pairs(ground, |_| Some(values.clone())))
}

/// The pairs with a value over 0, gang by gang.
fn pairs(ground: &Ground<'_>, of: impl Fn(&[NodeIx]) -> Option<Vec<f64>>) -> Vec<PairScore> {
    let mut all = Vec::new();
    for (gang, side) in &ground.gangs {
        let Some(values) = of(side) else { continue };
        let value = |official: &NodeIx| (*official, *gang, values.get(official.at()).copied().unwrap_or(0.0));
        all.extend(ground.officials.iter().map(value).filter(|pair| pair.2 > 0.0));
    }
    all
}

/// Neighbours that the official and the gang share, each counting what `by` says.
fn shared(ground: &Ground<'_>, by: Nearby) -> Vec<PairScore> {
    let sides: Vec<Vec<NodeIx>> = ground.gangs.iter().map(|(_, side)| side.clone()).collect();
    let mut all = Vec::new();
    for ((gang, _), scores) in ground.gangs.iter().zip(near_sides(ground.projection, &sides, by)) {
        let is_official = |node: &NodeIx| ground.officials.binary_search(node).is_ok();
        let of_officials = scores.into_iter().filter(|(node, _)| is_official(node));
        all.extend(of_officials.map(|(official, score)| (official, *gang, score)));
    }
    all
}

/// Steps of a Katz walk that still count.
const STEPS: usize = 6;

/// Walks of any length from the gang, each step worth half of what keeps the sum finite (Katz 1953).
fn katz(ground: &Ground<'_>) -> Vec<PairScore> {
    let decay = 0.5 / largest(ground.projection).max(1.0);
    pairs(ground, |side| {
        let mut at = vec![0.0; ground.projection.node_count()];
        side.iter().for_each(|node| at[node.at()] = 1.0);
        let mut sum = vec![0.0; at.len()];
        for _ in 0..STEPS {
            at = step(ground.projection, &at, decay);
            sum.iter_mut().zip(&at).for_each(|(sum, at)| *sum += at);
        }
        Some(sum)
    })
}

fn step(projection: &Projection, at: &[f64], decay: f64) -> Vec<f64> {
    let pull = |node: NodeIx| projection.leaving(node).map(|hand| at[hand.neighbour.at()]).sum::<f64>();
    projection.nodes().map(|node| decay * pull(node)).collect()
}

/// The largest eigenvalue, by power iteration.
fn largest(projection: &Projection) -> f64 {
    let mut at = vec![1.0; projection.node_count()];
    let mut value = 0.0;
    for _ in 0..60 {
        let next = step(projection, &at, 1.0);
        value = libm::sqrt(next.iter().map(|x| x * x).sum::<f64>());
        if value == 0.0 {
            return 0.0;
        }
        at = next.into_iter().map(|x| x / value).collect();
    }
    value
}

/// PageRank from the gang's side.
fn near(ground: &Ground<'_>) -> Result<Vec<PairScore>, RankError> {
    let mut by_side: BTreeMap<Vec<NodeIx>, Vec<f64>> = BTreeMap::new();
    for (_, side) in &ground.gangs {
        let options = RankOptions { from: side.clone(), ..RankOptions::default() };
        by_side.insert(side.clone(), centrality::personalised_pagerank(ground.projection, &options)?);
    }
    Ok(pairs(ground, |side| by_side.get(side).cloned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::umbrella::testing::Town;

    /// An official with one friend in common with the gang's member, one without.
    fn town() -> Town {
        let mut town = Town::default();
        town.people(&["p1", "p2", "p3"]);
        town.entity("a", Kind::Agency, crate::model::Table::Organisations, &[]);
        town.official("o1", "a");
        town.official("o2", "a");
        town.entity("g", Kind::Gang, crate::model::Table::Organisations, &[]);
        town.member("m", "g");
        town.add(TieType::Call, "o1", "p1", &[]);
        town.add(TieType::Call, "p1", "m", &[]);
        town.add(TieType::Call, "o2", "p2", &[]);
        town.add(TieType::Call, "p2", "p3", &[]);
        town.add(TieType::Call, "p3", "p1", &[]);
        town
    }

    #[test]
    fn measures_of_the_pair_find_the_nearer_and_those_of_one_do_not() {
        let network = town().network();
        let (first, second) = (network.node("o1").unwrap(), network.node("o2").unwrap());
        let all = Baseline::all(&network, |_| true).unwrap();
        assert_eq!(all.len(), BASELINES.len());
        for (name, pairs) in all {
            let value = |node| pairs.iter().find(|pair| pair.0 == node).map_or(0.0, |pair| pair.2);
            match name {
                "degree" => assert_eq!(value(first), value(second)),
                "betweenness" | "pagerank" => {}
                _ => assert!(value(first) > value(second), "{name}"),
            }
        }
    }

    #[test]
    fn katz_counts_walks() {
        let network = town().network();
        let options = ProjectionOptions { weight: Weight::One, ..ProjectionOptions::default() };
        let projection = Projection::new(&network, options);
        // The largest eigenvalue by hand: a path of six has 2 cos(π / 7).
        let path = Projection::from_arcs(
            6,
            &[(0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0), (3, 4, 1.0), (4, 5, 1.0)],
            false,
        );
        let wanted = 2.0 * (std::f64::consts::PI / 7.0).cos();
        assert!((largest(&path.unwrap()) - wanted).abs() < 0.02);
        let at = |id: &str| network.node(id).unwrap().at();
        let mut from = vec![0.0; projection.node_count()];
        from[at("m")] = 1.0;
        let once = step(&projection, &from, 0.5);
        assert_eq!((once[at("p1")], once[at("o1")]), (0.5, 0.0));
        assert_eq!(step(&projection, &once, 0.5)[at("o1")], 0.25);
    }
}
