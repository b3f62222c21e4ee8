//! Bands: how firm a rank is when data are missing.
//!
//! After J. W. Bolland, *Sorting out centrality*, Social Networks 10 (1988), and S. P. Borgatti,
//! K. M. Carley and D. Krackhardt, *On the robustness of centrality measures under conditions of
//! imperfect data*, Social Networks 28 (2006): the measure is taken again on networks from which
//! some ties were dropped by chance, and one looks how far each rank moves.

use std::hash::Hasher;

use rayon::prelude::*;
use siphasher::sip::SipHasher13;

use super::rank::in_order;
use super::{RankError, RankOptions, RankOutcome, Selection};
use crate::analysis::Analysis;
use crate::network::{Network, NodeIx, Projection, ProjectionOptions, TieIx};

/// How often ties are dropped, and how many.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BandOptions {
    /// How many draws.
    pub draws: u64,
    /// The share of ties that a draw drops.
    pub dropped: f64,
    /// The seed.
    pub seed: u64,
}

impl Default for BandOptions {
    fn default() -> Self {
        Self { draws: 50, dropped: 0.1, seed: 1 }
    }
}

/// How many places are "the top".
const TOP: usize = 10;

/// How firm somebody's rank is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// The share of draws that have him among the first ten.
    pub top_ten: f64,
    /// The best rank, but for the best 5% of draws.
    pub best: usize,
    /// The worst rank, but for the worst 5% of draws.
    pub worst: usize,
}

/// Fills the bands of a ranking: ranks among the same selection are taken again over draws that
/// each drop a share of the network's ties. Whether a tie is dropped is a hash of (seed, draw, the
/// tie's row), so it depends neither on the order of ties nor on threads.
///
/// Cost: `draws` times the measure, over all cores.
pub fn bands(
    network: &Network,
    projection: ProjectionOptions,
    analysis: &Analysis,
    options: &RankOptions,
    selection: &Selection,
    draws: &BandOptions,
    outcome: &mut RankOutcome,
) -> Result<(), RankError> {
    let nodes = selection.nodes(network);
    let ranks: Vec<Vec<u32>> = (0..draws.draws)
        .into_par_iter()
        .map(|draw| {
            let kept = Projection::of_ties(network, projection, |tie| !is_dropped(network, tie, draws, draw));
            Ok(places(network, &nodes, &(analysis.run)(&kept, options)?))
        })
        .collect::<Result<_, RankError>>()?;
    for row in &mut outcome.rows {
        row.band = band(ranks.iter().filter_map(|ranks| ranks.get(row.node.at()).copied()).collect());
    }
    Ok(())
}

/// The place of each node, from 1; 0 for whom the selection leaves out.
fn places(network: &Network, nodes: &[NodeIx], values: &[f64]) -> Vec<u32> {
    let mut places = vec![0; network.node_count()];
    for (at, node) in in_order(nodes.to_vec(), values).into_iter().enumerate() {
        places[node.at()] = at as u32 + 1;
    }
    places
}

fn band(mut ranks: Vec<u32>) -> Option<Band> {
    ranks.sort_unstable();
    let cut = ranks.len() / 20;
    let top = ranks.partition_point(|&rank| rank as usize <= TOP);
    Some(Band {
        top_ten: top as f64 / ranks.len() as f64,
        best: *ranks.get(cut)? as usize,
        worst: *ranks.get(ranks.len() - 1 - cut)? as usize,
    })
}

fn is_dropped(network: &Network, tie: TieIx, draws: &BandOptions, draw: u64) -> bool {
    let mut hash = SipHasher13::new_with_keys(draws.seed, draw);
    hash.write(b"rank bands\0");
    hash.write(network.tie(tie).claims().next().map_or("", |claim| claim.row()).as_bytes());
    ((hash.finish() >> 11) as f64) < draws.dropped * (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::centrality::rank;
    use crate::analysis::measure;
    use crate::model::TieType;
    use crate::network::Builder;
    use crate::network::samples::{person, said, tie};

    /// One hub whom twelve others call; two of those call each other.
    fn network() -> Network {
        let mut builder = Builder::new(None);
        let others: Vec<String> = (10..22).map(|i| format!("p{i}")).collect();
        builder.entity(person("hub"));
        others.iter().for_each(|id| builder.entity(person(id)));
        let call = |from: &str, to: &str| {
            tie(TieType::Call, from, to, vec![said(&format!("{from}-{to}"), "s")]).build()
        };
        for other in &others {
            builder.tie(&call(other, "hub")).unwrap();
        }
        builder.tie(&call("p10", "p11")).unwrap();
        builder.build()
    }

    fn banded(draws: &BandOptions, threads: usize) -> Vec<(String, Band)> {
        let network = network();
        let everybody = Selection { all_people: true, ..Selection::default() };
        let (options, degree) = (ProjectionOptions::default(), measure("degree").unwrap());
        let of = RankOptions::default();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let projection = Projection::new(&network, options);
            let mut outcome = rank(&network, &projection, degree, &of, &everybody).unwrap();
            bands(&network, options, degree, &of, &everybody, draws, &mut outcome).unwrap();
            outcome.rows.iter().map(|row| (network.id(row.node).to_owned(), row.band.unwrap())).collect()
        })
    }

    #[test]
    fn the_hub_stays_first_and_the_others_move() {
        let rows = banded(&BandOptions::default(), 2);
        assert_eq!(rows[0], ("hub".to_owned(), Band { top_ten: 1.0, best: 1, worst: 1 }));
        let (last, band) = &rows[12];
        assert_eq!(last, "p21");
        assert!(band.best < band.worst && band.top_ten > 0.0 && band.top_ten < 1.0, "{band:?}");
        assert!(rows.iter().all(|(_, band)| band.best <= band.worst));
    }

    #[test]
    fn draws_hang_on_the_seed_alone() {
        let draws = BandOptions { draws: 20, ..BandOptions::default() };
        assert_eq!(banded(&draws, 1), banded(&draws, 3));
        assert_ne!(banded(&draws, 1), banded(&BandOptions { seed: 2, ..draws }, 1));
    }

    #[test]
    fn about_the_share_that_was_asked_for_is_dropped() {
        let network = network();
        let draws = BandOptions::default();
        let dropped = (0..1000)
            .flat_map(|draw| network.ties().map(move |tie| (tie, draw)))
            .filter(|&(tie, draw)| is_dropped(&network, tie, &draws, draw))
            .count();
        let share = dropped as f64 / (1000.0 * network.tie_count() as f64);
        assert!((share - 0.1).abs() < 0.01, "{share}");
        assert!(!is_dropped(&network, TieIx(0), &BandOptions { dropped: 0.0, ..draws }, 1));
        assert!(is_dropped(&network, TieIx(0), &BandOptions { dropped: 1.0, ..draws }, 1));
    }

    #[test]
    fn without_a_draw_there_is_no_band() {
        assert_eq!(band(vec![]), None);
        assert_eq!(band(vec![3]), Some(Band { top_ten: 1.0, best: 3, worst: 3 }));
        let ranks: Vec<u32> = (1..=100).collect();
        assert_eq!(band(ranks), Some(Band { top_ten: 0.1, best: 6, worst: 95 }));
    }
}
