//! Eigenvector centrality: somebody counts for as much as his neighbours count.
//!
//! P. Bonacich, *Factoring and weighting approaches to status scores and clique identification*,
//! Journal of Mathematical Sociology 2 (1972).

use super::{RankError, RankOptions};
use crate::network::{NodeIx, Projection};

/// How far the vector may be from its limit (2-norm).
const REST: f64 = 1e-11;
/// How many rounds at least before one gives up, and how many looks at an arc.
const ROUNDS: usize = 20_000;
const LOOKS: usize = 400_000_000;
/// The share of the eigenvalue that is added to the diagonal, so that a network of two sides
/// (people and companies) does not swing for ever.
const SHIFT: f64 = 0.25;
/// Eigenvalues nearer than this, relatively, are the same.
const SAME: f64 = 1e-10;

/// The eigenvector of the weights' greatest eigenvalue: non-negative, 2-norm 1. The component with
/// the greatest eigenvalue has it all, everybody else 0; components that tie share it in
/// proportion to the sums of their vectors (what power iteration from equal values tends to). All 0
/// where there is no tie.
///
/// By power iteration with a shift, component by component. Cost: rounds over the arcs, from tens to
/// thousands, more the nearer the second eigenvalue is to the first.
///
/// ```
/// use parasol::analysis::centrality::eigenvector;
/// use parasol::network::Projection;
///
/// // A hub with four leaves: each leaf is half of the hub.
/// let arcs = [(0, 1, 1.0), (0, 2, 1.0), (0, 3, 1.0), (0, 4, 1.0)];
/// let star = Projection::from_arcs(5, &arcs, false)?;
/// let values = eigenvector(&star, &Default::default())?;
/// assert!((values[0] - 0.5_f64.sqrt()).abs() < 1e-9);
/// assert!((values[1] * 2.0 - values[0]).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn eigenvector(projection: &Projection, _: &RankOptions) -> Result<Vec<f64>, RankError> {
    if projection.is_directed() {
        return Err(RankError::Directed);
    }
    let mut values = vec![0.0; projection.node_count()];
    let mut parts: Vec<(f64, Vec<u32>)> = components(projection)
        .into_iter()
        .filter(|part| part.len() > 1)
        .map(|part| (at_least(projection, &part), part))
        .collect();
    // The likely winner first: the others then give up early.
    parts.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let mut best = parts.first().map_or(0.0, |(bound, _)| *bound);
    let mut winners: Vec<(f64, Vec<u32>, Vec<f64>)> = Vec::new();
    let mut local = vec![u32::MAX; projection.node_count()];
    for (_, part) in parts {
        let Some((eigenvalue, vector)) = perron(projection, &part, &mut local, best)? else { continue };
        best = f64::max(best, eigenvalue);
        winners.push((eigenvalue, part, vector));
        winners.retain(|(eigenvalue, ..)| *eigenvalue >= best * (1.0 - SAME));
    }
    winners.sort_by(|a, b| a.1.cmp(&b.1));
    for (_, part, vector) in &winners {
        let share: f64 = vector.iter().sum();
        part.iter().zip(vector).for_each(|(&node, value)| values[node as usize] = share * value);
    }
    normalise(&mut values);
    Ok(values)
}

/// The nodes of each component, in order.
fn components(projection: &Projection) -> Vec<Vec<u32>> {
    let mut seen = vec![false; projection.node_count()];
    let mut parts = Vec::new();
    for node in projection.nodes() {
        if std::mem::replace(&mut seen[node.at()], true) {
            continue;
        }
        let mut part = vec![node.0];
        let mut at = 0;
        while let Some(&here) = part.get(at) {
            for &other in projection.neighbours(NodeIx(here)) {
                if !std::mem::replace(&mut seen[other as usize], true) {
                    part.push(other);
                }
            }
            at += 1;
        }
        part.sort_unstable();
        parts.push(part);
    }
    parts
}

/// A bound that a component's eigenvalue is not under: that of its greatest star, and the mean
/// strength.
fn at_least(projection: &Projection, part: &[u32]) -> f64 {
    let weights = |&node: &u32| projection.weights(NodeIx(node));
    let star = |node| weights(node).iter().map(|weight| weight * weight).sum::<f64>().sqrt();
    let mean = part.iter().flat_map(weights).sum::<f64>() / part.len() as f64;
    part.iter().map(star).fold(mean, f64::max)
}

/// The greatest eigenvalue of a component, and its vector; `None` as soon as it is known to be
/// under `best`, for no eigenvalue is over the greatest of (A x) / x (Collatz 1942).
fn perron(
    projection: &Projection,
    part: &[u32],
    local: &mut [u32],
    best: f64,
) -> Result<Option<(f64, Vec<f64>)>, RankError> {
    for (at, &node) in part.iter().enumerate() {
        local[node as usize] = at as u32;
    }
    let arcs: usize = part.iter().map(|&node| projection.neighbours(NodeIx(node)).len()).sum();
    let rounds = ROUNDS.max(LOOKS / arcs.max(1));
    let mut vector = vec![1.0 / (part.len() as f64).sqrt(); part.len()];
    let mut before = f64::INFINITY;
    for _ in 0..rounds {
        let mut next = times(projection, part, local, &vector);
        let eigenvalue: f64 = next.iter().zip(&vector).map(|(a, b)| a * b).sum();
        let at_most = next.iter().zip(&vector).map(|(a, b)| a / b).fold(0.0, f64::max);
        if at_most < best * (1.0 - SAME) {
            return Ok(None);
        }
        next.iter_mut().zip(&vector).for_each(|(next, value)| *next += SHIFT * eigenvalue * value);
        normalise(&mut next);
        let moved = next.iter().zip(&vector).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt();
        vector = next;
        if at_rest(moved, before) {
            return Ok(Some((eigenvalue, vector)));
        }
        before = moved;
    }
    Err(RankError::Unsettled(rounds))
}

/// The weights of a component times a vector over its nodes.
fn times(projection: &Projection, part: &[u32], local: &[u32], vector: &[f64]) -> Vec<f64> {
    let row = |&node: &u32| {
        let (to, weights) = (projection.neighbours(NodeIx(node)), projection.weights(NodeIx(node)));
        let terms = to.iter().zip(weights).map(|(&to, weight)| weight * vector[local[to as usize] as usize]);
        terms.sum::<f64>()
    };
    part.iter().map(row).collect()
}

/// Whether what is still to come, moves shrinking as they do, is less than [`REST`].
fn at_rest(moved: f64, before: f64) -> bool {
    let shrinks = moved / before;
    moved < 1e-15 || (shrinks < 1.0 && moved * shrinks / (1.0 - shrinks) < REST && before.is_finite())
}

fn normalise(vector: &mut [f64]) {
    let norm = vector.iter().map(|value| value * value).sum::<f64>().sqrt();
    if norm > 0.0 {
        vector.iter_mut().for_each(|value| *value /= norm);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_component_with_the_greatest_eigenvalue_has_it_all_and_equal_ones_share() {
        let arcs = [(0, 1, 1.0), (2, 3, 1.0), (3, 4, 1.0), (2, 4, 1.0)];
        let values = |arcs: &[(u32, u32, f64)]| {
            eigenvector(&Projection::from_arcs(7, arcs, false).unwrap(), &RankOptions::default()).unwrap()
        };
        let third = (1.0_f64 / 3.0).sqrt();
        let near = |found: Vec<f64>, want: [f64; 7]| {
            assert!(found.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-10), "{found:?}");
        };
        near(values(&arcs), [0.0, 0.0, third, third, third, 0.0, 0.0]);
        near(values(&[(0, 1, 1.0), (5, 6, 1.0)]), [0.5, 0.5, 0.0, 0.0, 0.0, 0.5, 0.5]);
        near(values(&[]), [0.0; 7]);
    }

    #[test]
    fn a_long_chain_beside_a_small_clique_does_not_hold_up_the_answer() {
        let chain = (10..3000).map(|at| (at, at + 1, 0.9));
        let clique = [(0, 1, 0.8), (0, 2, 0.8), (0, 3, 0.8), (1, 2, 0.8), (1, 3, 0.8), (2, 3, 0.8)];
        let arcs: Vec<_> = chain.chain(clique).collect();
        let projection = Projection::from_arcs(3001, &arcs, false).unwrap();
        let values = eigenvector(&projection, &RankOptions::default()).unwrap();
        assert!(values[..4].iter().all(|value| (value - 0.5).abs() < 1e-10));
        assert!(values[4..].iter().all(|&value| value == 0.0));
    }

    #[test]
    fn a_chain_comes_to_rest_at_its_sine() {
        let arcs: Vec<_> = (0..59).map(|at| (at, at + 1, 1.0)).collect();
        let projection = Projection::from_arcs(60, &arcs, false).unwrap();
        let values = eigenvector(&projection, &RankOptions::default()).unwrap();
        for (at, value) in values.iter().enumerate() {
            let sine = libm::sin(std::f64::consts::PI * (at + 1) as f64 / 61.0) * (2.0 / 61.0_f64).sqrt();
            assert!((value - sine).abs() < 1e-9, "{at}: {value} {sine}");
        }
    }

    #[test]
    fn ties_that_lead_one_way_are_refused() {
        let projection = Projection::from_arcs(2, &[(0, 1, 1.0)], true).unwrap();
        assert_eq!(eigenvector(&projection, &RankOptions::default()), Err(RankError::Directed));
    }
}
