//! Paths against every path there is, against petgraph, and by hand.

use std::collections::BTreeMap;

use petgraph::algo::dijkstra;
use petgraph::visit::EdgeRef;
use proptest::prelude::*;

use super::*;
use crate::model::TieType;
use crate::network::samples::{Made, person, said, tie};
use crate::network::{Builder, ProjectionOptions};

type Arcs = Vec<(u32, u32, f64)>;

/// Every loopless path of at most `max_hops`, best first, by trying everything.
fn every_path(projection: &Projection, from: u32, to: u32, max_hops: usize) -> Vec<(f64, Vec<u32>)> {
    fn go(p: &Projection, way: &mut Vec<u32>, to: u32, left: usize, found: &mut Vec<Vec<u32>>) {
        let here = way[way.len() - 1];
        if here == to {
            found.push(way.clone());
            return;
        }
        for &next in p.neighbours(NodeIx(here)) {
            if left > 0 && !way.contains(&next) {
                way.push(next);
                go(p, way, to, left - 1, found);
                way.pop();
            }
        }
    }
    let mut found = Vec::new();
    if from != to {
        go(projection, &mut vec![from], to, max_hops, &mut found);
    }
    let mut paths: Vec<(f64, Vec<u32>)> =
        found.into_iter().map(|way| (cost(projection, &way), way)).collect();
    // Costs a hair apart are one cost: the plain sum here rounds where the search does not.
    let key = |cost: f64| (cost * 1e9).round() as i64;
    paths.sort_by(|a, b| (key(a.0), a.1.len(), &a.1).cmp(&(key(b.0), b.1.len(), &b.1)));
    paths
}

/// The paths of [`every_path`] from 0 to each target that come to no other before.
fn every_path_to_any(projection: &Projection, targets: &[u32], max_hops: usize) -> Vec<(f64, Vec<u32>)> {
    let mut once = targets.to_vec();
    once.sort_unstable();
    once.dedup();
    let to = |&to: &u32| every_path(projection, 0, to, max_hops);
    let mut all: Vec<(f64, Vec<u32>)> = once.iter().flat_map(to).collect();
    all.retain(|(_, way)| way[1..way.len() - 1].iter().all(|node| !once.contains(node)));
    let key = |cost: f64| (cost * 1e9).round() as i64;
    all.sort_by(|a, b| (key(a.0), a.1.len(), &a.1).cmp(&(key(b.0), b.1.len(), &b.1)));
    all
}

fn cost(projection: &Projection, way: &[u32]) -> f64 {
    way.windows(2).map(|w| -projection.weight(NodeIx(w[0]), NodeIx(w[1])).unwrap().ln()).sum()
}

fn routes(projection: &Projection, from: u32, to: u32, k: usize, max_hops: u32) -> Vec<Vec<u32>> {
    let found = best_routes(projection, NodeIx(from), NodeIx(to), &PathOptions { k, max_hops });
    found.into_iter().map(|route| route.into_iter().map(|node| node.0).collect()).collect()
}

/// Arcs between `n` nodes; strengths of few values, so that many paths cost the same.
fn arcs(n: u32) -> impl Strategy<Value = Arcs> {
    let strength = prop_oneof![Just(0.5), Just(0.25), Just(0.9), Just(1.0), 0.01_f64..1.0];
    proptest::collection::vec((0..n, 0..n, strength), 0..28)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn the_best_paths_are_the_first_of_all_paths(
        arcs in arcs(8), directed: bool, from in 0_u32..8, to in 0_u32..8, k in 0_usize..12, max_hops in 0_u32..8,
    ) {
        let projection = Projection::from_arcs(8, &arcs, directed).unwrap();
        let mut all = every_path(&projection, from, to, max_hops as usize);
        all.truncate(k);
        let plain: Vec<Vec<u32>> = all.into_iter().map(|(_, way)| way).collect();
        prop_assert_eq!(routes(&projection, from, to, k, max_hops), plain);
    }

    #[test]
    fn the_most_reliable_way_is_the_first_of_all_ways(arcs in arcs(9), directed: bool, from in 0_u32..9) {
        let projection = Projection::from_arcs(9, &arcs, directed).unwrap();
        let pairs: Vec<_> = (0..9).map(|to| (NodeIx(from), NodeIx(to))).collect();
        for (found, (_, to)) in most_reliable(&Costs::new(&projection), &pairs).into_iter().zip(pairs) {
            let first = every_path(&projection, from, to.0, 9).into_iter().next();
            let found = found.map(|way| way.into_iter().map(|node| node.0).collect::<Vec<_>>());
            prop_assert_eq!(found, first.map(|(_, way)| way));
        }
    }

    #[test]
    fn a_path_to_any_ends_at_the_first_it_comes_to(
        arcs in arcs(8), directed: bool, targets in proptest::collection::vec(0_u32..8, 0..4),
        k in 0_usize..12, max_hops in 0_u32..8,
    ) {
        let projection = Projection::from_arcs(8, &arcs, directed).unwrap();
        let mut plain = every_path_to_any(&projection, &targets, max_hops as usize);
        plain.truncate(k);
        let plain: Vec<Vec<u32>> = plain.into_iter().map(|(_, way)| way).collect();
        let targets: Vec<NodeIx> = targets.into_iter().map(NodeIx).collect();
        let found = best_routes_to_any(&Costs::new(&projection), NodeIx(0), &targets, &PathOptions { k, max_hops });
        let found: Vec<Vec<u32>> = found.into_iter().map(|way| way.into_iter().map(|node| node.0).collect()).collect();
        prop_assert_eq!(found, plain);
    }

    #[test]
    fn paths_within_a_bound_are_all_counted(
        arcs in arcs(8), directed: bool, targets in proptest::collection::vec(0_u32..8, 0..4),
        least in prop_oneof![Just(0.0), Just(0.25), Just(0.81), Just(1.0), 0.0_f64..1.0],
        k in 0_usize..6, max_hops in 0_u32..8,
    ) {
        let projection = Projection::from_arcs(8, &arcs, directed).unwrap();
        let mut plain = every_path_to_any(&projection, &targets, max_hops as usize);
        plain.retain(|(cost, _)| (-cost).exp() >= least * (1.0 - 1e-9));
        let targets: Vec<NodeIx> = targets.into_iter().map(NodeIx).collect();
        let options = PathOptions { k, max_hops };
        let found = routes_within(&Costs::new(&projection), NodeIx(0), &targets, least, &options, &Default::default());
        prop_assert!(found.is_exact);
        prop_assert_eq!(found.count, plain.len() as u64);
        let best: Vec<Vec<u32>> = found.best.into_iter().map(|way| way.into_iter().map(|node| node.0).collect()).collect();
        let plain: Vec<Vec<u32>> = plain.into_iter().take(k).map(|(_, way)| way).collect();
        prop_assert_eq!(best, plain);
    }

    #[test]
    fn the_best_path_costs_what_petgraph_says(arcs in arcs(10), directed: bool, from in 0_u32..10) {
        let projection = Projection::from_arcs(10, &arcs, directed).unwrap();
        let graph = projection.directed();
        let costs: BTreeMap<NodeIx, f64> =
            dijkstra(graph, NodeIx(from), None, |edge| -edge.weight().ln()).into_iter().collect();
        for to in (0..10).filter(|&to| to != from) {
            let found = routes(&projection, from, to, 1, u32::MAX);
            let ours = found.first().map(|way| cost(&projection, way));
            let theirs = costs.get(&NodeIx(to)).copied();
            prop_assert_eq!(ours.is_some(), theirs.is_some());
            prop_assert!((ours.unwrap_or(0.0) - theirs.unwrap_or(0.0)).abs() < 1e-8);
        }
    }

    #[test]
    fn an_undirected_path_is_as_good_read_backwards(arcs in arcs(9), k in 1_usize..6) {
        let projection = Projection::from_arcs(9, &arcs, false).unwrap();
        let there = routes(&projection, 0, 8, k, 6);
        let back = routes(&projection, 8, 0, k, 6);
        let costs = |ways: &[Vec<u32>]| ways.iter().map(|w| (cost(&projection, w) * 1e9).round()).collect::<Vec<_>>();
        prop_assert_eq!(costs(&there), costs(&back));
    }
}

fn network(people: &[&str], ties: Vec<Made>) -> Network {
    let mut builder = Builder::new(None);
    people.iter().for_each(|id| builder.entity(person(id)));
    for tie in ties {
        builder.tie(&tie.build()).unwrap();
    }
    builder.build()
}

/// a –kin, call– b –call– c –call– d, the calls by one source; and a post, which is not walked.
fn line() -> Network {
    network(
        &["a", "b", "c", "d"],
        vec![
            tie(TieType::Family, "a", "b", vec![said("r1", "s1")]),
            tie(TieType::Call, "a", "b", vec![said("r2", "s2"), said("r2", "s3")]),
            tie(TieType::Call, "b", "c", vec![said("r3", "s2")]),
            tie(TieType::Call, "d", "c", vec![said("r4", "s2"), said("r4", "s9").refuted()]),
            tie(TieType::Call, "d", "c", vec![said("r5", "s2")]),
            tie(TieType::Supervises, "a", "d", vec![said("r6", "s1")]),
        ],
    )
}

fn only_path(network: &Network, from: &str, to: &str) -> Path {
    let projection = Projection::new(network, ProjectionOptions::default());
    let ends = (network.node(from).unwrap(), network.node(to).unwrap());
    let outcome = paths(network, &projection, ends.0, ends.1, &PathOptions::default());
    assert_eq!(outcome.paths.len(), 1);
    outcome.paths.into_iter().next().unwrap()
}

#[test]
fn a_path_shows_its_evidence_hop_by_hop() {
    let network = line();
    let path = only_path(&network, "a", "d");
    let rows: Vec<Vec<&str>> = path.hops.iter().map(|hop| hop.rows(&network)).collect();
    assert_eq!(rows, [vec!["r1", "r2"], vec!["r3"], vec!["r5"]], "the refuted call is no way to go");
    assert_eq!(path.rows(&network), ["r1", "r2", "r3", "r5"]);
    assert_eq!(
        path.hops.iter().map(|hop| (hop.claims, hop.voices)).collect::<Vec<_>>(),
        [(3, 3), (1, 1), (1, 1)]
    );
    assert_eq!(network.tie(path.hops[0].strongest).type_name(), "call");
    let product: f64 = path.hops.iter().map(|hop| hop.strength).product();
    assert!((path.reliability - product).abs() < 1e-15 && (path.cost + product.ln()).abs() < 1e-9);
    assert!((path.hops[0].strength - (1.0 - 0.28 * 0.28 * 0.28)).abs() < 1e-6);
    assert_eq!(path.weakest, 1, "the first of the two weakest");
}

#[test]
fn hops_that_rest_on_one_voice_are_named() {
    let network = line();
    let path = only_path(&network, "a", "d");
    let shared = SharedSource { voice: Voice::Source("s2".into()), hops: vec![1, 2] };
    assert_eq!(path.shared_sources, [shared]);
    assert!(!path.one_source());
    assert!(only_path(&network, "b", "d").one_source());
    assert!(!only_path(&network, "b", "c").one_source(), "one hop alone shares nothing");
}

#[test]
fn nobody_is_reached_from_himself_or_from_nowhere() {
    let projection = Projection::from_arcs(3, &[(0, 1, 0.5)], false).unwrap();
    for (from, to) in [(0, 0), (0, 2), (0, 9), (9, 9)] {
        assert!(routes(&projection, from, to, 5, 5).is_empty());
    }
    assert!(routes(&Projection::default(), 0, 1, 5, 5).is_empty());
}

#[test]
fn a_long_chain_is_walked_from_end_to_end() {
    let arcs: Vec<_> = (0..9999).map(|at| (at, at + 1, 0.9)).collect();
    let projection = Projection::from_arcs(10_000, &arcs, false).unwrap();
    let chain: Vec<u32> = (0..10_000).collect();
    assert_eq!(routes(&projection, 0, 9999, 1, u32::MAX), std::slice::from_ref(&chain));
    assert_eq!(routes(&projection, 0, 9999, 2, u32::MAX), [chain]);
    assert!(routes(&projection, 0, 9999, 2, 9998).is_empty());
}

#[test]
fn more_paths_than_are_counted_are_at_least_so_many() {
    // Thirteen who all know each other: more than a million loopless ways between two of them.
    let arcs: Vec<_> = (0..13).flat_map(|a| (0..a).map(move |b| (a, b, 0.99))).collect();
    let projection = Projection::from_arcs(13, &arcs, false).unwrap();
    let options = PathOptions { k: 2, max_hops: 12 };
    let costs = Costs::new(&projection);
    let found = routes_within(&costs, NodeIx(0), &[NodeIx(12)], 0.5, &options, &Default::default());
    assert_eq!((found.count, found.is_exact), (COUNTED, false));
    assert_eq!(found.best, best_routes_by(&costs, NodeIx(0), NodeIx(12), &options));
}

#[test]
fn paths_of_one_cost_come_by_hops_and_then_by_node() {
    // 0–1–4, 0–2–4 and 0–3–4 cost the same; 0–5–6–4 too, with one more hop.
    let half = 0.5_f64;
    let arcs = [
        (0, 3, half),
        (3, 4, half),
        (0, 2, half),
        (2, 4, half),
        (0, 1, half),
        (1, 4, half),
        (0, 5, half),
        (5, 6, half),
        (6, 4, 1.0),
    ];
    let projection = Projection::from_arcs(7, &arcs, false).unwrap();
    let found = routes(&projection, 0, 4, 9, 9);
    assert_eq!(found, [vec![0, 1, 4], vec![0, 2, 4], vec![0, 3, 4], vec![0, 5, 6, 4]]);
    assert_eq!(routes(&projection, 0, 4, 9, 2).len(), 3);
}

#[test]
fn a_shared_source_has_its_sentence_in_both_languages() {
    let of = |voice| SharedSource { voice, hops: vec![0, 2] }.notice();
    let source = of(Voice::Source("s2".into()));
    assert_eq!(source, Message::new("path-shared-source").text("hops", "1, 3").text("source", "s2"));
    for message in [source, of(Voice::Protected(7)), of(Voice::Nobody)] {
        for catalogue in
            [include_str!("../../messages/analysis.en.ftl"), include_str!("../../messages/analysis.zh.ftl")]
        {
            let line =
                catalogue.lines().find(|line| line.starts_with(&format!("{} = ", message.key))).unwrap();
            assert!(message.args.iter().all(|(name, _)| line.contains(&format!("{{ ${name} }}"))), "{line}");
        }
    }
}
