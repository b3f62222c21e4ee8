//! How long projections, measures and paths take on a random graph: `cargo bench --bench network [NODES]`.
//!
//! Prints the median of some runs of each; says nothing of other machines. The graph is drawn by a
//! hash of its arcs' places, so every run has the same.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::hint::black_box;
use std::time::Instant;

use parasol::analysis::centrality::{RankOptions, betweenness_of_some};
use parasol::analysis::groups::{communities, factions};
use parasol::analysis::nulls::{Draws, Margins, pairs_by_chance};
use parasol::analysis::paths::{
    Costs, PathOptions, best_routes, best_routes_by, most_reliable, reliability, routes_within,
};
use parasol::analysis::{ALL, Analysis};
use parasol::network::{NodeIx, Projection};

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

fn median<T>(name: &str, runs: usize, mut run: impl FnMut() -> T) {
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            black_box(run());
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{name:24} {:10.2} ms   (median of {runs})", times[runs / 2]);
}

fn measure(projection: &Projection, analysis: &Analysis, runs: usize) {
    let options = RankOptions { from: vec![NodeIx(0)], ..RankOptions::default() };
    median(analysis.name, runs, || (analysis.run)(projection, &options).unwrap());
}

/// Measures that look at every pair: on a smaller graph.
const OF_PAIRS: [&str; 2] = ["betweenness", "closeness"];

fn main() {
    let nodes: u32 = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(200_000);
    let large = arcs(nodes);
    println!("{nodes} nodes, {} ties", large.len());
    median("projection", 5, || Projection::from_arcs(nodes as usize, &large, false).unwrap());
    let projection = Projection::from_arcs(nodes as usize, &large, false).unwrap();
    let bytes = projection.structure_bytes() as f64 / projection.arc_count() as f64;
    println!("{:24} {bytes:10.2} bytes an arc", "structure");
    for analysis in ALL.iter().filter(|analysis| !OF_PAIRS.contains(&analysis.name)) {
        measure(&projection, analysis, 5);
    }
    let pairs: Vec<(u32, u32)> =
        (0..20).map(|place| (draw(place, 0, u64::from(nodes)), draw(place, 1, u64::from(nodes)))).collect();
    for max_hops in [4, 9] {
        let options = PathOptions { k: 3, max_hops };
        let mut next = pairs.iter().cycle();
        median(&format!("3 paths, {max_hops} hops"), pairs.len(), || {
            let &(from, to) = next.next().unwrap();
            best_routes(&projection, NodeIx(from), NodeIx(to), &options)
        });
    }
    let costs = Costs::new(&projection);
    let nodes_of = |&(from, to): &(u32, u32)| (NodeIx(from), NodeIx(to));
    let ends: Vec<_> = pairs.iter().map(nodes_of).collect();
    median("20 most reliable ways", 5, || most_reliable(&costs, &ends));
    let ten = PathOptions { k: 10, max_hops: u32::MAX };
    median("10 paths of any length", 5, || best_routes_by(&costs, ends[0].0, ends[0].1, &ten));
    median("communities", 3, || communities(&projection, &Default::default()));
    let within = PathOptions { k: 3, max_hops: 5 };
    let (from, to) = ends[0];
    median("paths within 0.2", 5, || routes_within(&costs, from, &[to], 0.2, &within, &Default::default()));
    median("all ways together", 3, || {
        reliability(&projection, from, &[to], &PathOptions::default(), 1, &Default::default()).unwrap()
    });
    median("factions of a circle", 3, || factions(&projection, NodeIx(nodes - 1), 2, 1));
    let small = Projection::from_arcs(5000, &arcs(5000), false).unwrap();
    println!("5000 nodes, 25000 ties");
    for analysis in ALL.iter().filter(|analysis| OF_PAIRS.contains(&analysis.name)) {
        measure(&small, analysis, 3);
    }
    let options = RankOptions::default();
    median("betweenness of some", 3, || betweenness_of_some(&small, &options).unwrap());
    let margins = Margins::of_projection(&small);
    let sides: Vec<_> = (0..20_u32).map(|at| (vec![NodeIx(at)], vec![NodeIx(4999 - at)])).collect();
    let draws = Draws { count: 20, seed: 1 };
    median("20 null draws, 20 pairs", 3, || pairs_by_chance(&margins, &sides, &draws, &Default::default()));
}
