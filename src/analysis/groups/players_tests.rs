//! Key players and brokers, against the plainest way to say them.

use proptest::prelude::*;

use super::*;
use crate::analysis::centrality::{RankOptions, betweenness};
use crate::analysis::dice::Dice;
use crate::network::{NodeIx, Projection};

/// A hundred people in ten circles; circles are joined by a tie or two, and a few hubs know many.
fn hundred(seed: u64) -> Projection {
    let mut dice = Dice::new(seed, "hundred", 0);
    let mut arcs = Vec::new();
    for circle in 0..10_u32 {
        for _ in 0..18 {
            let one = |dice: &mut Dice| circle * 10 + dice.below(10) as u32;
            arcs.push((one(&mut dice), one(&mut dice), 0.8));
        }
    }
    (0..18).for_each(|_| arcs.push((dice.below(100) as u32, dice.below(100) as u32, 0.5)));
    Projection::from_arcs(100, &arcs, false).unwrap()
}

/// The share of ordered pairs of those who remain that cannot reach each other without a set.
fn apart(projection: &Projection, set: &[NodeIx]) -> f64 {
    let nodes = projection.node_count();
    let is_left = |node: u32| !set.contains(&NodeIx(node));
    let arcs: Vec<_> = projection
        .nodes()
        .flat_map(|a| projection.neighbours(a).iter().map(move |&b| (a.0, b, 1.0)))
        .filter(|&(a, b, _)| is_left(a) && is_left(b))
        .collect();
    let first = components(&Projection::from_arcs(nodes, &arcs, false).unwrap());
    let together = |a: u32, b: u32| a != b && first[a as usize] == first[b as usize];
    let all = (0..nodes as u32).flat_map(|a| (0..nodes as u32).map(move |b| (a, b)));
    let left = all.filter(|&(a, b)| is_left(a) && is_left(b) && together(a, b)).count();
    let remain = nodes - set.len();
    1.0 - left as f64 / (remain * (remain - 1)) as f64
}

fn highest_betweenness(projection: &Projection, size: usize) -> Vec<NodeIx> {
    let values = betweenness(projection, &RankOptions::default()).unwrap();
    let mut nodes: Vec<NodeIx> = projection.nodes().collect();
    nodes.sort_by(|a, b| values[b.at()].total_cmp(&values[a.at()]));
    nodes.truncate(size);
    nodes
}

#[test]
fn key_players_part_more_than_the_highest_betweenness() {
    let mut better = 0;
    for seed in 0..5 {
        let projection = hundred(seed);
        let everybody: Vec<NodeIx> = projection.nodes().collect();
        let players = to_fragment(&projection, &everybody, 5, &RankOptions::default()).unwrap();
        assert!((players.value - apart(&projection, &players.nodes)).abs() < 1e-12);
        assert!((players.before - apart(&projection, &[])).abs() < 1e-12);
        let plain = apart(&projection, &highest_betweenness(&projection, 5));
        assert!(players.value >= plain - 1e-12, "{} {plain}", players.value);
        better += usize::from(players.value > plain + 0.01);
    }
    assert!(better >= 4, "{better}");
}

#[test]
fn key_players_reach_more_than_the_highest_betweenness() {
    for seed in 0..5 {
        let projection = hundred(seed);
        let everybody: Vec<NodeIx> = projection.nodes().collect();
        for hops in [1, 2] {
            let players = to_reach(&projection, &everybody, 5, hops);
            let near = |set: &[NodeIx]| {
                let mut near: Vec<u32> = set.iter().map(|node| node.0).collect();
                for _ in 0..hops {
                    let more: Vec<u32> =
                        near.iter().flat_map(|&n| projection.neighbours(NodeIx(n)).iter().copied()).collect();
                    near.extend(more);
                    near.sort_unstable();
                    near.dedup();
                }
                near.len() as f64 / 100.0
            };
            assert!((players.value - near(&players.nodes)).abs() < 1e-12);
            assert!(players.value > near(&highest_betweenness(&projection, 5)), "{}", players.value);
        }
    }
}

#[test]
fn nobody_to_choose_from_is_no_player() {
    let none = to_fragment(&Projection::default(), &[], 3, &RankOptions::default()).unwrap();
    assert_eq!((none.nodes.len(), none.value), (0, 0.0));
    let alone = Projection::from_arcs(1, &[], false).unwrap();
    let one = to_fragment(&alone, &[NodeIx(0)], 3, &RankOptions::default()).unwrap();
    assert_eq!((one.value, one.before), (0.0, 0.0), "there are no pairs");
    assert!(to_reach(&Projection::default(), &[], 3, 2).nodes.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn one_player_is_the_best_of_all(
        arcs in proptest::collection::vec((0_u32..10, 0_u32..10, Just(1.0)), 0..16),
    ) {
        let projection = Projection::from_arcs(10, &arcs, false).unwrap();
        let everybody: Vec<NodeIx> = projection.nodes().collect();
        let players = to_fragment(&projection, &everybody, 1, &RankOptions::default()).unwrap();
        let best = everybody.iter().map(|&node| apart(&projection, &[node])).fold(0.0, f64::max);
        prop_assert!((players.value - best).abs() < 1e-12, "{} {}", players.value, best);
    }

    #[test]
    fn brokers_of_arcs_pass_on_what_has_no_straight_way(
        arcs in proptest::collection::vec((0_u32..9, 0_u32..9, Just(1.0)), 0..32),
        group in proptest::collection::vec(proptest::option::of(0_u32..3), 9),
    ) {
        let projection = Projection::from_arcs(9, &arcs, true).unwrap();
        let leads = |a: u32, b: u32| projection.weight(NodeIx(a), NodeIx(b)).is_some();
        let ours = brokerage(&projection, &group).unwrap();
        for broker in 0..9_u32 {
            let mut plain = Roles::default();
            for (a, c) in (0..9_u32).flat_map(|a| (0..9).map(move |c| (a, c))) {
                let of = |node: u32| group[node as usize];
                let (Some(own), Some(from), Some(to)) = (of(broker), of(a), of(c)) else { continue };
                if a == c || !leads(a, broker) || !leads(broker, c) || leads(a, c) {
                    continue;
                }
                let role = match (own == from, own == to) {
                    (true, true) => &mut plain.coordinator,
                    (true, false) => &mut plain.representative,
                    (false, true) => &mut plain.gatekeeper,
                    (false, false) if from == to => &mut plain.itinerant,
                    (false, false) => &mut plain.liaison,
                };
                *role += 1;
            }
            prop_assert_eq!(ours[broker as usize], plain);
        }
    }

    #[test]
    fn brokers_stand_between_pairs_that_are_not_tied(
        arcs in proptest::collection::vec((0_u32..9, 0_u32..9, Just(1.0)), 0..24),
        group in proptest::collection::vec(proptest::option::of(0_u32..3), 9),
    ) {
        let projection = Projection::from_arcs(9, &arcs, false).unwrap();
        let tied = |a: u32, b: u32| projection.weight(NodeIx(a), NodeIx(b)).is_some();
        let ours = brokerage(&projection, &group).unwrap();
        for broker in 0..9_u32 {
            let mut plain = Roles::default();
            for (a, b) in (0..9_u32).flat_map(|a| (0..a).map(move |b| (a, b))) {
                let (own, one, other) = (group[broker as usize], group[a as usize], group[b as usize]);
                if !tied(broker, a) || !tied(broker, b) || tied(a, b) || own.is_none() || one.is_none() || other.is_none() {
                    continue;
                }
                if own == one && own == other {
                    plain.coordinator += 1;
                } else if one == other {
                    plain.itinerant += 1;
                } else if own == one || own == other {
                    plain.gatekeeper += 1;
                } else {
                    plain.liaison += 1;
                }
            }
            prop_assert_eq!(ours[broker as usize], plain);
        }
    }
}
