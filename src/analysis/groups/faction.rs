//! The two factions of somebody's circle, and which of them is his.
//!
//! M. E. J. Newman, *Modularity and community structure in networks*, PNAS 103 (2006): the split in two
//! that has most ties inside beyond what chance would put there follows the signs of the leading
//! eigenvector of the modularity matrix, and is then bettered by moves of single nodes in the way of
//! B. W. Kernighan and S. Lin, *An efficient heuristic procedure for partitioning graphs*, Bell System
//! Technical Journal 49 (1970).

use std::collections::BTreeMap;

use crate::analysis::dice::Dice;
use crate::network::{NodeIx, Projection};

/// A circle in two.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Factions {
    /// The side of whom the circle is about, he among them, in id order.
    pub own: Vec<NodeIx>,
    /// The other side, in id order; empty where no split has more ties inside than chance.
    pub other: Vec<NodeIx>,
    /// How much of all strength is inside the two sides beyond chance, in [0, ½].
    pub modularity: f64,
}

/// Rounds of the power iteration, moves without gain before a pass ends, and passes, at most.
const ROUNDS: usize = 300;
const IDLE: usize = 50;
const PASSES: usize = 20;
/// A gain that is more than rounding.
const GAIN: f64 = 1e-12;

/// Splits the circle of somebody in two: everybody within `hops` of him, whichever way arcs lead, with the
/// strengths of the ties among them. Nobody for a node that is not there.
///
/// Cost: 300 rounds over the ties of the circle, then for each move a look at everybody in it; 64 bytes a
/// node of the circle.
///
/// ```
/// use parasol::analysis::groups::factions;
/// use parasol::network::{NodeIx, Projection};
///
/// // Two triangles and a tie between them: he stands in the first.
/// let arcs = [(0, 1, 0.9), (1, 2, 0.9), (0, 2, 0.9), (3, 4, 0.9), (4, 5, 0.9), (3, 5, 0.9), (0, 3, 0.5)];
/// let split = factions(&Projection::from_arcs(6, &arcs, false)?, NodeIx(0), 2, 1);
/// assert_eq!((split.own, split.other), ([0, 1, 2].map(NodeIx).to_vec(), [3, 4, 5].map(NodeIx).to_vec()));
/// # Ok::<(), parasol::network::ArcsError>(())
/// ```
pub fn factions(projection: &Projection, of: NodeIx, hops: u32, seed: u64) -> Factions {
    let circle = Circle::around(projection, of, hops);
    let mut sides = circle.by_eigenvector(seed);
    for _ in 0..PASSES {
        if !circle.better(&mut sides) {
            break;
        }
    }
    let modularity = circle.modularity(&sides);
    if modularity <= GAIN {
        return Factions { own: circle.nodes, ..Factions::default() };
    }
    let his = circle.at(of).map(|at| sides[at]);
    let (mut own, mut other) = (Vec::new(), Vec::new());
    for (&node, side) in circle.nodes.iter().zip(sides) {
        if Some(side) == his { own.push(node) } else { other.push(node) }
    }
    Factions { own, other, modularity }
}

/// Somebody's circle, numbered anew.
struct Circle {
    /// In id order.
    nodes: Vec<NodeIx>,
    ties: Vec<Vec<(usize, f64)>>,
    /// The strength of each node inside the circle, and of all together.
    strength: Vec<f64>,
    all: f64,
}

impl Circle {
    fn around(projection: &Projection, of: NodeIx, hops: u32) -> Self {
        let near = |node: NodeIx| projection.neighbours(node).iter().chain(projection.sources(node));
        let mut nodes: Vec<NodeIx> =
            Some(of).filter(|of| of.at() < projection.node_count()).into_iter().collect();
        for _ in 0..hops {
            let more: Vec<NodeIx> =
                nodes.iter().flat_map(|&node| near(node).map(|&node| NodeIx(node))).collect();
            let before = nodes.len();
            nodes.extend(more);
            nodes.sort_unstable();
            nodes.dedup();
            if nodes.len() == before {
                break;
            }
        }
        let mut circle = Self { ties: vec![Vec::new(); nodes.len()], strength: Vec::new(), all: 0.0, nodes };
        // A tie that leads one way binds both; two that lead both ways bind twice.
        let mut between: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        for (at, &node) in circle.nodes.iter().enumerate() {
            for hand in projection.leaving(node) {
                let Some(other) = circle.at(hand.neighbour) else { continue };
                *between.entry((at.min(other), at.max(other))).or_default() += hand.weight;
            }
        }
        for ((a, b), weight) in between {
            circle.ties[a].push((b, weight));
            circle.ties[b].push((a, weight));
        }
        circle.strength =
            circle.ties.iter().map(|ties| ties.iter().map(|(_, weight)| weight).sum()).collect();
        circle.all = circle.strength.iter().sum();
        circle
    }

    fn at(&self, node: NodeIx) -> Option<usize> {
        self.nodes.binary_search(&node).ok()
    }

    /// The signs of the leading eigenvector of the modularity matrix.
    fn by_eigenvector(&self, seed: u64) -> Vec<bool> {
        let mut dice = Dice::new(seed, "factions", 0);
        let mut vector: Vec<f64> = self.nodes.iter().map(|_| dice.unit() - 0.5).collect();
        // So much that no eigenvalue is under 0: the leading one is then the greatest.
        let squares: f64 = self.strength.iter().map(|strength| strength * strength).sum();
        let shift =
            self.strength.iter().copied().fold(0.0, f64::max) + squares / self.all.max(f64::MIN_POSITIVE);
        for _ in 0..ROUNDS {
            let along: f64 = self.strength.iter().zip(&vector).map(|(strength, x)| strength * x).sum();
            let along = along / self.all.max(f64::MIN_POSITIVE);
            let row = |(at, ties): (usize, &Vec<(usize, f64)>)| {
                let near: f64 = ties.iter().map(|&(other, weight)| weight * vector[other]).sum();
                near - self.strength[at] * along + shift * vector[at]
            };
            let next: Vec<f64> = self.ties.iter().enumerate().map(row).collect();
            let norm = libm::sqrt(next.iter().map(|x| x * x).sum());
            if norm <= 0.0 {
                break;
            }
            vector = next.into_iter().map(|x| x / norm).collect();
        }
        vector.into_iter().map(|x| x > 0.0).collect()
    }

    /// The share of strength inside the sides, less what chance would put there.
    fn modularity(&self, sides: &[bool]) -> f64 {
        if self.all <= 0.0 {
            return 0.0;
        }
        let sign = |at: usize| if sides[at] { 1.0 } else { -1.0 };
        let inside: f64 = (0..self.nodes.len())
            .map(|at| {
                self.ties[at].iter().map(|&(other, weight)| weight * sign(at) * sign(other)).sum::<f64>()
            })
            .sum();
        let lean: f64 = (0..self.nodes.len()).map(|at| self.strength[at] * sign(at)).sum();
        (inside - lean * lean / self.all) / (2.0 * self.all)
    }

    /// One pass: everybody is moved once at most, whoever gains most (or loses least) first, and what was
    /// best on the way is kept. Whether that is better than before.
    fn better(&self, sides: &mut [bool]) -> bool {
        if self.all <= 0.0 {
            return false;
        }
        let mut sign: Vec<f64> = sides.iter().map(|&side| if side { 1.0 } else { -1.0 }).collect();
        let mut near: Vec<f64> = self
            .ties
            .iter()
            .map(|ties| ties.iter().map(|&(other, weight)| weight * sign[other]).sum())
            .collect();
        let mut lean: f64 = self.strength.iter().zip(&sign).map(|(strength, sign)| strength * sign).sum();
        let mut moved = vec![false; sign.len()];
        let (mut gain, mut best, mut order, mut kept) = (0.0, GAIN, Vec::new(), 0);
        while order.len() - kept < IDLE {
            let gain_of = |at: usize| {
                let (strength, sign) = (self.strength[at], sign[at]);
                2.0 * (strength * (sign * lean - strength) / self.all - sign * near[at]) / self.all
            };
            let next = (0..sign.len()).filter(|&at| !moved[at]).map(|at| (gain_of(at), at));
            let Some((more, at)) = next.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))) else { break };
            gain += more;
            moved[at] = true;
            lean -= 2.0 * self.strength[at] * sign[at];
            sign[at] = -sign[at];
            self.ties[at].iter().for_each(|&(other, weight)| near[other] += 2.0 * weight * sign[at]);
            order.push(at);
            if gain > best {
                (best, kept) = (gain, order.len());
            }
        }
        order.iter().take(kept).for_each(|&at| sides[at] = !sides[at]);
        kept > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Modularity by its definition, over pairs.
    fn plain(projection: &Projection, own: &[NodeIx], other: &[NodeIx]) -> f64 {
        let all: Vec<NodeIx> = own.iter().chain(other).copied().collect();
        let weight = |a: NodeIx, b: NodeIx| projection.weight(a, b).unwrap_or(0.0);
        let strength = |a: NodeIx| all.iter().map(|&b| weight(a, b)).sum::<f64>();
        let whole: f64 = all.iter().map(|&a| strength(a)).sum();
        if whole <= 0.0 {
            return 0.0;
        }
        let side = |a: NodeIx| own.contains(&a);
        let pairs =
            all.iter().flat_map(|&a| all.iter().map(move |&b| (a, b))).filter(|&(a, b)| side(a) == side(b));
        pairs.map(|(a, b)| weight(a, b) - strength(a) * strength(b) / whole).sum::<f64>() / whole
    }

    fn random(dice: &mut Dice, nodes: usize, ties: usize) -> Projection {
        let arcs: Vec<_> = (0..ties)
            .map(|_| (dice.below(nodes) as u32, dice.below(nodes) as u32, 0.1 + 0.1 * dice.below(10) as f64))
            .map(|(a, b, weight)| (a, b, weight.min(1.0)))
            .collect();
        Projection::from_arcs(nodes, &arcs, false).unwrap()
    }

    #[test]
    fn the_split_is_the_best_of_all_or_near_it() {
        let mut dice = Dice::new(1, "factions of random graphs", 0);
        let (mut met, mut all) = (0, 0);
        for _ in 0..2000 {
            let (nodes, ties) = (1 + dice.below(8), dice.below(16));
            let projection = random(&mut dice, nodes, ties);
            let split = factions(&projection, NodeIx(0), 9, 1);
            let circle: Vec<NodeIx> = {
                let mut circle = [split.own.clone(), split.other.clone()].concat();
                circle.sort_unstable();
                circle
            };
            assert!(split.own.contains(&NodeIx(0)));
            assert!((split.modularity - plain(&projection, &split.own, &split.other)).abs() < 1e-9);
            let best = (0..1_u32 << circle.len())
                .map(|set| {
                    let is_in = |at: &usize| set >> at & 1 == 1;
                    let (own, other): (Vec<usize>, Vec<usize>) = (0..circle.len()).partition(is_in);
                    let nodes = |side: Vec<usize>| side.into_iter().map(|at| circle[at]).collect::<Vec<_>>();
                    plain(&projection, &nodes(own), &nodes(other))
                })
                .fold(0.0, f64::max);
            assert!(split.modularity <= best + 1e-9 && split.modularity >= 0.8 * best - 1e-9);
            met += usize::from(split.modularity > best - 1e-9);
            all += 1;
        }
        assert!(met * 100 >= all * 98, "{met} of {all}");
    }

    #[test]
    fn two_planted_factions_are_found_in_a_larger_circle() {
        let mut dice = Dice::new(2, "planted", 0);
        let mut arcs = Vec::new();
        for _ in 0..900 {
            let (a, b) = (dice.below(100) as u32, dice.below(100) as u32);
            if a % 2 == b % 2 || dice.below(10) == 0 {
                arcs.push((a, b, 0.9));
            }
        }
        let projection = Projection::from_arcs(100, &arcs, false).unwrap();
        let split = factions(&projection, NodeIx(4), 9, 1);
        assert_eq!(split.own.len(), 50);
        assert!(split.own.iter().all(|node| node.0 % 2 == 0) && split.modularity > 0.3);
        // One round of ties is a smaller circle.
        assert!(factions(&projection, NodeIx(4), 1, 1).own.len() < 50);
    }

    #[test]
    fn nobody_and_somebody_alone_are_of_one_faction() {
        assert_eq!(factions(&Projection::default(), NodeIx(0), 2, 1), Factions::default());
        let alone = Projection::from_arcs(2, &[], false).unwrap();
        let split = factions(&alone, NodeIx(1), 2, 1);
        assert_eq!((split.own, split.other.len(), split.modularity), (vec![NodeIx(1)], 0, 0.0));
        let three = Projection::from_arcs(3, &[(0, 1, 0.5), (1, 2, 0.5), (0, 2, 0.5)], true).unwrap();
        assert!(factions(&three, NodeIx(1), 2, 1).other.is_empty(), "a triangle has no factions");
    }
}
