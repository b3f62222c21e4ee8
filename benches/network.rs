//! How long projections, measures, groups and paths take on random graphs: `cargo bench --bench network [FILTER]`.
//!
//! Daily use: other tools are measured beside ours by `examples/peers.rs` (docs/BENCHMARKS.md). The graphs are
//! drawn by a hash of their arcs' places, so every run has the same: 200,000 nodes and a million ties, and
//! 5,000 nodes and 25,000 ties for what looks at every pair.
#![allow(clippy::unwrap_used, missing_docs)]

use std::sync::OnceLock;

use divan::Bencher;
use parasol::analysis::centrality::{RankOptions, betweenness_of_some, nearest_to_all};
use parasol::analysis::groups::{
    blocks, bridges, brokerage, communities, components, cores, factions, to_fragment, to_reach,
};
use parasol::analysis::missing::{Nearby, nearby_of_all};
use parasol::analysis::nulls::{Draws, Margins, pairs_by_chance};
use parasol::analysis::paths::{
    Costs, PathOptions, best_routes, best_routes_by, most_reliable, reliability, routes_within,
};
use parasol::analysis::{ALL, measure};
use parasol::network::{NodeIx, Projection};

fn main() {
    divan::main();
}

/// Measures that look at every pair: on the smaller graph.
const OF_PAIRS: [&str; 2] = ["betweenness", "closeness"];
const LARGE: u32 = 200_000;
const SMALL: u32 = 5_000;

/// A number from 0 to `below`, by place and purpose (splitmix64).
fn draw(place: u64, purpose: u64, below: u64) -> u32 {
    let mut x =
        place.wrapping_mul(4).wrapping_add(purpose).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((x ^ (x >> 31)) % below) as u32
}

/// Five ties a node; one end of each is drawn from ever fewer nodes, so that there are hubs.
fn arcs(nodes: u32) -> Vec<(u32, u32, f64)> {
    let arc = |place: u64| {
        let from = draw(place, 0, u64::from(nodes));
        let to = draw(place, 1, u64::from(draw(place, 2, u64::from(nodes))) + 1);
        (from, to, f64::from(draw(place, 3, 99) + 1) / 100.0)
    };
    (0..u64::from(nodes) * 5).map(arc).collect()
}

fn large() -> &'static Projection {
    static GRAPH: OnceLock<Projection> = OnceLock::new();
    GRAPH.get_or_init(|| Projection::from_arcs(LARGE as usize, &arcs(LARGE), false).unwrap())
}

fn small() -> &'static Projection {
    static GRAPH: OnceLock<Projection> = OnceLock::new();
    GRAPH.get_or_init(|| Projection::from_arcs(SMALL as usize, &arcs(SMALL), false).unwrap())
}

/// Twenty pairs of nodes.
fn ends() -> Vec<(NodeIx, NodeIx)> {
    let node = |place, purpose| NodeIx(draw(place, purpose, u64::from(LARGE)));
    (0..20).map(|place| (node(place, 0), node(place, 1))).collect()
}

fn everybody(projection: &Projection) -> Vec<NodeIx> {
    projection.nodes().collect()
}

#[divan::bench(sample_count = 5)]
fn projection(bencher: Bencher<'_, '_>) {
    let arcs = arcs(LARGE);
    bencher.bench(|| Projection::from_arcs(LARGE as usize, &arcs, false).unwrap());
}

#[divan::bench(sample_count = 5, args = ALL.iter().map(|measure| measure.name))]
fn rank(bencher: Bencher<'_, '_>, name: &str) {
    let graph = if OF_PAIRS.contains(&name) { small() } else { large() };
    let options = RankOptions { from: vec![NodeIx(0)], ..RankOptions::default() };
    let measure = measure(name).unwrap();
    bencher.bench(|| (measure.run)(graph, &options).unwrap());
}

#[divan::bench(sample_count = 3)]
fn betweenness_of_some_sources(bencher: Bencher<'_, '_>) {
    bencher.bench(|| betweenness_of_some(small(), &RankOptions::default()).unwrap());
}

#[divan::bench(sample_count = 5)]
fn ten_nearest_to_all(bencher: Bencher<'_, '_>) {
    let all = everybody(large());
    bencher.bench(|| nearest_to_all(large(), &all, 10, &RankOptions::default()).unwrap());
}

#[divan::bench(sample_count = 5, args = Nearby::ALL.iter().map(|by| by.code()))]
fn missing_from_a_thousand(bencher: Bencher<'_, '_>, by: &str) {
    let by = Nearby::ALL.iter().copied().find(|nearby| nearby.code() == by).unwrap();
    let from: Vec<NodeIx> = (0..1000).map(|place| NodeIx(draw(place, 4, u64::from(LARGE)))).collect();
    bencher.bench(|| nearby_of_all(large(), &from, by));
}

mod groups {
    use super::*;

    #[divan::bench(sample_count = 5)]
    fn components_of_all(bencher: Bencher<'_, '_>) {
        bencher.bench(|| components(large()));
    }

    #[divan::bench(sample_count = 5)]
    fn cores_of_all(bencher: Bencher<'_, '_>) {
        bencher.bench(|| cores(large()));
    }

    #[divan::bench(sample_count = 5)]
    fn blocks_of_all(bencher: Bencher<'_, '_>) {
        bencher.bench(|| blocks(large()));
    }

    #[divan::bench(sample_count = 5)]
    fn bridges_of_all(bencher: Bencher<'_, '_>) {
        bencher.bench(|| bridges(large()));
    }

    #[divan::bench(sample_count = 3)]
    fn leiden(bencher: Bencher<'_, '_>) {
        bencher.bench(|| communities(large(), &Default::default()));
    }

    #[divan::bench(sample_count = 3)]
    fn brokers(bencher: Bencher<'_, '_>) {
        let groups: Vec<Option<u32>> = (0..LARGE).map(|node| Some(node % 50)).collect();
        bencher.bench(|| brokerage(large(), &groups).unwrap());
    }

    #[divan::bench(sample_count = 3)]
    fn key_players_to_fragment(bencher: Bencher<'_, '_>) {
        let all = everybody(small());
        bencher.bench(|| to_fragment(small(), &all, 5, &RankOptions::default()).unwrap());
    }

    #[divan::bench(sample_count = 3)]
    fn key_players_to_reach(bencher: Bencher<'_, '_>) {
        let all = everybody(large());
        bencher.bench(|| to_reach(large(), &all, 5, 2));
    }

    #[divan::bench(sample_count = 3)]
    fn factions_of_a_circle(bencher: Bencher<'_, '_>) {
        bencher.bench(|| factions(large(), NodeIx(LARGE - 1), 2, 1));
    }
}

mod paths {
    use super::*;

    #[divan::bench(sample_count = 20, args = [4, 9])]
    fn three_best_of_hops(bencher: Bencher<'_, '_>, max_hops: u32) {
        let (ends, options) = (ends(), PathOptions { k: 3, max_hops });
        let next = std::sync::atomic::AtomicUsize::new(0);
        bencher.bench(|| {
            let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % ends.len();
            best_routes(large(), ends[at].0, ends[at].1, &options)
        });
    }

    #[divan::bench(sample_count = 5)]
    fn twenty_most_reliable(bencher: Bencher<'_, '_>) {
        let (costs, ends) = (Costs::new(large()), ends());
        bencher.bench(|| most_reliable(&costs, &ends));
    }

    #[divan::bench(sample_count = 5)]
    fn ten_best(bencher: Bencher<'_, '_>) {
        let (costs, (from, to)) = (Costs::new(large()), ends()[0]);
        let options = PathOptions { k: 10, max_hops: u32::MAX };
        bencher.bench(|| best_routes_by(&costs, from, to, &options));
    }

    #[divan::bench(sample_count = 5)]
    fn within_a_fifth(bencher: Bencher<'_, '_>) {
        let (costs, (from, to)) = (Costs::new(large()), ends()[0]);
        let options = PathOptions { k: 3, max_hops: 5 };
        bencher.bench(|| routes_within(&costs, from, &[to], 0.2, &options, &Default::default()));
    }

    #[divan::bench(sample_count = 3)]
    fn all_together(bencher: Bencher<'_, '_>) {
        let (from, to) = ends()[0];
        bencher.bench(|| {
            reliability(large(), from, &[to], &PathOptions::default(), 1, &Default::default()).unwrap()
        });
    }

    /// Eleven who all know each other: 55 ties, as dense as an exact answer can be.
    #[divan::bench(sample_count = 5)]
    fn all_together_exactly(bencher: Bencher<'_, '_>) {
        let arcs: Vec<_> = (0..11).flat_map(|a| (0..a).map(move |b| (a, b, 0.2))).collect();
        let graph = Projection::from_arcs(11, &arcs, false).unwrap();
        let ends = (NodeIx(0), [NodeIx(10)]);
        bencher.bench(|| {
            reliability(&graph, ends.0, &ends.1, &PathOptions::default(), 1, &Default::default()).unwrap()
        });
    }
}

#[divan::bench(sample_count = 3)]
fn twenty_null_draws(bencher: Bencher<'_, '_>) {
    let margins = Margins::of_projection(small());
    let sides: Vec<_> = (0..20_u32).map(|at| (vec![NodeIx(at)], vec![NodeIx(SMALL - 1 - at)])).collect();
    let draws = Draws { count: 20, seed: 1 };
    bencher.bench(|| pairs_by_chance(&margins, &sides, &draws, &Default::default()));
}
