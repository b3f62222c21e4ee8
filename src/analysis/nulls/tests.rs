//! Draws and what is counted in them, against the plainest way to say it.

use proptest::prelude::*;

use super::*;
use crate::analysis::Watch;
use crate::analysis::centrality::RankOptions;
use crate::analysis::measure;
use crate::model::{Kind, Table, TieType};
use crate::network::samples::{entity, person, said, tie};
use crate::network::{Builder, NodeIx};

const NODES: u32 = 9;

/// Ties, shared others and ways of three hops, pair by pair.
fn plain(projection: &Projection, a: &[NodeIx], b: &[NodeIx]) -> [u64; 3] {
    let tied = |x: NodeIx, y: NodeIx| projection.weight(x, y).is_some();
    let b: Vec<NodeIx> = b.iter().copied().filter(|node| !a.contains(node)).collect();
    let mut once: Vec<NodeIx> = a.to_vec();
    once.sort_unstable();
    once.dedup();
    let a = once;
    let mut b = b;
    b.sort_unstable();
    b.dedup();
    let outside: Vec<NodeIx> =
        projection.nodes().filter(|node| !a.contains(node) && !b.contains(node)).collect();
    let near = |side: &[NodeIx], node: NodeIx| side.iter().any(|&own| tied(own, node));
    let pairs = a.iter().flat_map(|&x| b.iter().map(move |&y| (x, y))).filter(|&(x, y)| tied(x, y)).count();
    let shared = outside.iter().filter(|&&node| near(&a, node) && near(&b, node)).count();
    let ways = outside.iter().flat_map(|&u| outside.iter().map(move |&v| (u, v)));
    let three = ways.filter(|&(u, v)| tied(u, v) && near(&a, u) && near(&b, v)).count();
    [pairs, shared, three].map(|count| count as u64)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn what_is_counted_is_what_there_is_and_draws_are_plain_draws(
        arcs in proptest::collection::vec((0..NODES, 0..NODES, 0.05_f64..1.0), 0..30),
        a in proptest::collection::vec(0..NODES, 1..3), b in proptest::collection::vec(0..NODES, 1..3),
        seed: u64,
    ) {
        let projection = Projection::from_arcs(NODES as usize, &arcs, false).unwrap();
        let margins = Margins::of_projection(&projection);
        let sides = |nodes: &[u32]| nodes.iter().map(|&node| NodeIx(node)).collect::<Vec<_>>();
        let (a, b) = (sides(&a), sides(&b));
        let draws = Draws { count: 7, seed };
        let found = pairs_by_chance(&margins, &[(a.clone(), b.clone())], &draws, &Watch::default()).unwrap();
        let seen = plain(&projection, &a, &b);
        let drawn: Vec<[u64; 3]> = (0..7)
            .map(|draw| plain(&margins.draw(&draws, draw).projection().unwrap(), &a, &b))
            .collect();
        for (at, chance) in found[0].iter().enumerate() {
            prop_assert_eq!(chance.seen, seen[at]);
            let sum: u64 = drawn.iter().map(|drawn| drawn[at]).sum();
            prop_assert!((chance.expected - sum as f64 / 7.0).abs() < 1e-12);
            let as_much = drawn.iter().filter(|drawn| drawn[at] >= seen[at]).count();
            prop_assert!((chance.p - (as_much + 1) as f64 / 8.0).abs() < 1e-12);
        }
    }
}

/// Six people, three companies: shares, payments and calls.
fn network() -> Network {
    let mut builder = Builder::new(None);
    (0..6).for_each(|at| builder.entity(person(&format!("p{at}"))));
    (0..3).for_each(|at| {
        builder.entity(entity(&format!("c{at}"), Table::Organisations, Kind::Company));
    });
    let ties = [
        (TieType::Ownership, "p0", "c0"),
        (TieType::Ownership, "p1", "c0"),
        (TieType::Ownership, "p2", "c1"),
        (TieType::Ownership, "p3", "c2"),
        (TieType::Payment, "p3", "p4"),
        (TieType::Payment, "p4", "p5"),
        (TieType::Payment, "p1", "p2"),
        (TieType::Call, "p0", "p1"),
        (TieType::Call, "p0", "p1"),
        (TieType::Call, "p2", "p3"),
        (TieType::Call, "p4", "p5"),
    ];
    for (at, (ty, from, to)) in ties.into_iter().enumerate() {
        let row = format!("r{at}");
        builder.tie(&tie(ty, from, to, vec![said(&row, "s")]).build()).unwrap();
    }
    builder.build()
}

#[test]
fn everybody_keeps_his_ties_in_each_layer_and_with_each_kind() {
    let network = network();
    let margins = Margins::new(&network, ProjectionOptions::default());
    assert_eq!(margins.classes.len(), 3, "calls, payments between people, shares in companies");
    let degrees = |drawn: &Drawn<'_>| -> Vec<Vec<u32>> {
        let of = |ties: &Vec<[u32; 2]>| {
            let mut many = vec![0; network.node_count()];
            ties.iter().flatten().for_each(|&node| many[node as usize] += 1);
            many
        };
        drawn.ties.iter().map(of).collect()
    };
    let (before, draws) = (degrees(&margins.as_it_is()), Draws::default());
    let mut moved = false;
    for draw in 0..50 {
        let drawn = margins.draw(&draws, draw);
        assert_eq!(degrees(&drawn), before);
        moved |= drawn.ties != margins.as_it_is().ties;
    }
    assert!(moved);
}

#[test]
fn who_has_more_than_his_ties_alone_would_bring_is_found() {
    // A clique of five among sixty who are tied in a ring: triangles are no accident.
    let mut arcs: Vec<_> = (0..60).map(|at| (at, (at + 1) % 60, 0.9)).collect();
    arcs.extend((0..5).flat_map(|a| (0..a).map(move |b| (a * 7, b * 7, 0.9))));
    let margins = Margins::of_projection(&Projection::from_arcs(60, &arcs, false).unwrap());
    let nodes: Vec<NodeIx> = (0..60).map(NodeIx).collect();
    let of = |name: &str, threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let (draws, options) = (Draws { count: 99, seed: 1 }, RankOptions::default());
        let analysis = measure(name).unwrap();
        pool.install(|| ranks_by_chance(&margins, analysis, &options, &nodes, &draws).unwrap())
    };
    let triangles = of("triangles", 2);
    assert!(
        triangles[7].p < 0.05 && triangles[7].q < 0.3 && triangles[7].expected < 3.0,
        "{:?}",
        triangles[7]
    );
    assert_eq!(triangles[3].p, 1.0, "no triangle is no more than chance brings");
    assert_eq!(triangles, of("triangles", 1));
    assert!(of("degree", 1).iter().all(|likely| likely.p == 1.0), "draws keep degrees");
}

#[test]
fn nobody_is_as_chance_would_have_it() {
    let margins = Margins::new(&Network::default(), ProjectionOptions::default());
    let draws = Draws { count: 3, seed: 1 };
    assert_eq!(pairs_by_chance(&margins, &[], &draws, &Watch::default()), Some(vec![]));
    let far = [(vec![NodeIx(5)], vec![NodeIx(7)])];
    let found = pairs_by_chance(&margins, &far, &draws, &Watch::default()).unwrap();
    assert!(found[0].iter().all(|chance| chance.p == 1.0 && chance.expected == 0.0));
    let none = Draws { count: 0, seed: 1 };
    let found = pairs_by_chance(&margins, &far, &none, &Watch::default()).unwrap();
    assert!(found[0].iter().all(|chance| chance.p == 1.0 && chance.expected == 0.0));
    let stopped = Watch::new(|_| false);
    assert_eq!(pairs_by_chance(&margins, &far, &draws, &stopped), None);
}
