//! Missing ties against the plainest way to say them, on random graphs.

use proptest::prelude::*;

use super::*;
use crate::network::{NodeIx, Projection};

const NODES: u32 = 10;

fn plain(projection: &Projection, from: u32, to: u32, by: Nearby) -> f64 {
    let tied = |a: u32, b: u32| projection.neighbours(NodeIx(a)).contains(&b);
    let many = |a: u32| projection.neighbours(NodeIx(a)).len() as f64;
    let middles = || (0..NODES).filter(|&u| tied(from, u));
    match by {
        Nearby::Common => middles().filter(|&u| tied(u, to)).count() as f64,
        Nearby::AdamicAdar => middles().filter(|&u| tied(u, to)).map(|u| 1.0 / many(u).ln()).sum(),
        Nearby::Allocation => middles().filter(|&u| tied(u, to)).map(|u| 1.0 / many(u)).sum(),
        Nearby::Three => {
            let ways = middles().flat_map(|u| (0..NODES).map(move |v| (u, v)));
            let ways = ways.filter(|&(u, v)| u != to && v != from && tied(u, v) && tied(v, to));
            ways.map(|(u, v)| 1.0 / (many(u) * many(v)).sqrt()).sum()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn scores_are_sums_over_who_is_in_the_middle(
        arcs in proptest::collection::vec((0..NODES, 0..NODES, 0.05_f64..1.0), 0..24),
    ) {
        let projection = Projection::from_arcs(NODES as usize, &arcs, false).unwrap();
        let from: Vec<NodeIx> = projection.nodes().collect();
        for &by in Nearby::ALL {
            for (&from, unsorted) in from.iter().zip(nearby_of_all(&projection, &from, by)) {
                let ours = nearby(&projection, from, by);
                prop_assert!(ours.windows(2).all(|w| (w[1].1, w[0].0) <= (w[0].1, w[1].0) || w[1].1 < w[0].1));
                let mut same = unsorted;
                same.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                prop_assert_eq!(&same, &ours);
                for to in (0..NODES).filter(|&to| to != from.0 && projection.weight(from, NodeIx(to)).is_none()) {
                    let ours = ours.iter().find(|(node, _)| node.0 == to).map_or(0.0, |(_, score)| *score);
                    let plain = plain(&projection, from.0, to, by);
                    prop_assert!((ours - plain).abs() < 1e-12 * plain.max(1.0), "{:?} {} {}", by, ours, plain);
                }
                for (node, score) in ours {
                    prop_assert!(score > 0.0 && node != from && projection.weight(from, node).is_none());
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_side_is_scored_as_the_one_node_it_might_be(
        arcs in proptest::collection::vec((0..NODES, 0..NODES, Just(1.0)), 0..24),
        side in proptest::collection::vec(0..NODES, 0..4),
    ) {
        let projection = Projection::from_arcs(NODES as usize, &arcs, false).unwrap();
        let tied = |a: u32, b: u32| projection.neighbours(NodeIx(a)).contains(&b);
        let nodes: Vec<NodeIx> = side.iter().map(|&node| NodeIx(node)).collect();
        for by in [Nearby::Common, Nearby::AdamicAdar, Nearby::Allocation] {
            let ours = near_sides(&projection, std::slice::from_ref(&nodes), by).remove(0);
            for to in (0..NODES).filter(|to| !side.contains(to)) {
                let middles = (0..NODES).filter(|&u| !side.contains(&u) && tied(u, to) && side.iter().any(|&own| tied(own, u)));
                let weight = |u: u32| {
                    let many = projection.neighbours(NodeIx(u)).len() as f64;
                    match by {
                        Nearby::Common => 1.0,
                        Nearby::AdamicAdar => 1.0 / many.ln(),
                        _ => 1.0 / many,
                    }
                };
                let plain: f64 = middles.map(weight).sum();
                let ours = ours.iter().find(|(node, _)| node.0 == to).map_or(0.0, |(_, score)| *score);
                prop_assert!((ours - plain).abs() < 1e-12, "{:?} {} {}", by, ours, plain);
            }
            prop_assert!(ours.iter().all(|(node, _)| !nodes.contains(node)));
        }
    }
}

#[test]
fn nobody_and_somebody_alone_have_nobody_missing() {
    for nodes in [0, 1] {
        let projection = Projection::from_arcs(nodes, &[], false).unwrap();
        for &by in Nearby::ALL {
            assert!(nearby(&projection, NodeIx(0), by).is_empty());
        }
    }
}
