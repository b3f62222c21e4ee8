//! Each measure against the plainest way to say it, on random graphs.

use proptest::prelude::*;

use super::*;
use crate::network::Projection;

const NODES: usize = 9;

type Matrix = Vec<Vec<f64>>;

fn arcs() -> impl Strategy<Value = Vec<(u32, u32, f64)>> {
    proptest::collection::vec((0..NODES as u32, 0..NODES as u32, 0.05_f64..1.0), 0..24)
}

/// Weights as a table; 0 where there is no arc.
fn matrix(projection: &Projection) -> Matrix {
    let weight = |a: usize, b: usize| projection.weight(NodeIx(a as u32), NodeIx(b as u32)).unwrap_or(0.0);
    (0..NODES).map(|a| (0..NODES).map(|b| weight(a, b)).collect()).collect()
}

/// Hops between all pairs (Floyd and Warshall), and how many shortest paths there are.
fn hops_and_paths(weights: &Matrix) -> (Matrix, Matrix) {
    let far = f64::INFINITY;
    let start = |a: usize, b: usize| {
        if a == b {
            0.0
        } else if weights[a][b] > 0.0 {
            1.0
        } else {
            far
        }
    };
    let mut hops: Matrix = (0..NODES).map(|a| (0..NODES).map(|b| start(a, b)).collect()).collect();
    for over in 0..NODES {
        for a in 0..NODES {
            for b in 0..NODES {
                hops[a][b] = hops[a][b].min(hops[a][over] + hops[over][b]);
            }
        }
    }
    let mut paths: Matrix = (0..NODES).map(|a| (0..NODES).map(|b| f64::from(a == b)).collect()).collect();
    for length in 1..NODES {
        for a in 0..NODES {
            for b in (0..NODES).filter(|&b| hops[a][b] == length as f64) {
                let last = (0..NODES).filter(|&c| weights[c][b] > 0.0 && hops[a][c] + 1.0 == hops[a][b]);
                paths[a][b] = last.map(|c| paths[a][c]).sum();
            }
        }
    }
    (hops, paths)
}

fn near_to(ours: &[f64], plain: &[f64]) -> bool {
    ours.len() == plain.len() && ours.iter().zip(plain).all(|(a, b)| (a - b).abs() <= 1e-8 * b.abs().max(1.0))
}

/// The stationary ranks by solving the equations (Gauss and Jordan).
fn solved_pagerank(weights: &Matrix, restart: &[f64]) -> Vec<f64> {
    let mut rows: Matrix = (0..NODES)
        .map(|to| {
            let step = |from: usize| {
                let out: f64 = weights[from].iter().sum();
                if out > 0.0 { weights[from][to] / out } else { restart[to] }
            };
            let left = (0..NODES).map(|from| f64::from(from == to) - DAMPING * step(from));
            left.chain([(1.0 - DAMPING) * restart[to]]).collect()
        })
        .collect();
    for at in 0..NODES {
        let pivot = (at..NODES).max_by(|&a, &b| rows[a][at].abs().total_cmp(&rows[b][at].abs())).unwrap();
        rows.swap(at, pivot);
        for other in (0..NODES).filter(|&other| other != at) {
            let (factor, from) = (rows[other][at] / rows[at][at], rows[at].clone());
            rows[other].iter_mut().zip(from).for_each(|(value, from)| *value -= factor * from);
        }
    }
    (0..NODES).map(|at| rows[at][NODES] / rows[at][at]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn degree_and_strength_count_and_add_rows(arcs in arcs()) {
        let projection = Projection::from_arcs(NODES, &arcs, false).unwrap();
        let weights = matrix(&projection);
        let counts: Vec<f64> = weights.iter().map(|row| row.iter().filter(|&&w| w > 0.0).count() as f64).collect();
        let sums: Vec<f64> = weights.iter().map(|row| row.iter().sum()).collect();
        prop_assert!(near_to(&degree(&projection, &RankOptions::default()).unwrap(), &counts));
        prop_assert!(near_to(&strength(&projection, &RankOptions::default()).unwrap(), &sums));
    }

    #[test]
    fn betweenness_is_the_share_of_shortest_paths(arcs in arcs(), directed: bool) {
        let projection = Projection::from_arcs(NODES, &arcs, directed).unwrap();
        let (hops, paths) = hops_and_paths(&matrix(&projection));
        let mut plain = vec![0.0; NODES];
        for (a, b) in (0..NODES).flat_map(|a| (0..NODES).map(move |b| (a, b))) {
            for over in (0..NODES).filter(|&over| over != a && over != b && hops[a][b].is_finite()) {
                if a != b && hops[a][over] + hops[over][b] == hops[a][b] {
                    plain[over] += paths[a][over] * paths[over][b] / paths[a][b];
                }
            }
        }
        if !directed {
            plain.iter_mut().for_each(|value| *value /= 2.0);
        }
        prop_assert!(near_to(&betweenness(&projection, &RankOptions::default()).unwrap(), &plain));
    }

    #[test]
    fn closeness_adds_one_over_hops(arcs in arcs(), directed: bool) {
        let projection = Projection::from_arcs(NODES, &arcs, directed).unwrap();
        let (hops, _) = hops_and_paths(&matrix(&projection));
        let sum = |a: usize| (0..NODES).filter(|&b| b != a).map(|b| 1.0 / hops[a][b]).sum();
        let plain: Vec<f64> = (0..NODES).map(sum).collect();
        prop_assert!(near_to(&closeness(&projection, &RankOptions::default()).unwrap(), &plain));
    }

    #[test]
    fn pagerank_solves_its_equations(arcs in arcs(), directed: bool, from in proptest::collection::vec(0..NODES, 1..4)) {
        let projection = Projection::from_arcs(NODES, &arcs, directed).unwrap();
        let weights = matrix(&projection);
        let everywhere = vec![1.0 / NODES as f64; NODES];
        prop_assert!(near_to(&pagerank(&projection, &RankOptions::default()).unwrap(), &solved_pagerank(&weights, &everywhere)));
        let mut seeds = from;
        seeds.sort_unstable();
        seeds.dedup();
        let restart: Vec<f64> =
            (0..NODES).map(|at| f64::from(seeds.contains(&at)) / seeds.len() as f64).collect();
        let from = seeds.iter().map(|&at| NodeIx(at as u32)).collect();
        let ours = personalised_pagerank(&projection, &RankOptions { from, ..RankOptions::default() }).unwrap();
        prop_assert!(near_to(&ours, &solved_pagerank(&weights, &restart)));
    }

    #[test]
    fn an_eigenvector_is_scaled_by_its_matrix(arcs in arcs()) {
        let projection = Projection::from_arcs(NODES, &arcs, false).unwrap();
        let weights = matrix(&projection);
        let ours = eigenvector(&projection, &RankOptions::default()).unwrap();
        let times = |vector: &[f64]| -> Vec<f64> {
            weights.iter().map(|row| row.iter().zip(vector).map(|(w, v)| w * v).sum()).collect()
        };
        let scaled = times(&ours);
        let eigenvalue: f64 = scaled.iter().zip(&ours).map(|(a, b)| a * b).sum();
        prop_assert!(near_to(&scaled, &ours.iter().map(|value| value * eigenvalue).collect::<Vec<_>>()));
        prop_assert!(ours.iter().all(|&value| value >= 0.0));
        // No eigenvalue is greater: a thousand steps from equal values reach none that is.
        let mut vector = vec![1.0; NODES];
        for _ in 0..1000 {
            let next: Vec<f64> = times(&vector).iter().zip(&vector).map(|(a, b)| a + b).collect();
            let norm = next.iter().map(|v| v * v).sum::<f64>().sqrt();
            vector = next.into_iter().map(|v| v / norm).collect();
        }
        let greatest: f64 = times(&vector).iter().zip(&vector).map(|(a, b)| a * b).sum();
        prop_assert!(eigenvalue >= greatest - 1e-8, "{} {}", eigenvalue, greatest);
    }

    #[test]
    fn katz_solves_its_equations(arcs in arcs(), directed: bool) {
        let projection = Projection::from_arcs(NODES, &arcs, directed).unwrap();
        let weights = matrix(&projection);
        let into = |to: usize| (0..NODES).map(|from| weights[from][to]).sum::<f64>();
        let most = (0..NODES).map(into).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
        let ours = katz(&projection, &RankOptions::default()).unwrap();
        let again = |to: usize| {
            1.0 + 0.85 / most * (0..NODES).map(|from| weights[from][to] * ours[from]).sum::<f64>()
        };
        prop_assert!(near_to(&ours, &(0..NODES).map(again).collect::<Vec<_>>()));
    }

    #[test]
    fn katz_from_somebody_solves_its_equations(
        arcs in arcs(), directed: bool, from in proptest::collection::vec(0..NODES, 1..3),
    ) {
        let projection = Projection::from_arcs(NODES, &arcs, directed).unwrap();
        let weights = matrix(&projection);
        let into = |to: usize| (0..NODES).map(|from| weights[from][to]).sum::<f64>();
        let most = (0..NODES).map(into).fold(0.0, f64::max);
        let less = if most > 0.0 { 0.85 / most } else { 0.85 };
        // Way by way: what is at each node after so many hops.
        let mut at: Vec<f64> = (0..NODES).map(|node| f64::from(from.contains(&node))).collect();
        let mut plain = vec![0.0; NODES];
        for _ in 0..400 {
            at = (0..NODES).map(|to| less * (0..NODES).map(|from| weights[from][to] * at[from]).sum::<f64>()).collect();
            plain.iter_mut().zip(&at).for_each(|(sum, at)| *sum += at);
        }
        for &node in &from {
            let tied = |to: &usize| weights[node][*to] > 0.0 || weights[*to][node] > 0.0;
            (0..NODES).filter(|to| *to == node || tied(to)).for_each(|to| plain[to] = 0.0);
        }
        let from = from.into_iter().map(|node| NodeIx(node as u32)).collect();
        let ours = katz_from(&projection, &RankOptions { from, ..RankOptions::default() }).unwrap();
        prop_assert!(near_to(&ours, &plain), "{:?} {:?}", ours, plain);
    }

    #[test]
    fn constraint_and_effective_size_are_burts(arcs in arcs(), directed: bool) {
        let projection = Projection::from_arcs(NODES, &arcs, directed).unwrap();
        let mut weights = matrix(&projection);
        if directed {
            let one_way = weights.clone();
            (0..NODES).for_each(|a| (0..NODES).for_each(|b| weights[a][b] = one_way[a][b] + one_way[b][a]));
        }
        let share = |a: usize, b: usize| {
            let all: f64 = weights[a].iter().sum();
            if all > 0.0 { weights[a][b] / all } else { 0.0 }
        };
        let most = |a: usize| weights[a].iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        let others = |a: usize, b: usize| (0..NODES).filter(move |&q| q != a && q != b);
        let near = |a: usize| (0..NODES).filter(|&b| weights[a][b] > 0.0).collect::<Vec<_>>();
        let depends = |a: usize, b: usize| {
            let over: f64 = others(a, b).map(|q| share(a, q) * share(q, b)).sum();
            (share(a, b) + over) * (share(a, b) + over)
        };
        let alike = |a: usize, b: usize| {
            1.0 - others(a, b).map(|q| share(a, q) * weights[b][q] / most(b)).sum::<f64>()
        };
        let plain: Vec<f64> = (0..NODES).map(|a| near(a).into_iter().map(|b| depends(a, b)).sum()).collect();
        prop_assert!(near_to(&constraint(&projection, &RankOptions::default()).unwrap(), &plain));
        let plain: Vec<f64> = (0..NODES).map(|a| near(a).into_iter().map(|b| alike(a, b)).sum()).collect();
        prop_assert!(near_to(&effective_size(&projection, &RankOptions::default()).unwrap(), &plain));
    }

    #[test]
    fn clustering_of_arcs_is_fagiolos(arcs in arcs()) {
        let projection = Projection::from_arcs(NODES, &arcs, true).unwrap();
        let weights = matrix(&projection);
        let arc = |a: usize, b: usize| f64::from(u8::from(weights[a][b] > 0.0));
        let both = |a: usize, b: usize| arc(a, b) + arc(b, a);
        let plain: Vec<f64> = (0..NODES)
            .map(|a| {
                let pairs = (0..NODES).flat_map(|b| (0..NODES).map(move |c| (b, c)));
                let cubed: f64 = pairs.map(|(b, c)| both(a, b) * both(b, c) * both(c, a)).sum();
                let degree: f64 = (0..NODES).map(|b| both(a, b)).sum();
                let mutual: f64 = (0..NODES).map(|b| arc(a, b) * arc(b, a)).sum();
                if cubed > 0.0 { cubed / (2.0 * (degree * (degree - 1.0) - 2.0 * mutual)) } else { 0.0 }
            })
            .collect();
        prop_assert!(near_to(&clustering(&projection, &RankOptions::default()).unwrap(), &plain));
        let undirected = Projection::from_arcs(NODES, &arcs, false).unwrap();
        let options = RankOptions::default();
        prop_assert_eq!(triangles_of(&projection, &options), triangles_of(&undirected, &options));
    }

    #[test]
    fn triangles_are_found_corner_by_corner(arcs in arcs()) {
        let projection = Projection::from_arcs(NODES, &arcs, false).unwrap();
        let weights = matrix(&projection);
        let tied = |a: usize, b: usize| weights[a][b] > 0.0;
        let mut plain = vec![0; NODES];
        for (a, b, c) in (0..NODES).flat_map(|a| (0..a).flat_map(move |b| (0..b).map(move |c| (a, b, c)))) {
            if tied(a, b) && tied(b, c) && tied(a, c) {
                [a, b, c].into_iter().for_each(|corner| plain[corner] += 1);
            }
        }
        prop_assert_eq!(&triangles(&projection).unwrap(), &plain);
        prop_assert_eq!(triangle_count(&projection).unwrap(), plain.iter().sum::<u64>() / 3);
        let pairs = |a: usize| {
            let near = (0..NODES).filter(|&b| tied(a, b)).count() as f64;
            (near * (near - 1.0) / 2.0).max(1.0)
        };
        let shares: Vec<f64> = (0..NODES).map(|a| plain[a] as f64 / pairs(a)).collect();
        prop_assert!(near_to(&clustering(&projection, &RankOptions::default()).unwrap(), &shares));
    }
}

#[test]
fn hubs_are_searched_for_as_they_are_walked() {
    // A hub whom everybody knows, and a few who know each other: both ways of closing a triangle.
    let mut arcs: Vec<_> = (1..400).map(|node| (0, node, 0.5)).collect();
    arcs.extend([(1, 2, 0.7), (2, 3, 0.9), (1, 3, 0.2)]);
    let projection = Projection::from_arcs(400, &arcs, false).unwrap();
    let values = constraint(&projection, &RankOptions::default()).unwrap();
    // Of 4 what he gives to the hub is all; of 1 the hub, 2 and 3, each also by way of the others.
    assert!((values[4] - 1.0).abs() < 1e-12);
    let share = |own: f64, all: f64| own / all;
    let (one, two, three, hub) = (0.5 + 0.7 + 0.2, 0.5 + 0.7 + 0.9, 0.5 + 0.9 + 0.2, 399.0 * 0.5);
    let to_hub = share(0.5, one) + share(0.7, one) * share(0.5, two) + share(0.2, one) * share(0.5, three);
    let to_two = share(0.7, one) + share(0.5, one) * share(0.5, hub) + share(0.2, one) * share(0.9, three);
    let to_three = share(0.2, one) + share(0.5, one) * share(0.5, hub) + share(0.7, one) * share(0.9, two);
    let sum = to_hub * to_hub + to_two * to_two + to_three * to_three;
    assert!((values[1] - sum).abs() < 1e-12, "{} {sum}", values[1]);
    assert_eq!(triangles(&projection).unwrap()[..4], [3, 3, 3, 3]);
}
