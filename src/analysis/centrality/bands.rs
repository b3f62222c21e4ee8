//! Bands: how firm a rank is when data are missing.
//!
//! After J. W. Bolland, *Sorting out centrality*, Social Networks 10 (1988), and S. P. Borgatti,
//! K. M. Carley and D. Krackhardt, *On the robustness of centrality measures under conditions of
//! imperfect data*, Social Networks 28 (2006): the measure is taken again on networks from which
//! some ties, or some people with all their ties, were dropped by chance, and one looks how far each rank
//! moves.

use std::hash::Hasher;

use rayon::prelude::*;
use siphasher::sip::SipHasher13;

use super::rank::in_order;
use super::{RankError, RankOptions, RankOutcome, Selection};
use crate::analysis::{Analysis, Watch};
use crate::model::Kind;
use crate::network::{Network, NodeIx, Projection, ProjectionOptions, TieIx};

/// What a draw drops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dropped {
    /// Ties: records that were never made, or are false.
    #[default]
    Ties,
    /// People with all their ties: somebody nobody has heard of.
    People,
}

/// How often something is dropped, and how much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BandOptions {
    /// How many draws.
    pub draws: u64,
    /// What a draw drops.
    pub what: Dropped,
    /// The share that a draw drops.
    pub dropped: f64,
    /// The seed.
    pub seed: u64,
}

impl Default for BandOptions {
    fn default() -> Self {
        Self { draws: 200, what: Dropped::Ties, dropped: 0.1, seed: 1 }
    }
}

/// How many places are "the top".
const TOP: usize = 10;

/// How firm somebody's rank is, over the draws in which he is there.
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
/// each drop a share of the network's ties, or of its people. Whether a tie is dropped is a hash of (seed,
/// draw, the tie's row), and of a person of his id, so it depends neither on their order nor on threads.
/// Where a measure takes long, an estimate stands in for it in the draws ([`Analysis::in_draws`]); its error
/// widens the bands.
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
    let shown: Vec<NodeIx> = outcome.rows.iter().map(|row| row.node).collect();
    let count = options.watch.over(draws.draws as usize);
    // Only the draws are told of: one bar, not one for each.
    let quiet = RankOptions { watch: Watch::default(), ..options.clone() };
    let places: Vec<Vec<u32>> = (0..draws.draws)
        .into_par_iter()
        .map(|draw| {
            if count.is_stopped() {
                return Err(RankError::Stopped);
            }
            let values = values(network, projection, analysis, &quiet, draws, draw)?;
            let there = |node: &NodeIx| !is_gone(network, *node, draws, draw);
            let places = places(nodes.iter().copied().filter(there).collect(), &analysis.merits(&values));
            count.one_done();
            Ok(shown.iter().map(|node| places[node.at()]).collect())
        })
        .collect::<Result<_, RankError>>()?;
    for (at, row) in outcome.rows.iter_mut().enumerate() {
        let there = places.iter().filter_map(|places| places.get(at).copied()).filter(|&place| place > 0);
        row.band = band(there.collect());
    }
    Ok(())
}

/// The measure, or what stands in for it, in a draw.
fn values(
    network: &Network,
    projection: ProjectionOptions,
    analysis: &Analysis,
    options: &RankOptions,
    draws: &BandOptions,
    draw: u64,
) -> Result<Vec<f64>, RankError> {
    let kept = match draws.what {
        Dropped::Ties => {
            Projection::of_ties(network, projection, |tie| !is_dropped(network, tie, draws, draw))
        }
        Dropped::People => {
            let gone: Vec<bool> = network.nodes().map(|node| is_gone(network, node, draws, draw)).collect();
            Projection::of_ties(network, projection, |tie| {
                let tie = network.tie(tie);
                !gone[tie.from().at()] && !gone[tie.to().at()]
            })
        }
    };
    let seed = options.seed.wrapping_add(draw);
    analysis.in_draws.unwrap_or(analysis.run)(&kept, &RankOptions { seed, ..options.clone() })
}

/// The place of each node, from 1; 0 for who is not among them.
fn places(nodes: Vec<NodeIx>, values: &[f64]) -> Vec<u32> {
    let mut places = vec![0; values.len()];
    for (place, node) in (1..).zip(in_order(nodes, values)) {
        places[node.at()] = place;
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
    falls(network.tie(tie).claims().next().map_or("", |claim| claim.row()), b"rank bands\0", draws, draw)
}

/// Whether a draw knows nothing of a node.
fn is_gone(network: &Network, node: NodeIx, draws: &BandOptions, draw: u64) -> bool {
    draws.what == Dropped::People
        && network.kind(node) == Kind::Person
        && falls(network.id(node), b"rank bands, people\0", draws, draw)
}

fn falls(id: &str, purpose: &[u8], draws: &BandOptions, draw: u64) -> bool {
    let mut hash = SipHasher13::new_with_keys(draws.seed, draw);
    hash.write(purpose);
    hash.write(id.as_bytes());
    ((hash.finish() >> 11) as f64) < draws.dropped * (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
        banded_by(draws, threads).into_iter().map(|(id, band)| (id, band.unwrap())).collect()
    }

    fn banded_by(draws: &BandOptions, threads: usize) -> Vec<(String, Option<Band>)> {
        let network = network();
        let everybody = Selection { all_people: true, ..Selection::default() };
        let (options, degree) = (ProjectionOptions::default(), measure("degree").unwrap());
        let of = RankOptions::default();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let projection = Projection::new(&network, options);
            let mut outcome = rank(&network, &projection, degree, &of, &everybody).unwrap();
            bands(&network, options, degree, &of, &everybody, draws, &mut outcome).unwrap();
            outcome.rows.iter().map(|row| (network.id(row.node).to_owned(), row.band)).collect()
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
    fn people_may_be_dropped_instead() {
        let draws = BandOptions { what: Dropped::People, ..BandOptions::default() };
        let rows = banded(&draws, 2);
        // He is first whenever he is there at all.
        assert_eq!(rows[0], ("hub".to_owned(), Band { top_ten: 1.0, best: 1, worst: 1 }));
        assert_ne!(rows, banded(&BandOptions::default(), 2));
        assert_eq!(rows, banded(&draws, 1));
        let network = network();
        let gone = |draw| network.nodes().filter(|&node| is_gone(&network, node, &draws, draw)).count();
        let share = (0..1000).map(gone).sum::<usize>() as f64 / (1000.0 * network.node_count() as f64);
        assert!((share - 0.1).abs() < 0.01, "{share}");
        // Whoever is never there has no band.
        let nobody = banded_by(&BandOptions { dropped: 1.0, ..draws }, 1);
        assert!(nobody.iter().all(|(_, band)| band.is_none()));
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

    /// The band of everybody by number of contacts, counted the plainest way from the very draws.
    fn plain(network: &Network, draws: &BandOptions) -> Vec<Option<Band>> {
        let nodes: Vec<NodeIx> = network.nodes().collect();
        let mut ranks: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
        for draw in 0..draws.draws {
            let there = |&node: &NodeIx| !is_gone(network, node, draws, draw);
            let is_tied = |a: NodeIx, b: NodeIx| {
                network.ties().any(|ix| {
                    let (from, to) = (network.tie(ix).from(), network.tie(ix).to());
                    let kept = draws.what == Dropped::People || !is_dropped(network, ix, draws, draw);
                    kept && a != b && ((from, to) == (a, b) || (to, from) == (a, b))
                })
            };
            let here: Vec<NodeIx> = nodes.iter().copied().filter(there).collect();
            let many = |a: NodeIx| here.iter().filter(|&&b| is_tied(a, b)).count();
            let all: Vec<(NodeIx, usize)> = here.iter().map(|&node| (node, many(node))).collect();
            for &(node, own) in &all {
                let before = all.iter().filter(|&&(other, many)| many > own || many == own && other < node);
                ranks[node.at()].push(before.count() + 1);
            }
        }
        let band = |mut ranks: Vec<usize>| {
            ranks.sort_unstable();
            let cut = (ranks.len() as f64 * 0.05).floor() as usize;
            let middle: Vec<usize> = ranks.iter().copied().skip(cut).take(ranks.len() - 2 * cut).collect();
            Some(Band {
                top_ten: ranks.iter().filter(|&&rank| rank <= 10).count() as f64 / ranks.len() as f64,
                best: *middle.first()?,
                worst: *middle.last()?,
            })
        };
        ranks.into_iter().map(band).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn bands_are_those_of_a_plain_count(
            pairs in proptest::collection::vec((0_u8..12, 0_u8..12), 0..20),
            seed: u64,
            people: bool,
            draws in 1_u64..45,
        ) {
            let mut builder = Builder::new(None);
            (0..12).for_each(|at| builder.entity(person(&format!("p{at:02}"))));
            for (row, (a, b)) in pairs.iter().enumerate() {
                let said = said(&format!("r{row}"), "s");
                let tie = tie(TieType::Call, &format!("p{a:02}"), &format!("p{b:02}"), vec![said]);
                builder.tie(&tie.build()).unwrap();
            }
            let network = builder.build();
            let what = if people { Dropped::People } else { Dropped::Ties };
            let draws = BandOptions { draws, what, dropped: 0.3, seed };
            let everybody = Selection { all_people: true, top: None, ..Selection::default() };
            let (options, degree) = (ProjectionOptions::default(), measure("degree").unwrap());
            let of = RankOptions::default();
            let projection = Projection::new(&network, options);
            let mut outcome = rank(&network, &projection, degree, &of, &everybody).unwrap();
            bands(&network, options, degree, &of, &everybody, &draws, &mut outcome).unwrap();
            let plain = plain(&network, &draws);
            prop_assert_eq!(outcome.rows.len(), 12);
            for row in &outcome.rows {
                prop_assert_eq!(row.band, plain[row.node.at()]);
            }
        }
    }

    #[test]
    fn without_a_draw_there_is_no_band() {
        assert_eq!(band(vec![]), None);
        assert_eq!(band(vec![3]), Some(Band { top_ten: 1.0, best: 3, worst: 3 }));
        let ranks: Vec<u32> = (1..=100).collect();
        assert_eq!(band(ranks), Some(Band { top_ten: 0.1, best: 6, worst: 95 }));
    }
}
