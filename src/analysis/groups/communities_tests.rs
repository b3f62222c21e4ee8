//! What is promised of communities, on random graphs and on graphs whose communities are known.

use proptest::prelude::*;

use super::*;
use crate::analysis::dice::Dice;
use crate::network::{NodeIx, Projection};

fn with(quality: Quality, resolution: f64, seed: u64) -> CommunityOptions {
    CommunityOptions { quality, resolution, seed, ..CommunityOptions::default() }
}

/// Quality by its definition, pair by pair.
fn plain_quality(projection: &Projection, of: &[u32], options: &CommunityOptions) -> f64 {
    let weight = |a: NodeIx, b: NodeIx| projection.weight(a, b).unwrap_or(0.0);
    let strength = |a: NodeIx| projection.weights(a).iter().sum::<f64>();
    let total: f64 = projection.nodes().map(strength).sum();
    let mut sum = 0.0;
    for (a, b) in projection.nodes().flat_map(|a| projection.nodes().map(move |b| (a, b))) {
        if of[a.at()] == of[b.at()] {
            sum += match options.quality {
                Quality::Modularity if total == 0.0 => 0.0,
                Quality::Modularity => {
                    (weight(a, b) - options.resolution * strength(a) * strength(b) / total) / total
                }
                Quality::Potts if a < b => weight(a, b) - options.resolution,
                Quality::Potts => 0.0,
            };
        }
    }
    sum
}

fn is_connected(projection: &Projection, of: &[u32], count: usize) -> bool {
    let inside: Vec<(u32, u32, f64)> = projection
        .nodes()
        .flat_map(|a| projection.neighbours(a).iter().map(move |&b| (a.0, b, 1.0)))
        .filter(|&(a, b, _)| of[a as usize] == of[b as usize])
        .collect();
    let inside = Projection::from_arcs(of.len(), &inside, false).unwrap();
    (0..).zip(components(&inside)).filter(|(node, first): &(u32, u32)| node == first).count() == count
}

/// Circles of friends: many ties inside, few between.
fn planted(circles: usize, size: usize, seed: u64) -> Projection {
    let mut dice = Dice::new(seed, "planted", 0);
    let mut arcs = Vec::new();
    for circle in 0..circles {
        for _ in 0..size * 4 {
            let one = |dice: &mut Dice| (circle * size + dice.below(size)) as u32;
            arcs.push((one(&mut dice), one(&mut dice), 0.8));
        }
    }
    let nodes = circles * size;
    (0..nodes / 2).for_each(|_| arcs.push((dice.below(nodes) as u32, dice.below(nodes) as u32, 0.3)));
    Projection::from_arcs(nodes, &arcs, false).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn communities_are_connected_and_no_node_would_move(
        arcs in proptest::collection::vec((0_u32..14, 0_u32..14, 0.05_f64..1.0), 0..40),
        seed in 0_u64..4,
        resolution in 0.2_f64..2.0,
    ) {
        let projection = Projection::from_arcs(14, &arcs, false).unwrap();
        for quality in [Quality::Modularity, Quality::Potts] {
            let options = with(quality, resolution, seed);
            let found = communities(&projection, &options);
            prop_assert!(is_connected(&projection, &found.of, found.count));
            let plain = |of: &[u32]| plain_quality(&projection, of, &options);
            prop_assert!((found.quality - plain(&found.of)).abs() < 1e-9);
            prop_assert!((division_quality(&projection, &found.of, &options) - found.quality).abs() < 1e-9);
            let alone: Vec<u32> = (0..14).collect();
            prop_assert!(found.quality >= plain(&alone) - 1e-9);
            // Numbered in the order of their first nodes.
            let mut most = 0;
            for &of in &found.of {
                prop_assert!(of <= most);
                most = most.max(of + 1);
            }
            prop_assert_eq!(most as usize, found.count);
        }
    }
}

#[test]
fn circles_of_friends_are_found_whatever_the_seed_and_the_threads() {
    let projection = planted(40, 30, 1);
    let truth: Vec<u32> = (0..1200).map(|node| node / 30).collect();
    for seed in 0..5 {
        let options = with(Quality::Modularity, 1.0, seed);
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| communities(&projection, &options))
        };
        let found = run(1);
        assert_eq!(found, run(3));
        assert!(found.quality >= division_quality(&projection, &truth, &options) - 1e-3, "{}", found.quality);
        let options = with(Quality::Potts, 0.08, seed);
        let potts = communities(&projection, &options);
        assert!(potts.quality >= division_quality(&projection, &truth, &options), "{}", potts.quality);
    }
}

#[test]
fn the_resolution_says_how_large_they_are() {
    let projection = planted(20, 10, 2);
    let count = |resolution| communities(&projection, &with(Quality::Modularity, resolution, 1)).count;
    assert!(count(0.05) <= count(1.0) && count(1.0) < count(20.0), "{} {}", count(1.0), count(20.0));
    assert_eq!(communities(&projection, &with(Quality::Potts, 2.0, 1)).count, 200, "nobody is that firm");
}

#[test]
fn nobody_somebody_and_a_long_chain() {
    for nodes in [0, 1, 3] {
        let found = communities(&Projection::from_arcs(nodes, &[], false).unwrap(), &Default::default());
        assert_eq!((found.count, found.quality), (nodes, 0.0));
    }
    let arcs: Vec<_> = (0..20_000).map(|at| (at, at + 1, 1.0)).collect();
    let chain = Projection::from_arcs(20_001, &arcs, false).unwrap();
    let found = communities(&chain, &Default::default());
    assert!(is_connected(&chain, &found.of, found.count) && found.quality > 0.97, "{}", found.quality);
}
